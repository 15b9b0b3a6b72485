"""The demo, as a stranger meets it: a site to read, and a desk that changes it."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
WAITING = "Fennick Flats battery fire contained after eleven hours; 600 people return home"


@pytest.fixture
def password(tmp_path, settings, live_server) -> str:
    """The demo in a checkout of its own; the publisher's password as it prints it."""
    settings.BASE_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    shutil.copytree(FIXTURES, tmp_path / "fixtures")
    out = StringIO()
    call_command("demo", stdout=out)
    lines = [line.split() for line in out.getvalue().splitlines()]
    return next(words[1] for words in lines if words[:1] == ["publisher"])


def test_a_reader_finds_coverage_and_what_a_publisher_publishes_leads_the_front_page(
    page: Page, password: str
):
    page.goto("/")
    lead = page.locator("article.entry.has-thread").first
    title = lead.locator(".headline").inner_text()
    lead.locator("summary").click()
    expect(lead.locator(".lines").get_by_role("link").first).to_be_visible()
    lead.locator("a.permalink").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("heading", level=2).first).to_contain_text("more reports")
    page.goto("/")
    expect(page.get_by_text(WAITING)).to_have_count(0)
    page.goto("/admin/")
    page.get_by_label("Username").fill("publisher")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Open the queue").click()
    page.get_by_role("link", name=WAITING, exact=True).click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text(f"Published: {WAITING}.")).to_be_visible()
    page.goto("/")
    # The browser may keep the page that it has for a minute.
    page.reload()
    lead = page.locator("article.entry").first
    expect(lead.get_by_role("link", name=WAITING, exact=True)).to_be_visible()
    expect(lead.locator("summary")).to_contain_text("Also covered by")
