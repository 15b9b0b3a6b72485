"""Making an article from a link, by a person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain, count
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db import transaction as database
from django.utils import timezone

from providers.domains import of_link
from providers.models import Provider

from .. import identity
from ..models import Article, Claim, FormerStem, RelatedItem, Source, Story, Topic
from ..states import State
from ..stories.acts import PERMISSION as STORY_ACTS
from ..stories.acts import attach
from ..stories.counts import refresh
from ..stories.membership import regroup
from . import audit
from .content import checked
from .errors import ActRefused, NotPermitted
from .rows import one_at_a_time
from .writing import check_whole, put_topics

CREATE = "create"
"""What the audit calls it; no row of the table, since it starts from nothing."""

ADDING = "articles.add_article"
ADDING_PROVIDERS = "providers.add_provider"
DEFAULTS: dict[str, Any] = {"category": "news", "type": "article", "quality": 50}
LONGEST_STEM = 120
TRIES = 5
"""How often a stem is chosen anew when somebody takes it in the same moment."""


def create(
    actor: User,
    values: Mapping[str, Any],
    *,
    topics: Sequence[Topic] = (),
    coverage_of: Article | None = None,
) -> Article:
    """Make a new article, alone in its story or as coverage of the story that `coverage_of` leads.

    `values` are columns as `edit` takes them: title, link and provider at least, the provider by
    `provider_of` where it is not here yet. Its stem is today's date (UTC) and the title, for good.

    Raises NotPermitted, ValidationError by column, and what `articles.stories.attach` raises.
    """
    if not actor.has_perm(ADDING):
        raise NotPermitted("This needs the permission to add articles.")
    if coverage_of is not None and not actor.has_perm(STORY_ACTS):
        raise NotPermitted("This needs the permission to change stories.")
    columns = checked(DEFAULTS | dict(values))
    _check_present(columns)
    for _ in range(TRIES):
        try:
            with database.atomic():
                one_at_a_time()
                article = _made(actor, columns, topics, timezone.now())
                if coverage_of is not None and not _stands_with(article, coverage_of):
                    attach(article, coverage_of, actor)
                return Article.objects.select_related("story", "provider").get(pk=article.pk)
        except IntegrityError:
            # Somebody took the stem between looking and storing; the next look sees it.
            continue
    raise ActRefused("Others make articles of that title in this moment. Try again.")


def provider_of(link: str, actor: User, name: str = "") -> Provider:
    """The provider of a link's domain, made when the actor may; stored at once.

    Raises ValidationError for `web_url` or `provider` with the sentence to show.
    """
    domain = of_link(link)
    if not domain:
        raise ValidationError({"web_url": "This link names no site."})
    found = Provider.objects.filter(domain=domain).first()
    if found is not None:
        return found
    if not actor.has_perm(ADDING_PROVIDERS):
        why = f"{domain} is no provider yet; a managing editor has to add it first."
        raise ValidationError({"provider": why})
    name = name.strip()
    made, _ = Provider.objects.get_or_create(
        domain=domain, defaults={"name": name[:200] or domain, "is_edited": bool(name)}
    )
    return made


def stem_of(title: str, now: datetime) -> str:
    """The stem that an article of that title gets, where nothing has it: date and ASCII words."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "article"
    return f"{now.astimezone(UTC):%Y-%m-%d}-{words}"[:LONGEST_STEM].rstrip("-")


def _free_stem(title: str, now: datetime) -> str:
    """The same, with -2, -3 … when an article, a file or the address of a story has it."""
    stem = stem_of(title, now)
    numbered = (f"{stem[: LONGEST_STEM - len(str(n)) - 1]}-{n}" for n in count(2))
    return next(one for one in chain([stem], numbered) if not _is_taken(one))


def _is_taken(stem: str) -> bool:
    return (
        Article.objects.filter(slug=stem).exists()
        or Source.objects.filter(kind=Source.Kind.ARTICLE, key=stem).exists()
        or Story.objects.filter(slug=stem).exists()
        or FormerStem.objects.filter(slug=stem).exists()
    )


def _check_present(columns: Mapping[str, Any]) -> None:
    wrong = {}
    if not columns.get("title"):
        wrong["title"] = "An article needs a title."
    if not (columns.get("web_url") or columns.get("original_url")):
        wrong["web_url"] = "An article needs a link."
    if not columns.get("provider"):
        wrong["provider"] = "An article needs a provider."
    if wrong:
        raise ValidationError(wrong)


def _made(
    actor: User, columns: Mapping[str, Any], topics: Sequence[Topic], now: datetime
) -> Article:
    provider: Provider = columns["provider"]
    article = Article(
        **columns,
        slug=_free_stem(columns["title"], now),
        heat=columns["quality"],
        provider_name=provider.name,
        provider_domain=provider.domain,
        provider_images=provider.images or None,
        state=State.NEW,
        story=Story.objects.create(),
        arrived_at=now,
        touched_at=now,
    )
    article.link_hash = identity.link_number(article.link)
    article.identity = identity.identity(article.link, article.published_at)
    article.title_hash = identity.number(article.title)
    article.save()
    put_topics(article, topics)
    check_whole(article, audit.content(article))
    revision = audit.keep(article, actor, now)
    audit.write_down(article, CREATE, actor, now, from_state="", revision=revision)
    refresh({article.story_id})
    _take_place(article)
    return article


def _take_place(article: Article) -> None:
    """Files that list this very piece, by link and time, have it as an article from now on: it
    joins their story as it would coming in by a file."""
    claims = Claim.objects.filter(identity=article.identity)
    stories = set(claims.values_list("article__story", flat=True))
    if not stories:
        return
    RelatedItem.objects.filter(identity=article.identity, hidden_at=None).delete()
    plan = regroup(changed=[article.pk])
    # What is published stays so: where the newcomer would lead instead, it stays by itself.
    refresh(stories if plan.demoted else stories | plan.apply())


def _stands_with(article: Article, lead: Article) -> bool:
    return Article.objects.filter(pk=article.pk, story=lead.story_id).exists()
