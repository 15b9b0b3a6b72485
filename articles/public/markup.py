"""Text from files as HTML that is safe to print: bodies and embeds."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit, urlunsplit

import nh3
from django.conf import settings
from markdown_it import MarkdownIt

# No pictures (a reader's address would reach third parties) and no h1 (the page has one).
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre"),
    *("code", "em", "strong", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_LOWEST_HEADING = 6


class Sanitised(str):
    """HTML that nh3 cleaned; templates print it as it is.

    Only `body_html` makes one, so that nothing else can skip escaping.
    """

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def body_html(body: str) -> Sanitised:
    """A body (Markdown; raw HTML in it stays text) as HTML with http and https links only.

    Its headings begin at the second level, below the page's own.
    """
    # Most stories say all in their headline.
    if not body.strip():
        return Sanitised()
    tokens = _MARKDOWN.parse(body)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + 1, _LOWEST_HEADING)}"
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow noopener noreferrer",
    )
    return Sanitised(clean.strip())


class _FirstFrame(HTMLParser):
    src = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe" and not self.src:
            self.src = dict(attrs).get("src") or ""


def embed_src(embed: str | None) -> str:
    """The address that the embed's first iframe shows, rebuilt; empty unless EMBED_HOSTS has it.

    Nothing else of the embed's own HTML is ever printed.
    """
    if not embed:
        return ""
    frame = _FirstFrame()
    frame.feed(embed)
    src = f"https:{frame.src}" if frame.src.startswith("//") else frame.src
    try:
        parts = urlsplit(src)
    except ValueError:
        return ""
    host = parts.netloc.lower()
    if parts.scheme != "https" or host not in settings.EMBED_HOSTS:
        return ""
    return urlunsplit(("https", host, parts.path, parts.query, ""))
