"""Triage among colleagues and within stories: nobody is overlooked, nothing comes back wrong."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from articles.desk import open_forms
from articles.states import State
from tests.factories import make_story, make_user

from .test_triage import TRIAGE, press, waiting

pytestmark = pytest.mark.django_db


def test_who_is_at_the_form_is_named_and_hinders_no_decision(publisher: Client):
    article, ana = waiting(), make_user("editor", first_name="Ana")
    open_forms.keep(article.pk, ana, 1, {"title": ["Half a"]}, timezone.now())
    page = publisher.get(TRIAGE, follow=True).content.decode()
    assert "Ana has it open and typed just now" in page
    press(publisher, "publish")
    article.refresh_from_db()
    assert article.state == State.PUBLISHED


def test_a_spiked_lead_comes_back_and_not_the_one_that_led_meanwhile(editor: Client):
    lead, other = make_story({"arrived_at": timezone.now()}, {"arrived_at": timezone.now()})
    context = press(editor, "spike").context
    assert context["article"].pk == other.pk
    assert (context["last"].article_id, context["last_done"]) == (lead.pk, "spiked")
    sent = {"article": lead.pk, "act": f"undo:{context['last'].pk}"}
    answer = editor.post(context["here"], sent, follow=True)
    assert (answer.context["article"].pk, answer.context["left"]) == (lead.pk, "1")
    assert f"Undone, spiked: {lead.title}<" in answer.content.decode()
    other.refresh_from_db()
    assert not other.is_lead
