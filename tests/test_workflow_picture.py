"""The picture of the workflow is the table's own."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from articles.desk.drawing import svg
from articles.states import TABLE, State
from tests.factories import make_user

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "workflow.svg"


def test_the_picture_in_the_documentation_is_that_of_the_table(
    capsys: pytest.CaptureFixture[str],
):
    call_command("workflow_picture")
    drawn = capsys.readouterr().out
    assert PICTURE.read_text(encoding="utf-8") == drawn, (
        "manage.py workflow_picture > docs/workflow.svg"
    )


def test_the_picture_names_every_action_and_state_and_needs_no_style():
    root = ElementTree.fromstring(svg())
    said = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {action.value.replace("_", " ") for action in TABLE} <= said
    assert {state.words for state in State} <= said
    assert "style" not in svg(is_alone=True)


@pytest.mark.django_db
def test_everybody_at_the_desk_finds_the_workflow():
    page = reverse("admin:articles_article_workflow")
    assert Client().get(page).status_code == 302
    client = Client()
    client.force_login(make_user("auditor"))
    text = client.get(page).content.decode()
    assert "<svg" in text
    assert "request changes" in text
    client.force_login(make_user())
    assert client.get(page).status_code == 403
