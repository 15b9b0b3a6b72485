"""What the templates of the reader's site (Jinja2) know of beside what a view gives them."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.template.defaultfilters import floatformat, linebreaks_filter, wordwrap
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils import timezone, translation
from django.utils.formats import date_format
from jinja2 import ChainableUndefined, Environment
from markupsafe import Markup

from . import excerpts, links, pictures, pieces
from .compiled import Compiled
from .entries import Entry
from .feeds.found import feed_links
from .head import head
from .newest import newest


def environment(**options: Any) -> Environment:
    """Named in the settings; Django gives the options, `autoescape` among them."""
    # As in Django's own templates: what a view did not give is empty.
    own = {"undefined": ChainableUndefined, "keep_trailing_newline": True}
    made = Environment(**options | own, bytecode_cache=Compiled())
    made.globals.update(
        _=translation.gettext,
        ngettext=translation.ngettext,
        language=translation.get_language,
        is_right_to_left=translation.get_language_bidi,
        time_zone=timezone.get_current_timezone_name,
        url=links.page,
        static=_static,
        same=partial(_same, made),
        head=head,
        feed_links=feed_links,
        newest=newest,
        mark=pieces.mark,
        listed=partial(_listed, made),
    )
    # Filters are called at once; of a function Jinja first finds out how it wants to be called.
    made.filters.update(
        also=pieces.also,
        byline=pieces.byline,
        date=_date,
        excerpt=excerpts.excerpt,
        floatformat=_float,
        headline=pieces.headline,
        illustration=pieces.illustration,
        http_link=links.http_link,
        linebreaks=linebreaks_filter,
        lines=pieces.lines,
        logo=pictures.logo,
        mark_of=pieces.mark_of,
        short_excerpt=excerpts.short_excerpt,
        stamp=pieces.stamp,
        topic_links=pieces.topics,
        wordwrap=wordwrap,
    )
    return made


def _same(environment: Environment, template: str, here: str = "") -> str:
    """A part of every page, for the page of that name (`here`): made once."""
    around = (get_script_prefix(), translation.get_language(), timezone.get_current_timezone_name())
    if settings.DEBUG:
        return _part.__wrapped__(environment, template, here, settings.SITE_NAME, *around)
    return _part(environment, template, here, settings.SITE_NAME, *around)


@lru_cache(maxsize=1000)
def _part(
    environment: Environment, template: str, here: str, site: str, *_around: str | None
) -> Markup:
    return Markup(environment.get_template(template).render(here=here, SITE_NAME=site))


def _static(name: str) -> str:
    return _static_at(name, settings.STATIC_URL)


@lru_cache(maxsize=100)
def _static_at(name: str, _url: str) -> str:
    return static(name)


def _listed(environment: Environment, entry: Entry, level: int = 2, place: str = "list") -> str:
    """A story in a list; `level` is that of its headline, `place` one of pieces.SIZES."""
    key = (level, place)
    if key not in entry.pieces:
        macros = environment.get_template("public/_entry.html").module
        entry.pieces[key] = vars(macros)["listed"](entry, level, place)
    found: str = entry.pieces[key]
    return found


def _float(number: float, form: str) -> str:
    return _float_in(number, form, translation.get_language())


@lru_cache(maxsize=1000)
def _float_in(number: float, form: str, _language: str | None) -> str:
    return floatformat(number, form)


def _date(of: date | None, form: str) -> str:
    return _date_in(of, form, timezone.get_current_timezone(), translation.get_language())


@lru_cache(maxsize=2000)
def _date_in(of: date | None, form: str, zone: tzinfo, _language: str | None) -> str:
    local = timezone.localtime(of, zone) if isinstance(of, datetime) else of
    return date_format(local, form) if local else ""
