"""A morning at the queue, in a real browser: nothing that happens to it loses a decision."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Transition
from articles.states import State
from tests.factories import make_article, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "gate-4-at-dawn"
PATIENCE = 20_000
"""Milliseconds: a press is tried again after pauses, and machines may be slow."""
TRIAGE = "/admin/articles/article/triage/"
TITLES = (
    "Cranes move again at Calder Reach",
    "Ferry timetable changes in June",
    "Lighthouse keeper retires",
    "New berth opens for pilots",
    "Storm closes the outer gate",
    "Harbour school wins a prize",
)


def morning() -> None:
    now = timezone.now()
    for place, title in enumerate(TITLES):
        make_article(title=title, arrived_at=now, quality=100 - place)
    make_user("publisher", username="ana", password=PASSWORD)


def sign_in(page: Page) -> None:
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def looks_at(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=PATIENCE)


def told(page: Page, text: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(text, timeout=PATIENCE)


def walk_to_and_fro(page: Page) -> None:
    # The heading stands before the script has run.
    page.wait_for_load_state("load")
    page.keyboard.press("j")
    looks_at(page, TITLES[1])
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.keyboard.press("k")
    looks_at(page, TITLES[0])


def spike_undo_and_spike_again(page: Page) -> None:
    page.keyboard.press("x")
    looks_at(page, TITLES[1])
    page.keyboard.press("u")
    told(page, "Undone")
    looks_at(page, TITLES[0])
    page.get_by_label("Why spike").select_option("old_news")
    page.get_by_label("Comment").fill("pax, a joke")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    told(page, f"Spiked: {TITLES[0]}")
    looks_at(page, TITLES[1])


def publish_through_a_lost_network(page: Page) -> None:
    page.keyboard.press("7")
    told(page, "Quality 70")
    page.context.set_offline(True)
    page.keyboard.press("p")
    told(page, "Not sent yet")
    page.context.set_offline(False)
    looks_at(page, TITLES[2])


def approve_through_an_ended_session(page: Page) -> None:
    Session.objects.all().delete()
    page.keyboard.press("a")
    told(page, "Your session ended")
    page.get_by_role("link", name="Sign in").click()
    sign_in(page)
    told(page, f"Approved: {TITLES[2]}")
    looks_at(page, TITLES[3])


def test_a_morning_by_keyboard_loses_no_decision_and_no_place(page: Page):
    morning()
    page.goto(TRIAGE)
    sign_in(page)
    looks_at(page, TITLES[0])
    walk_to_and_fro(page)
    spike_undo_and_spike_again(page)
    publish_through_a_lost_network(page)
    approve_through_an_ended_session(page)
    page.reload()
    for title in TITLES[3:]:
        looks_at(page, title)
        page.keyboard.press("x")
    looks_at(page, "Nothing waits here")
    states = dict(Article.objects.values_list("title", "state"))
    decided = (State.SPIKED, State.PUBLISHED, State.APPROVED, *[State.SPIKED] * 3)
    assert states == dict(zip(TITLES, decided, strict=True))
    kept = Transition.objects.filter(action="spike", article__title=TITLES[0]).latest("pk")
    assert (kept.comment, kept.reason) == ("pax, a joke", "old_news")
    # Beside one decision each: a quality, and a spike with its undoing.
    assert Transition.objects.count() == len(TITLES) + 3


def test_triage_needs_no_script(chromium: Browser, live_server: LiveServer):
    morning()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(TRIAGE)
    sign_in(page)
    page.get_by_role("link", name="Next").click()
    looks_at(page, TITLES[1])
    page.get_by_role("button", name="Spike").click()
    expect(page.get_by_text(f"Spiked: {TITLES[1]}")).to_be_visible()
    looks_at(page, TITLES[2])
    Session.objects.all().delete()
    page.get_by_label("Comment").fill("dawn")
    page.get_by_role("button", name="Publish").click()
    sign_in(page)
    looks_at(page, TITLES[2])
    expect(page.get_by_label("Comment")).to_have_value("dawn")
    page.get_by_role("button", name="Publish").click()
    looks_at(page, TITLES[3])
    context.close()
    assert Article.objects.get(title=TITLES[2]).state == State.PUBLISHED
