"""The head of a page: each thing said once, for people, for cards and for machines."""

from __future__ import annotations

from html import unescape
from typing import Any

from django import template
from django.conf import settings
from django.template import Context, NodeList
from django.template.base import Parser, Token
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..public import structured
from ..public.links import absolute

register = template.Library()

CARD = "public/card.png"
CARD_SIZE = (1200, 630)
"""Width and height of CARD, pixels."""


@register.tag
def head(parser: Parser, _token: Token) -> HeadNode:
    """`{% head %}title{% description %}description{% endhead %}`.

    The two are rendered once and said as title and description of the page, of the card that
    others show for it (Open Graph) and of its JSON-LD.
    """
    title = parser.parse(("description",))
    parser.delete_first_token()
    description = parser.parse(("endhead",))
    parser.delete_first_token()
    return HeadNode(title, description)


class HeadNode(template.Node):
    # Blocks are looked for in these.
    child_nodelists = ("title", "description")

    def __init__(self, title: NodeList, description: NodeList) -> None:
        self.title, self.description = title, description

    def render(self, context: Context) -> SafeString:
        title, description = _text(self.title, context), _text(self.description, context)
        width, height = CARD_SIZE
        return format_html(
            "<title>{title}</title>\n"
            '    <meta name="description" content="{description}">\n'
            '    <meta property="og:type" content="website">\n'
            '    <meta property="og:title" content="{title}">\n'
            '    <meta property="og:description" content="{description}">\n'
            '    <meta property="og:image" content="{image}">\n'
            '    <meta property="og:image:width" content="{width}">\n'
            '    <meta property="og:image:height" content="{height}">\n'
            '    <meta property="og:image:alt" content="{alt}">\n'
            '    <meta name="twitter:card" content="summary_large_image">\n'
            "    {data}",
            title=title,
            description=description,
            image=absolute(static(CARD)),
            width=width,
            height=height,
            alt=settings.SITE_NAME,
            data=_data(context, title, description),
        )


def _text(nodes: NodeList, context: Context) -> str:
    """What nodes say, as text: they are rendered as HTML, and what they say is escaped again."""
    return " ".join(unescape(nodes.render(context)).split())


def _data(context: Any, title: str, description: str) -> str:
    """The page's JSON-LD; nothing for one without an address, an error page for instance."""
    address = context.get("canonical")
    if not address:
        return ""
    if entry := context.get("entry"):
        thing = structured.story(address, title, description, entry)
    else:
        thing = structured.collection(address, title, description, _items(context))
    return structured.data_block(thing)


def _items(context: Any) -> structured.Listed:
    if days := context.get("days"):
        return structured.listed(entry for _, group in days for entry in group)
    if reports := context.get("reports"):
        return structured.reported(reports)
    return structured.listed(context.get("entries") or ())
