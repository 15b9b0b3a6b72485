"""The card of a story without a picture: drawn once, in any script that its font has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from PIL import Image

from articles.images import store
from articles.images.cards import card_of, drawn
from articles.images.drawing import LINES, MARGIN, SIZES, fitted
from articles.images.letters import FONT, Letters
from articles.images.recipe import SOCIAL
from articles.workflow import transition
from newsroom.stores import card_fonts
from providers.marks import HEX
from providers.models import Provider
from tests.factories import make_article, make_user
from tests.public.conftest import publish

from .drawn import opened

pytestmark = pytest.mark.django_db
LONG = "A tidal barrier that nobody wanted to pay for " * 12
ARABIC = "ميناء الخليج يفتح أبوابه للزوار ساعة واحدة"
FONTS = Path(__file__).with_name("fonts")
JAPANESE = "汐見の新しい港が四十年ぶりに開く"
HINDI = "बंदरगाह का पुल फिर खुला"
HEBREW = "גשר הנמל הזמני בן ארבעים"


@pytest.fixture(autouse=True)
def _media(media: Path) -> None:
    """Nothing is drawn yet."""


def card(headline: str) -> Image.Image:
    provider = Provider(name="The Calder Courant", domain="courant.example")
    found = drawn(card_of(headline, provider), 1)
    assert found
    return opened(found).convert("RGB")


def ink(image: Image.Image, left: int, right: int) -> int:
    """How much is drawn in dark between two columns where the headline stands."""
    part = image.crop((left, 150, right, SOCIAL[1] - 100)).convert("L")
    return sum(part.histogram()[:100])


def test_a_headline_of_any_length_stays_on_the_card():
    for headline in ("Tides", "Harbour opens", LONG, "w" * 400):
        size, lines = fitted(headline, Letters())
        assert size in SIZES
        assert len(lines) <= LINES[size]
        image = card(headline)
        assert image.size == SOCIAL
        assert ink(image, MARGIN, SOCIAL[0] - MARGIN) > 500
        assert ink(image, 0, MARGIN - 8) == ink(image, SOCIAL[0] - MARGIN + 8, SOCIAL[0]) == 0
    small, lines = fitted(LONG, Letters())
    assert lines[-1].endswith("…")
    assert fitted("Tides", Letters())[0] > small


@pytest.mark.parametrize("headline", [ARABIC, HEBREW])
def test_what_is_written_from_the_right_begins_there(headline: str):
    image = card(headline)
    middle = SOCIAL[0] // 2
    assert ink(image, middle, SOCIAL[0]) > ink(image, 0, middle)
    left = card("A bridge")
    assert ink(left, 0, middle) > ink(left, middle, SOCIAL[0])


def test_letters_that_join_are_joined():
    apart = "".join(f"{letter}\u200c" for letter in ARABIC)
    assert card(ARABIC).tobytes() != card(apart).tobytes()


def test_a_headline_that_the_font_has_no_letters_for_is_no_row_of_boxes():
    assert card("汐見の新しい港").tobytes() == card("").tobytes()
    assert card("Port opens 🦭").tobytes() == card("Port opens").tobytes()


def test_letters_that_its_own_font_lacks_are_written_in_another(settings: Any):
    empty = card("")
    settings.CARD_FONTS = [str(path) for path in sorted(FONTS.glob("*subset*"))]
    for headline in (JAPANESE, HINDI, f"Port: {JAPANESE}"):
        image = card(headline)
        assert image.tobytes() != empty.tobytes()
        assert ink(image, MARGIN, SOCIAL[0] - MARGIN) > 2000
        assert ink(image, SOCIAL[0] - MARGIN + 8, SOCIAL[0]) == 0
    assert card("ไทย").tobytes() == empty.tobytes()


def test_a_line_is_written_in_as_few_fonts_as_it_needs():
    japanese, hindi = sorted(str(path) for path in FONTS.glob("*subset*"))
    runs = Letters([japanese, hindi]).runs(f"Port, 港「が」 {HINDI[:6]} 2")
    assert [Path(run.font).name for run in runs] == [
        Path(font).name for font in (str(FONT), japanese, hindi, str(FONT))
    ]
    assert "".join(run.text for run in runs) == f"Port, 港「が」 {HINDI[:6]} 2"


def test_no_line_begins_with_what_belongs_to_the_line_before():
    letters = Letters([str(path) for path in FONTS.glob("*subset*")])
    for word in ("港" * 20 + "」。" + "港", "क्षत्र" * 20):
        pieces = letters.pieces(word, 64, 64 * 20)
        assert len(pieces) > 1
        assert "".join(pieces) == word
        assert not any(piece[0] in "」。्" for piece in pieces)


def test_a_pattern_of_fonts_names_files_or_is_refused(tmp_path: Path):
    for name in ("b.ttf", "a.ttf", "c.otf"):
        (tmp_path / name).touch()
    found = card_fonts([f"{tmp_path}/c.otf", f"{tmp_path}/*.ttf", f"{tmp_path}/a.ttf"])
    assert [Path(font).name for font in found] == ["c.otf", "a.ttf", "b.ttf"]
    with pytest.raises(ImproperlyConfigured, match="names no file"):
        card_fonts([f"{tmp_path}/*.woff"])


def test_marks_have_the_colours_of_the_style_sheet():
    css = Path("articles/static/public/site.css").read_text(encoding="utf-8")
    found = re.findall(r"^\.mark-(\d+) \{ background: (#[0-9a-f]{6})", css, re.MULTILINE)
    assert found == [(str(number), colour) for number, colour in enumerate(HEX)]


def card_address(client: Client, path: str) -> str:
    [address] = re.findall(
        r'property="og:image" content="([^"]+)"', client.get(path).content.decode()
    )
    return str(address)


def test_a_published_story_has_a_card_of_its_own(client: Client, settings: Any):
    article = publish(title="Harbour opens")
    address = card_address(client, f"/news/{article.slug}/").removeprefix(settings.SITE_URL)
    answer = client.get(address)
    assert opened(answer.content).size == SOCIAL
    assert answer["Content-Type"] == "image/png"
    assert len(answer.content) < 60_000
    assert client.get(address.replace("card-", "card-0")).status_code == 404


def test_another_headline_has_another_card(client: Client):
    article = publish(title="Harbour opens")
    before = card_address(client, f"/news/{article.slug}/")
    type(article).objects.filter(pk=article.pk).update(title="Harbour shuts")
    assert card_address(client, f"/news/{article.slug}/") != before


def test_what_is_not_public_has_no_card(client: Client):
    article = make_article(title="Hushed")
    stamp = card_of(article.title, article.provider).stamp
    assert client.get(f"/news/{article.slug}/card-{stamp}.png").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_story_has_no_card_left(client: Client, settings: Any):
    article = publish(title="Harbour opens")
    address = card_address(client, f"/news/{article.slug}/").removeprefix(settings.SITE_URL)
    assert client.get(address).status_code == 200
    assert len(list(store.names("cards"))) == 1
    boss = make_user("managing editor")
    transition(article, "withdraw", boss, expected_version=article.version, comment="wrong")
    assert client.get(address).status_code == 404
    assert list(store.names("cards")) == []
