"""What is no request is refused as such, not met as a fault."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db

TOKEN = "t" * 32


@pytest.fixture
def checked() -> Client:
    """A browser whose forms are checked for their token."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = TOKEN
    return client


@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data; boundary=", "application/x-www-form-urlencoded; charset=utf-16"],
)
def test_a_body_that_cannot_be_read_is_refused(checked: Client, kind: str):
    response = checked.generic("POST", "/about/", b"a=1", content_type=kind)
    assert response.status_code == 400
    assert "That was not understood" in response.content.decode()


def test_a_body_that_cannot_be_read_is_no_fault_where_nothing_is(checked: Client):
    kind = "multipart/form-data; boundary="
    response = checked.generic("POST", "/nowhere/", b"a=1", content_type=kind)
    assert response.status_code == 404


@pytest.mark.parametrize("name", ["~", "1 or 2", "x\x00"])
def test_a_form_of_what_is_no_article_is_refused_without_its_token(checked: Client, name: str):
    checked.force_login(make_user("superuser"))
    response = checked.post(f"/admin/articles/article/{name}/change/", {"title": "x"})
    assert response.status_code == 403
