"""A story worked on by keys, and by buttons where keys are off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article, Person
from tests.factories import make_story, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "gate-4-at-dawn"
TITLES = ("Cranes move again", "The cranes are back", "First crane in a year", "Ferry is late")


def story_of_four() -> list[Article]:
    return make_story(
        *({"title": title, "quality": 90 - place} for place, title in enumerate(TITLES))
    )


def open_story(page: Page, lead: Article) -> None:
    page.goto(f"/admin/articles/story/{lead.story_id}/change/")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state("load")


def members(article: Article) -> set[str]:
    story = Article.objects.values_list("story", flat=True).get(pk=article.pk)
    return set(Article.objects.filter(story=story).values_list("title", flat=True))


def test_every_act_of_a_story_has_a_key(page: Page):
    make_user("editor", username="ana", password=PASSWORD)
    lead, *_, ferry = story_of_four()
    open_story(page, lead)
    for _ in range(4):
        page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Split a story")
    page.get_by_role("button", name="Split").click()
    expect(page.get_by_text("Split off: 2.")).to_be_visible()
    assert members(ferry) == set(TITLES[2:])
    page.keyboard.press("u")
    expect(page.get_by_text("Taken back, as if never split off.")).to_be_visible()
    assert members(ferry) == set(TITLES)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("l")
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLES[1])
    for _ in range(4):
        page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.get_by_text(f"Taken out of the story: {TITLES[3]}")).to_be_visible()
    page.keyboard.press("m")
    expect(page.get_by_label("Another story, by the link of one of its articles")).to_be_focused()
    page.keyboard.type("jxld?")
    assert members(lead) == set(TITLES[:3])


def test_keys_that_were_switched_off_do_nothing(page: Page):
    ana = make_user("editor", username="ana", password=PASSWORD)
    Person.objects.update_or_create(user=ana, defaults={"has_keys": False})
    lead, *_ = story_of_four()
    open_story(page, lead)
    expect(page.get_by_text("Keys", exact=True)).to_have_count(0)
    page.get_by_label(f"Choose {TITLES[1]}").focus()
    page.keyboard.press("d")
    page.get_by_role("button", name=f"Take out: {TITLES[2]}").click()
    expect(page.get_by_text(f"Taken out of the story: {TITLES[2]}")).to_be_visible()
    assert members(lead) == {TITLES[0], TITLES[1], TITLES[3]}
