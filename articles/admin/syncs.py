"""In step with the content repository: the last syncs, what waits, and asking for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from ..desk.counting import Counted, count_up_to
from ..exchange import asking
from ..models import Article, Conflict, Run, SyncRun, Topic
from .acts import actor_of
from .readonly import OnePage

A_PAGE = 30
COUNTED = 1_000
SILENCE = timedelta(minutes=10)
"""A sync that is at work for longer may have ended with its process."""

WRONG = ("refused", "conflict", "missing")
UNCHANGED = "unchanged"
UNDER_WAY = (SyncRun.Standing.WAITING, SyncRun.Standing.WORKING)
SHAPES: dict[str, str] = {
    SyncRun.Standing.WAITING: "○",
    SyncRun.Standing.WORKING: "◐",
    SyncRun.Standing.DONE: "●",
    SyncRun.Standing.FAILED: "✕",
}


@dataclass(frozen=True)
class Told:
    """One sync in words: what came from the files and went to them, and what is wrong there."""

    row: SyncRun
    shape: str
    taken: str
    given: str
    wrong: str

    @property
    def is_under_way(self) -> bool:
        return self.row.standing in UNDER_WAY


def last() -> Told | None:
    """The newest sync; one query."""
    row = _syncs().first()
    return told(row) if row else None


def told(row: SyncRun) -> Told:
    """A sync with its runs as a page shows it."""
    taken, given = _totals(row.taken), _totals(row.given)
    wrong = {word: taken.pop(word) for word in WRONG if taken.get(word)}
    taken.pop(UNCHANGED, None)
    given = {word: count for word, count in given.items() if word in ("created", "updated")}
    return Told(row, SHAPES[row.standing], _said(taken), _said(given), _said(wrong))


def waiting() -> dict[str, Counted]:
    """What the next sync has to look at, and what people have to; one query."""
    return count_up_to(
        COUNTED,
        {
            "changed": Article.objects.edited().order_by("slug"),
            "topics": Topic.objects.filter(is_edited=True),
            "conflicts": Conflict.objects.filter(resolution=""),
        },
    )


def _syncs() -> QuerySet[SyncRun]:
    found = SyncRun.objects.select_related("asked_by", "taken", "given")
    unseen = [f"{run}__{column}" for run in ("taken", "given") for column in ("report", "options")]
    return found.defer(*unseen)


def _totals(run: Run | None) -> dict[str, int]:
    """Files of any kind by outcome."""
    found: dict[str, int] = {}
    for counts in (run.totals if run else {}).values():
        for word, count in counts.items():
            found[word] = found.get(word, 0) + count
    return {word: count for word, count in found.items() if count}


def _said(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {word}" for word, count in counts.items())


@admin.register(SyncRun)
class SyncRunAdmin(OnePage):
    def page(self, request: HttpRequest) -> HttpResponse:
        newest = last()
        before = _syncs().exclude(pk=newest.row.pk) if newest else _syncs()
        page = Paginator(before, A_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "In step with the repository",
            "page": page,
            "rows": [told(row) for row in page],
            "waiting": waiting(),
            "sync": newest,
            "is_begun": bool(newest and newest.is_under_way),
            "is_silent": bool(newest and _is_silent(newest.row)),
            "is_set_up": asking.is_set_up(),
            "may_sync": asking.may_sync(request.user),
        }
        return TemplateResponse(request, "admin/articles/syncrun/change_list.html", context)

    def act(self, request: HttpRequest) -> HttpResponse:
        if not asking.may_sync(request.user):
            raise PermissionDenied
        here = HttpResponseRedirect(reverse("admin:articles_syncrun_changelist"))
        if not asking.is_set_up():
            messages.error(request, "This site knows no repository yet: set REPOSITORY_URL.")
            return here
        row = asking.ask(actor_of(request))
        if row.standing == SyncRun.Standing.DONE:
            messages.success(request, "In step.")
        elif row.standing == SyncRun.Standing.FAILED:
            messages.error(request, f"Not in step: {row.error}")
        else:
            messages.info(request, row.error or "Asked for; the worker does it next.")
        return here


def _is_silent(row: SyncRun) -> bool:
    return row.standing in UNDER_WAY and timezone.now() - row.asked_at > SILENCE
