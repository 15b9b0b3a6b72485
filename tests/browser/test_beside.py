"""What stands beside the article form, in a real browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from articles.models import Article
from articles.workflow import add_note, edit, transition
from tests.factories import make_article, make_story, make_user
from tests.looking import WIDE

from .test_desk import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINK = "https://gate-four.example/cranes"


def test_a_long_story_is_filtered_joined_by_enter_and_read_by_everybody(page: Page):
    lead, *_ = make_story({}, *({"title": f"Crane, the {number}th"} for number in range(13)))
    make_article(title="Cranes at gate four", web_url=LINK)
    sign_in(page, "managing editor")
    page.goto(f"/admin/articles/article/{lead.pk}/change/")
    lines = page.locator(".desk-members > li:visible")
    page.get_by_label("Filter").fill("crane 12th")
    expect(lines).to_have_count(1)
    page.get_by_label("Filter").fill("")
    expect(lines).to_have_count(14)
    page.get_by_label("Add coverage by its link").fill(LINK)
    page.get_by_label("Add coverage by its link").press("Enter")
    expect(page.get_by_text("Joined to this story: Cranes at gate four")).to_be_visible()
    expect(lines.filter(has_text="Cranes at gate four")).to_have_count(1)
    # Enter there sends the small form: the article's own is not saved with it.
    assert not Article.objects.get(pk=lead.pk).transitions.filter(action="edit").exists()
    assert problems(page, lead) == []


def test_what_was_decided_about_the_same_text_stands_in_the_form_by_itself(page: Page):
    title = "Cranes at gate four move again after eleven years of silence"
    spiked = make_article(title=title, web_url="https://wire.example/first")
    transition(spiked, "spike", make_user("publisher"), expected_version=1, comment="press release")
    make_article(title="Cranes move again at gate four, eleven years on", quality=80)
    again = make_article(title=title, web_url="https://other.example/second")
    sign_in(page, "managing editor")
    page.goto(f"/admin/articles/article/{again.pk}/change/")
    beside = page.locator(".beside-suggested")
    expect(beside).to_contain_text("Decided before")
    expect(beside).to_contain_text(": press release")
    expect(beside).to_contain_text("The same piece")
    expect(beside.get_by_role("button")).to_have_count(0)

    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate(WIDE) == []


def problems(page: Page, lead: Article) -> list[str]:
    """What axe finds on the pages under an article with a past, and what a phone cannot hold."""
    ana = make_user("publisher")
    lead.refresh_from_db()
    row = edit(lead, ana, {"title": "Changed"}, expected_version=lead.version)
    add_note(row, ana, "Which quay?", is_blocking=True)
    transition(
        make_article(web_url=row.link), "spike", ana, expected_version=1, comment="press release"
    )
    first = row.revisions.order_by("pk")[0].pk
    here = f"/admin/articles/article/{row.pk}"
    new = "/admin/articles/article/new-link/"
    found = []
    for address in (
        *(f"{here}/revisions/", f"{here}/revisions/{first}/"),
        *(f"{here}/compare/?a={first}&b=now", f"{here}/file/"),
        *(new, f"{new}?url={row.link}?utm_source=a&story={row.pk}"),
    ):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        found += [f"{address}: {one['id']}" for one in Axe().run(page).response["violations"]]
        page.set_viewport_size({"width": 390, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            found.append(f"{address}: too wide")
    return found
