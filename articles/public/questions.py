"""What a search asks for: the words, and what narrows them, all of it checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from providers.models import Policy, Provider

from ..models import Article, ArticleQuerySet, ArticleTopic
from ..search import Asked, BadQuestionError, Term, parse
from . import archive
from .directory import readable_topics

NAMES = ("q", "topic", "provider", "from", "to")
"""The parameters of a search, in the order in which its address has them."""

_DAY = {"input_formats": ["%Y-%m-%d"], "error_messages": {"invalid": ""}}


class Filters(django_filters.FilterSet):
    """What narrows a search, beside its words; days are those of the publishers' own time."""

    topic = django_filters.CharFilter(method="of_topic")
    provider = django_filters.CharFilter(field_name="provider__domain")
    since = django_filters.DateFilter(method="from_day", **_DAY)
    until = django_filters.DateFilter(method="to_day", **_DAY)

    def __init__(self, given: Mapping[str, str], rows: ArticleQuerySet, *, is_worded: bool) -> None:
        super().__init__(given, rows)
        self._is_worded = is_worded

    def of_topic(self, rows: ArticleQuerySet, _name: str, slug: str) -> ArticleQuerySet:
        return _of_topic(rows, slug, is_worded=self._is_worded)

    def from_day(self, rows: ArticleQuerySet, _name: str, day: Any) -> ArticleQuerySet:
        return rows.filter(published_at__gte=_period(day).first)

    def to_day(self, rows: ArticleQuerySet, _name: str, day: Any) -> ArticleQuerySet:
        return rows.filter(published_at__lt=_period(day).until)


@dataclass(frozen=True, slots=True)
class Question:
    """A search that can be answered: `rows` are the published stories that its filters leave.

    `given` are the parameters that were not empty; `topic` and `provider` the names of those
    that they chose, `names` those and what was typed.
    """

    given: dict[str, str]
    terms: tuple[Term, ...]
    rows: ArticleQuerySet
    topic: str = ""
    provider: str = ""
    names: Sequence[str] = ()

    @property
    def typed(self) -> str:
        return self.given.get("q", "")

    def query(self, **changes: str) -> str:
        """The query string of this search with some parameters changed; empty ones are left out."""
        values = self.given | changes
        return urlencode([(name, values[name]) for name in (*NAMES, "page") if values.get(name)])


def question(parameters: Mapping[str, str], at: datetime) -> Question | None:
    """The search that these parameters ask for, None when they ask for nothing.

    Raises BadQuestionError. At most one query.
    """
    given = {name: parameters[name] for name in NAMES if parameters.get(name, "").strip()}
    if not given:
        return None
    asked = parse(given.get("q", ""))
    named = _Named(at, asked, given)
    chosen = {"topic": named.of("topic", given), "provider": named.of("provider", given)}
    values = {name: value[0] for name, value in chosen.items() if value}
    values |= {"since": given.get("from", "").strip(), "until": given.get("to", "").strip()}
    is_worded = bool(asked.terms)
    filters = Filters(values, Article.objects.published(at), is_worded=is_worded)
    for name, parameter in (("since", "from"), ("until", "to")):
        if name in filters.form.errors:
            raise BadQuestionError(
                _("“%(text)s” is no day; write it like 2023-03-23.") % {"text": given[parameter]}
            )
    rows = filters.qs
    topic, provider = chosen["topic"], chosen["provider"]
    names = [topic[1]] if topic else []
    names += [provider[0]] if provider else []
    for name in asked.topics:
        slug, its_name = named.topic(name)
        rows, names = _of_topic(rows, slug, is_worded=is_worded), [*names, its_name]
    for name in asked.providers:
        domain, _its_name = named.provider(name)
        rows, names = rows.filter(provider__domain=domain), [*names, domain]
    return Question(
        given,
        asked.terms,
        rows,
        topic=topic[1] if topic else "",
        provider=provider[1] if provider else "",
        names=names,
    )


def _of_topic(rows: ArticleQuerySet, slug: str, *, is_worded: bool) -> ArticleQuerySet:
    if not is_worded:
        return rows.filter(topics__slug=slug)
    # The index that words are looked for in knows topics, too: nearly all that it gives has this
    # one. PostgreSQL, asked plainly, takes it for a few of them and tries all providers on each.
    places = ArticleTopic.objects.filter(article=OuterRef("pk"), topic__slug=slug)
    return rows.filter(Coalesce(Exists(places), False))


class _Named:
    """The topics and providers that a search names, as readers may know them: (key, name)."""

    def __init__(self, at: datetime, asked: Asked, given: Mapping[str, str]) -> None:
        topics = [*asked.topics, *([given["topic"]] if "topic" in given else [])]
        providers = [*asked.providers, *([given["provider"]] if "provider" in given else [])]
        self._found: list[tuple[str, str, str]] = []
        if topics or providers:
            rows = _topics(topics, at).union(_providers(providers, at), all=True)
            self._found = list(rows)

    def of(self, kind: str, given: Mapping[str, str]) -> tuple[str, str] | None:
        if kind not in given:
            return None
        return (self.topic if kind == "topic" else self.provider)(given[kind])

    def topic(self, text: str) -> tuple[str, str]:
        for kind, slug, name in self._found:
            if kind == "topic" and text.strip().lower() in (slug, name.lower()):
                return slug, name
        raise BadQuestionError(_("There is no topic “%(name)s” here.") % {"name": text})

    def provider(self, text: str) -> tuple[str, str]:
        wanted = text.strip().lower()
        for kind, domain, name in self._found:
            is_meant = wanted in (domain, name.lower()) or domain.startswith(f"{wanted}.")
            if kind == "provider" and is_meant:
                return domain, name
        raise BadQuestionError(_("There is no provider “%(name)s” here.") % {"name": text})


def _topics(names: Iterable[str], at: datetime) -> Any:
    wanted = _any(Q(slug=name.lower()) | Q(name__iexact=name) for name in map(str.strip, names))
    kind = Value("topic", output_field=CharField())
    return readable_topics(at).filter(wanted).order_by().values_list(kind, "slug", "name")


def _providers(names: Iterable[str], at: datetime) -> Any:
    wanted = _any(
        Q(domain=name.lower()) | Q(name__iexact=name) | Q(domain__startswith=f"{name.lower()}.")
        for name in map(str.strip, names)
    )
    own = Article.objects.published(at).filter(provider=OuterRef("pk"))
    rows = Provider.objects.exclude(policy=Policy.BLOCKED).filter(wanted).filter(Exists(own))
    kind = Value("provider", output_field=CharField())
    return rows.order_by().values_list(kind, "domain", "name")


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


def _period(day: Any) -> archive.Period:
    try:
        return archive.period(day.year, day.month, day.day)
    except (ValueError, OverflowError):
        raise BadQuestionError(_("No story is as old or as new as that.")) from None
