"""What the desk remembers of a piece that comes back: who rejected it, when and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

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


def remembered(article: Article, alike: Iterable[int] = ()) -> list[Memory]:
    """Decisions on this article, on others with its link and on those named, newest first.

    One query.
    """
    acts = Transition.objects.filter(
        Q(article__link_hash=article.link_hash) | Q(article__in=list(alike)),
        action__in=list(REMEMBERED),
        undone_by__isnull=True,
    )
    found = acts.select_related("actor", "article").defer("changes", "article__body")
    return [Memory(act, _says(act), act.article_id == article.pk) for act in found[:SHOWN]]


def _says(act: Transition) -> str:
    local = timezone.localtime(act.at)
    is_this_year = local.year == timezone.localdate().year
    on = date_format(local, "j F" if is_this_year else "j F Y")
    by = f" by {name_of(act.actor)}" if act.actor else ""
    why = ": ".join(part for part in (act.reason.replace("_", " "), act.comment) if part)
    return f"{REMEMBERED[act.action]}{by} on {on}{f': {why}' if why else ''}"
