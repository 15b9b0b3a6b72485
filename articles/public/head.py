"""The head of a page: each thing said once, for people, for cards and for machines."""

from __future__ import annotations

from html import unescape

from django.conf import settings
from django.templatetags.static import static
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from ..images.cards import card_of
from ..images.recipe import SOCIAL
from . import structured
from .links import absolute, page
from .pictures import Kept

CARD = "public/card.png"
"""The card of every page that is no story's; as large as the others, SOCIAL."""


@pass_context
def head(context: Context, title: str, description: str) -> Markup:
    """`{{ head(title, description) }}`, both as HTML.

    The two are said as title and description of the page, of the card that others show for it
    (Open Graph) and of its JSON-LD.
    """
    title, description = _text(title), _text(description)
    data = _data(context, title, description)
    image, alt = map(escape, _image(context))
    title, description = escape(title), escape(description)
    width, height = SOCIAL
    return Markup(
        f"<title>{title}</title>\n"
        f'    <meta name="description" content="{description}">\n'
        '    <meta property="og:type" content="website">\n'
        f'    <meta property="og:title" content="{title}">\n'
        f'    <meta property="og:description" content="{description}">\n'
        f'    <meta property="og:image" content="{image}">\n'
        f'    <meta property="og:image:width" content="{width}">\n'
        f'    <meta property="og:image:height" content="{height}">\n'
        f'    <meta property="og:image:alt" content="{alt}">\n'
        '    <meta name="twitter:card" content="summary_large_image">\n'
        f"    {data}"
    )


def _image(context: Context) -> tuple[str, str]:
    """Address and text of the picture that others show for the page."""
    entry = context.get("entry")
    if entry and isinstance(entry.picture, Kept):
        return absolute(entry.picture.social), entry.picture.alt or entry.article.title
    # A preview is nobody's to show.
    if entry and context.get("canonical"):
        lead = entry.article
        stamp = card_of(lead.title, lead.provider).stamp
        return absolute(page("card", lead.story.slug or lead.slug, stamp)), lead.title
    return absolute(static(CARD)), settings.SITE_NAME


def _text(html: str) -> str:
    """What HTML says, as text: it is escaped again."""
    return " ".join(unescape(html).split())


def _data(context: Context, title: str, description: str) -> str:
    """The page's JSON-LD; nothing for one without an address, an error page for instance."""
    address = context.get("canonical")
    if not address:
        return ""
    if entry := context.get("entry"):
        thing = structured.story(address, title, description, entry)
    else:
        thing = structured.collection(address, title, description, _items(context))
    return structured.data_block(thing)


def _items(context: Context) -> structured.Listed:
    if days := context.get("days"):
        return structured.listed(entry for _, group in days for entry in group)
    if reports := context.get("reports"):
        return structured.reported(reports)
    return structured.listed(context.get("entries") or ())
