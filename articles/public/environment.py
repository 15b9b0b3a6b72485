"""What the templates of the reader's site (Jinja2) know of beside what a view gives them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.template.defaultfilters import floatformat, linebreaks_filter, wordwrap
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.formats import date_format
from jinja2 import ChainableUndefined, Environment

from . import excerpts, links, pictures, pieces
from .feeds.found import feed_links
from .head import head
from .newest import newest


def environment(**options: Any) -> Environment:
    """Named in the settings; Django gives the options, `autoescape` among them."""
    # As in Django's own templates: what a view did not give is empty.
    own = {"undefined": ChainableUndefined, "keep_trailing_newline": True}
    made = Environment(**options | own)
    made.globals.update(
        _=translation.gettext,
        ngettext=translation.ngettext,
        language=translation.get_language,
        is_right_to_left=translation.get_language_bidi,
        time_zone=timezone.get_current_timezone_name,
        url=links.page,
        static=static,
        head=head,
        feed_links=feed_links,
        newest=newest,
        mark=pieces.mark,
    )
    # Filters are called at once; of a function Jinja first finds out how it wants to be called.
    made.filters.update(
        also=pieces.also,
        byline=pieces.byline,
        date=_date,
        excerpt=excerpts.excerpt,
        floatformat=floatformat,
        headline=pieces.headline,
        illustration=pieces.illustration,
        http_link=links.http_link,
        linebreaks=linebreaks_filter,
        lines=pieces.lines,
        logo=pictures.logo,
        mark_of=pieces.mark_of,
        picture=pictures.picture,
        short_excerpt=excerpts.short_excerpt,
        stamp=pieces.stamp,
        topic_links=pieces.topics,
        wordwrap=wordwrap,
    )
    return made


def _date(of: date | None, form: str) -> str:
    local = timezone.localtime(of) if isinstance(of, datetime) else of
    return date_format(local, form) if local else ""
