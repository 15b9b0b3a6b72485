"""Bodies, embeds, links and marks, without a page around them."""

from __future__ import annotations

import pytest

from articles.public.links import http_link
from articles.public.markup import body_html, embed_src
from providers.marks import COLOURS, colour, initials


def test_a_body_is_markdown_with_headings_below_the_pages_own():
    assert body_html("# One\n\ntwo *three*") == "<h2>One</h2>\n<p>two <em>three</em></p>"


def test_html_in_a_body_stays_text():
    assert body_html("<b onclick=x>bold</b>") == "<p>&lt;b onclick=x&gt;bold&lt;/b&gt;</p>"


@pytest.mark.parametrize(
    "body",
    [
        "[a](javascript:alert(1))",
        "[a](data:text/html;base64,eA==)",
        "[a](vbscript:x)",
        "[a](/relative)",
        "<javascript:alert(1)>",
    ],
)
def test_a_body_links_nowhere_but_to_the_web(body: str):
    assert 'href="' not in body_html(body).replace('href="/relative"', "")


def test_a_body_shows_no_pictures_of_others():
    assert "<img" not in body_html("![a](https://pictures.example/a.jpg)")


def test_a_link_in_a_body_vouches_for_nothing():
    assert body_html("[a](https://b.example/)") == (
        '<p><a href="https://b.example/" rel="nofollow noopener noreferrer">a</a></p>'
    )


@pytest.mark.parametrize(
    ("embed", "src"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/x?a=1&amp;b=2" onload="y"></iframe>',
            "https://www.youtube.com/embed/x?a=1&b=2",
        ),
        ('<p><iframe src="//player.vimeo.com/video/1#t">', "https://player.vimeo.com/video/1"),
        ('<iframe src="http://www.youtube.com/embed/x">', ""),
        ('<iframe src="https://www.youtube.com.evil.example/embed/x">', ""),
        ('<iframe src="https://www.youtube.com@evil.example/embed/x">', ""),
        ('<iframe src="https://www.youtube.com:8443/embed/x">', ""),
        ('<iframe src="https://[bad/embed/x">', ""),
        ('<iframe src="javascript:alert(1)">', ""),
        ("<iframe srcdoc='<script>'>", ""),
        ('<script src="https://www.youtube.com/x.js"></script>', ""),
        ("", ""),
        (None, ""),
    ],
)
def test_an_embed_is_the_address_of_its_frame_on_an_allowed_host(embed: str | None, src: str):
    assert embed_src(embed) == src


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example/",
        "http://a.example:8080/b?c=d#e",
        "https://a.example/with space",
        "https://a.example/\u2028",
        "https://bücher.example/ä",
        "https://a.example/@user",
    ],
)
def test_a_web_link_is_kept_exactly(link: str):
    assert http_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "",
        None,
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "https://user:password@a.example/",
        "https://a.example\\@b.example/",
        "https:///path",
        "https://[::1",
        "ftp://a.example/",
        "//a.example/",
        "a.example",
    ],
)
def test_any_other_link_is_none(link: str | None):
    assert http_link(link) == ""


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("The Calder Courant", "CC"),
        ("Tramline", "Tr"),
        ("Grid & Current", "GC"),
        ("24 Ore", "2O"),
        ("汐見新報", "汐"),
        ("صدى المرسى", "ص"),
        ("The", "Th"),
        ("É", "É"),
        ("–", "?"),
        ("", "?"),
    ],
)
def test_a_mark_is_drawn_from_the_name(name: str, mark: str):
    assert initials(name) == mark


def test_a_domain_has_one_colour_of_the_sheet():
    found = {colour(f"{number}.example") for number in range(500)}

    assert found == set(range(COLOURS))
    assert colour("a.example") == colour("a.example")
