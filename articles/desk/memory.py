"""What the desk remembers of a piece that comes back: who rejected it, when and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from ..identity import link_number
from ..models import Article, Transition
from ..states import Action
from ..workflow.wording import name_of

REMEMBERED = {
    Action.SPIKE: "Spiked",
    Action.WITHDRAW: "Withdrawn",
    Action.UNPUBLISH: "Unpublished",
    Action.REQUEST_CHANGES: "Sent back",
    "import_withdraw": "Withdrawn by its file",
}
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """One decision of before; `says` is `Spiked by Ana on 3 May: press release`."""

    act: Transition
    says: str
    is_own: bool


def remembered(article: Article, same: Iterable[str] = ()) -> list[Memory]:
    """Decisions on this article, on others with its link and on those of the slugs, which are the
    same piece; newest first. One query.
    """
    acts = _acts(Q(link_hash=article.link_hash) | Q(slug__in=list(same)))
    return [Memory(act, _says(act), act.article_id == article.pk) for act in acts]


def remembered_of(links: Iterable[str], *, besides: int | None = None) -> list[Memory]:
    """Decisions on other articles of these links, whoever shared them; newest first.

    `besides` is an article to leave out. One query.
    """
    hashes = {link_number(link) for link in links if link}
    acts = _acts(Q(link_hash__in=hashes) & ~Q(pk=besides))
    return [Memory(act, _says(act), is_own=False) for act in acts]


def _acts(about: Q) -> QuerySet[Transition]:
    articles = Article.objects.filter(about).values("pk")
    acts = Transition.objects.filter(article__in=articles, undone_by__isnull=True)
    acts = acts.filter(action__in=list(REMEMBERED))
    return acts.select_related("actor", "article").only(*_TOLD)[:SHOWN]


_TOLD = (
    *("action", "at", "reason", "comment", "article__title"),
    *("actor__first_name", "actor__last_name", "actor__username"),
)


def told(act: Transition, done: str) -> str:
    """`Spiked by Ana on 3 May: press release`, `done` being its first word."""
    local = timezone.localtime(act.at)
    is_this_year = local.year == timezone.localdate().year
    on = date_format(local, "j F" if is_this_year else "j F Y")
    by = f" by {name_of(act.actor)}" if act.actor else ""
    why = ": ".join(part for part in (act.reason.replace("_", " "), act.comment) if part)
    return f"{done}{by} on {on}{f': {why}' if why else ''}"


def _says(act: Transition) -> str:
    return told(act, REMEMBERED[act.action])
