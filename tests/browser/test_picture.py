"""What matters in a picture is set by mouse and by keys; pictures move nothing on a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.models import Picture
from tests.images.drawn import drawn
from tests.images.kept import ADDRESS, keep_at
from tests.looking import PHONE
from tests.public.conftest import publish

from .test_form import open_form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHIFTED = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 300);
})"""


@pytest.fixture(autouse=True)
def _media(media: Path) -> None:
    """Nothing is kept yet."""


def test_what_matters_is_set_by_mouse_and_by_keys(page: Page):
    article = publish(images=[{"url": ADDRESS}])
    picture = keep_at(data=drawn(size=(900, 500)))
    open_form(page, article)
    page.get_by_role("link", name="Picture").click()
    # With its styles and the picture, before which it is of another size.
    page.wait_for_url("**/picture/")
    image = page.locator("[data-focus] img")
    expect(image).to_have_js_property("naturalWidth", 900)
    box = image.bounding_box()
    assert box
    image.click(position={"x": box["width"] * 0.2, "y": box["height"] * 0.75})
    left, top = page.get_by_label("From the left, %"), page.get_by_label("From the top, %")
    expect(left).to_have_value("20")
    expect(top).to_have_value("75")
    top.press("ArrowDown")
    left.fill("30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    picture.refresh_from_db()
    assert (picture.focus_x, picture.focus_y) == (30, 74)


@pytest.mark.parametrize("is_phone", [True, False])
def test_pictures_that_come_move_nothing(page: Page, is_phone: bool):
    for number in range(8):
        address = f"https://pictures.example/{number}.jpg"
        keep_at(address, drawn(size=(1280, 720 - number)))
        publish(images=[{"url": address}], title=f"A headline of some length, number {number}")
    if is_phone:
        page.set_viewport_size(PHONE)
    page.goto("/")
    page.mouse.wheel(0, 4000)
    page.wait_for_load_state("networkidle")
    shown: Any = page.evaluate(
        "() => [...document.querySelectorAll('img.picture')].map((one) => one.naturalWidth)"
    )
    assert len(shown) == 8
    assert shown[0] > 0
    assert page.evaluate(SHIFTED) == 0
    assert Picture.objects.count() == 8
