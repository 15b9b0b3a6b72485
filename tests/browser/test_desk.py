"""What an editor does at the desk, in a real browser."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Article
from articles.states import State
from tests.factories import make_article, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "gate-4-at-dawn"
TITLE = "Cranes move again at Calder Reach"


def sign_in(page: Page, role: str) -> None:
    make_user(role, username="ana", password=PASSWORD)
    page.goto("/admin/")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def waiting(**changes) -> Article:
    return make_article(title=TITLE, arrived_at=timezone.now(), quality=80, **changes)


def test_an_editor_publishes_from_the_queue_and_readers_see_it(page: Page):
    waiting()
    sign_in(page, "publisher")
    page.get_by_role("link", name="Open the queue").click()
    page.get_by_role("link", name=TITLE, exact=True).click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text(f"Published: {TITLE}.")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("link", name=TITLE, exact=True)).to_be_visible()
    answer = page.goto(f"/news/{Article.objects.get().slug}/")
    assert answer is not None
    assert answer.status == 200
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)


def test_a_phone_is_enough_to_publish_and_to_spike(page: Page):
    kept, spiked = waiting(), waiting()
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, "publisher")
    for article, button in ((kept, "Publish"), (spiked, "Spike")):
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_role("button", name=button, exact=True).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Article.objects.get(pk=kept.pk).state == State.PUBLISHED
    assert Article.objects.get(pk=spiked.pk).state == State.SPIKED


def test_the_list_s_boxes_and_buttons_decide_together(page: Page):
    waiting()
    waiting()
    sign_in(page, "publisher")
    page.goto("/admin/articles/article/")
    page.locator("#action-toggle").check()
    expect(page.get_by_text("2 of 2 selected")).to_be_visible()
    page.get_by_role("button", name="Publish …").click()
    expect(page.get_by_text("2 stories go live")).to_be_visible()
    page.get_by_role("button", name="Publish: 2").click()
    expect(page.get_by_text("2 published.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 taken back.")).to_be_visible()
    assert set(Article.objects.values_list("state", flat=True)) == {State.NEW}


def test_enter_in_a_field_decides_nothing(page: Page):
    article = waiting()
    sign_in(page, "publisher")
    page.goto("/admin/articles/article/")
    page.locator("#action-toggle").check()
    page.get_by_label("Other acts").press("Enter")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.get_by_label("Link:", exact=True).fill("https://gate-four.example/cranes")
    page.get_by_label("Link:", exact=True).press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    article.refresh_from_db()
    assert (article.state, article.web_url) == (State.NEW, "https://gate-four.example/cranes")


def test_line_ends_of_a_real_browser_are_no_change(page: Page):
    article = waiting(excerpt="one\ntwo\r\nthree\n", body="\n\nA body.\n")
    sign_in(page, "publisher")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()
    after = Article.objects.get()
    assert (after.version, after.excerpt, after.body) == (1, article.excerpt, article.body)


def test_a_phone_decides_from_the_list_and_takes_it_back(page: Page):
    article = waiting()
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, "publisher")
    page.goto("/admin/articles/article/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name=f"Spike: {TITLE}").click()
    expect(page.get_by_text(f"{TITLE}: spiked.")).to_be_visible()
    article.refresh_from_db()
    assert article.state == State.SPIKED
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"{TITLE}: taken back.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
