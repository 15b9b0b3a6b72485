"""The browser itself, before anything is asked of a page."""

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_live_site_answers_a_real_browser(page: Page):
    answer = page.goto("/readyz")
    assert answer is not None
    assert answer.status == 200


def test_the_login_of_the_admin_looks_as_designed_under_our_content_policy(page: Page):
    page.goto("/admin/login/")
    styled = page.evaluate("getComputedStyle(document.querySelector('#header')).backgroundColor")
    assert styled != "rgba(0, 0, 0, 0)"
