"""What a managing editor keeps in order, in a real browser: conflicts, imports, people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.exchange import run_import
from articles.models import Article, Notice
from articles.workflow.notices import tell
from tests.content import Piece, put
from tests.factories import make_user
from tests.uploads.packing import zip_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "gate-4-at-dawn"


def is_sound(page: Page) -> None:
    """Nothing that hinders a reader of any kind, and nothing beyond the edge of a phone.

    A click returns when the next page has begun, perhaps before it has its first element.
    """
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 800})


def clash(folder: Path) -> None:
    put(folder, Piece("coast-a"))
    run_import([folder])
    Article.objects.update(title="The quay is open")
    put(folder, Piece("coast-a", title="The quay is shut"))
    run_import([folder])


def decide_a_conflict(page: Page) -> None:
    page.get_by_role("link", name="Conflicts", exact=True).click()
    is_sound(page)
    page.get_by_role("button", name="Take the file's").last.click()
    expect(page.get_by_text("1 done.")).to_be_visible()
    expect(page.get_by_text("No open conflicts")).to_be_visible()


def import_a_zip(page: Page) -> None:
    page.get_by_role("link", name="Uploads").click()
    is_sound(page)
    packed = zip_of({"_news/dune-b.md": Piece("dune-b", published=True).data})
    brought: Any = {"name": "site.zip", "mimeType": "application/zip", "buffer": packed}
    page.get_by_label("Files", exact=True).set_input_files(brought)
    page.get_by_role("button", name="Plan the import").click()
    expect(page.get_by_text("1 would become public")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="Apply this plan").click()
    expect(page.get_by_text("1 became public")).to_be_visible()


def invite_somebody(page: Page) -> None:
    page.get_by_role("link", name="People").click()
    is_sound(page)
    page.get_by_label("Username", exact=True).fill("bo")
    page.get_by_label("editor", exact=True).check()
    page.get_by_role("button", name="Invite").click()
    link = page.get_by_label("Link", exact=True).input_value()
    is_sound(page)
    page.get_by_role("button", name="Log out").click()
    page.goto(link)
    is_sound(page)
    page.get_by_label("New password", exact=True).fill("harbour-lamp-7-quay")
    page.get_by_label("New password confirmation").fill("harbour-lamp-7-quay")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("link", name="Articles", exact=True)).to_be_visible()


def test_a_managing_editor_keeps_the_records(page: Page, tmp_path: Path, settings: Any):
    settings.UPLOAD_FOLDER = str(tmp_path / "uploads")
    mina = make_user("managing editor", username="mina", password=PASSWORD)
    clash(tmp_path / "site")
    tell(Notice.Kind.ASSIGNED, Article.objects.get(), None, [mina], timezone.now())
    page.goto("/admin/")
    page.get_by_label("Username").fill("mina")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Notices 1 unseen").click()
    is_sound(page)
    decide_a_conflict(page)
    assert Article.objects.get(slug="coast-a").title == "The quay is shut"
    import_a_zip(page)
    assert Article.objects.get(slug="dune-b").state == "published"
    invite_somebody(page)
    assert User.objects.get(username="bo").check_password("harbour-lamp-7-quay")
