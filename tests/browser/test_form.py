"""No keystroke in an article's form is lost, in a real browser."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from articles.models import Article, OpenForm
from articles.states import State
from articles.workflow import edit
from tests.factories import make_article, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "gate-4-at-dawn"
TYPED = "Cranes move again, and the whole quay is out to see it"


@pytest.fixture
def article() -> Article:
    return make_article(title="Cranes move again")


def sign_in(page: Page) -> None:
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="in").click()


def open_form(page: Page, article: Article) -> None:
    if not User.objects.filter(username="ana").exists():
        make_user("publisher", username="ana", password=PASSWORD)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    if page.get_by_label("Username").count():
        sign_in(page)
    expect(page.get_by_label("Title:")).to_be_visible()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_typing_survives_a_session_that_ended(page: Page, article: Article):
    open_form(page, article)
    page.get_by_label("Title:").fill(TYPED)
    Session.objects.all().delete()
    save(page)
    expect(page.get_by_text("You have been signed out.")).to_be_visible()
    expect(page.get_by_text(TYPED)).to_be_visible()
    sign_in(page)
    expect(page.get_by_label("Title:")).to_have_value(TYPED)
    assert Article.objects.get().title != TYPED
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Article.objects.get().title == TYPED


def test_typing_survives_a_page_that_was_closed(page: Page, article: Article):
    open_form(page, article)
    page.get_by_label("Title:").fill(TYPED)
    page.reload()
    expect(page.get_by_text("This browser kept what you typed here")).to_be_visible()
    page.get_by_role("button", name="Put it into the form").click()
    expect(page.get_by_label("Title:")).to_have_value(TYPED)
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Article.objects.get().title == TYPED
    open_form(page, article)
    expect(page.get_by_text("This browser kept what you typed here")).to_be_hidden()
    assert not OpenForm.objects.exclude(typed=None).exists()


def test_a_form_signed_in_again_in_another_tab_is_saved_as_it_is(page: Page, article: Article):
    open_form(page, article)
    page.get_by_label("Title:").fill(TYPED)
    Session.objects.all().delete()
    other = page.context.new_page()
    other.goto("/admin/")
    sign_in(other)
    expect(other.get_by_role("link", name="Open the queue")).to_be_visible()
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Article.objects.get().title == TYPED


def test_of_two_texts_neither_is_lost(page: Page, article: Article):
    open_form(page, article)
    page.get_by_label("Title:").fill("Cranes move today")
    edit(article, make_user("editor"), {"title": "Cranes stand still"}, expected_version=1)
    save(page)
    expect(page.get_by_text("you both changed it")).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    expect(page.get_by_label("Title:", exact=True)).to_have_value("Cranes move today")
    page.get_by_label("Theirs, as saved").check()
    page.get_by_role("button", name="Save with these choices").click()
    expect(page.get_by_label("Title:", exact=True)).to_have_value("Cranes stand still")
    assert Article.objects.get().title == "Cranes stand still"


def test_a_phone_s_bar_leaves_the_screen_to_the_form_and_still_decides(
    page: Page, article: Article
):
    page.set_viewport_size({"width": 390, "height": 844})
    open_form(page, article)
    bar = page.locator(".desk-bar").bounding_box()
    assert bar is not None
    assert bar["height"] <= 844 / 4
    page.get_by_label("More", exact=True).check()
    page.get_by_text("Spike as…").click()
    page.get_by_label("Because").select_option(label="press release")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".form-act[open]").get_by_role("button", name="Spike").click()
    expect(page.get_by_text(f"Spiked: {article.title}")).to_be_visible()
    assert Article.objects.get().state == State.SPIKED
