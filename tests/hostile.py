"""A newsroom that everybody and every file means ill: hostile text in every column of text."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import models
from django.utils import timezone

from articles.exchange import run_import
from articles.models import (
    Article,
    Digest,
    DigestItem,
    Erasure,
    Notice,
    OpenForm,
    Person,
    RelatedItem,
    Run,
    SavedView,
    ShareLink,
    SignIn,
    SyncRun,
    Task,
    Upload,
)
from articles.workflow import add_note, edit, save_draft, transition
from articles.workflow.notices import tell
from providers.fields import JSONTextField, StemField

from .content import Piece, provider_file, put, put_file, story, topic_file
from .factories import make_article, make_provider, make_story, make_topic, make_user

MARK = "data-hostile"
"""The attribute that an element has if a page took text for markup."""
SHORT = f"\"'><b {MARK}>"
TINY = f"<b {MARK}>"
LONG = (
    f"\"'></title></textarea></script><img src=x {MARK} onerror=window.hostile=1>"
    f"<script {MARK}>window.hostile=1</script><svg {MARK} onload=window.hostile=1></svg>"
    "{{ 7|add:7 }}{% now 'Y' %}\u202e" + "w" * 120
)
LINK = f"javascript:window.hostile=1//{SHORT}"
WEB = f"https://quay.example/{SHORT}"
"""A hostile link that passes for one: the only kind that files and forms may bring."""
LINKS = ("original_url", "web_url", "amp_url", "cdn_amp_url")
KEPT = {
    *("state", "file_state", "came_from", "from_state", "to_state", "action", "batch", "before"),
    *("password", "zone", "keys", "folder", "codename", "digest", "logo", "stamp"),
}
"""Columns whose values the program makes and reads by itself."""
PLACES = ("articles", "providers", "auth")


def hostile_newsroom(folder: Path) -> User:
    """Rows of every kind, all hostile; answers a superuser. `folder` is for files to import."""
    ana = make_user("superuser", email="ana@newsroom.example")
    _imported(folder)
    lead = _story(ana)
    _beside(lead, ana)
    poison()
    _acts(ana)
    # Past every check: revisions, which are read as files, hold what a check lets through.
    spiked = Article.objects.filter(state="spiked")
    spiked.update(**dict.fromkeys(LINKS, LINK))
    return ana


def poison() -> None:
    """Put hostile text into every column of text of every row."""
    for model in apps.get_models():
        if model._meta.app_label in PLACES:
            for row in model._base_manager.all():
                values = _hostile_values(row)
                model._base_manager.filter(pk=row.pk).update(**values)


def _hostile_values(row: models.Model) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name in KEPT or field.choices or field.primary_key:
            continue
        if isinstance(field, JSONTextField):
            found[field.name] = _leaves(getattr(row, field.name))
        elif isinstance(field, models.CharField | models.TextField):
            found[field.name] = _text(field, row.pk)
    return found


def _text(field: models.Field[Any, Any], number: object) -> str:
    room = field.max_length or 10_000
    if field.name.endswith(("url", "link")):
        return f"{WEB if field.name in LINKS else LINK}{number}"
    # A stem is one step of an address.
    shorter = (SHORT, TINY) if isinstance(field, StemField) else (LONG, SHORT, TINY)
    return next(text for one in shorter if len(text := f"{one}{number}") <= room)


def _leaves(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _leaves(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_leaves(inner) for inner in value] or [LONG]
    if isinstance(value, str):
        return WEB if name == "url" else LONG
    return value


def _imported(folder: Path) -> None:
    """Conflicts, refusals and runs, as hostile files leave them."""
    quay = Piece("quay-a", published=True, body=f"{LONG}\n")
    put(folder, *story(quay, Piece("quay-b", title=LONG, quality=20)))
    put_file(folder, "_data/providers/dune.example.md", provider_file("dune.example"))
    put_file(folder, "_data/topics/harbours.md", topic_file("Harbours", shortname=LONG))
    run_import([folder])
    Article.objects.filter(slug="quay-a").update(title="Ours", excerpt=LONG)
    put(folder, quay.but(title=LONG, extra={"excerpt": SHORT}))
    put_file(folder, f"_news/{SHORT}.md", f"---\n{LONG}\n---\n")
    put_file(folder, "_news/dune-c.md", b"---\nquality: " + LONG.encode() + b"\n---\n")
    run_import([folder])


def _story(ana: User) -> Article:
    topic = make_topic(images=[{"url": LINK}], keywords=[LONG], former_names=[LONG])
    provider = make_provider(other_names=[LONG], images=[{"url": LINK}])
    now = timezone.now()
    public = {"state": "published", "go_live_at": now, "first_published_at": now}
    picture: dict[str, Any] = {"images": [{"url": LINK, "title": LONG}], "provider": provider}
    lead, *_ = make_story(
        {**picture, **public, "topics": [topic], "arrived_at": now, "original_url": LINK},
        {**picture, "state": "new", "arrived_at": now},
        {**picture, "state": "spiked"},
    )
    RelatedItem.objects.create(
        identity=1, title_hash=1, title=LONG, link=LINK, images=[{"url": LINK}]
    )
    make_article(**picture, arrived_at=now, title=LONG, removed_upstream_at=now)
    make_article(**picture, arrived_at=now, title=LONG, assignee=ana, claimed_at=now)
    make_article(**picture, state="withdrawn", title=LONG)
    return lead


def _beside(lead: Article, ana: User) -> None:
    now = timezone.now()
    bo = make_user("publisher", first_name="Bo", email="bo@newsroom.example")
    Person.objects.create(user=bo)
    digest = Digest.objects.create(day=now.date())
    DigestItem.objects.create(digest=digest, story=lead.story, position=1)
    SavedView.objects.create(owner=ana, name="mine", query="q=quay", created_at=now)
    typed = {"title": [LONG], "excerpt": [LONG], "version": ["1"]}
    for person in (ana, bo):
        OpenForm.objects.create(
            article=lead, person=person, seen_at=now, version=1, typed=typed, typed_at=now
        )
    ShareLink.objects.create(
        article=lead, made_by=bo, made_at=now, expires_at=now + timedelta(days=1)
    )
    tell(Notice.Kind.MENTIONED, lead, bo, [ana], now, text=LONG)
    run = Run.objects.order_by("-pk")[0]
    asked = {"asked_by": ana, "asked_at": now, "ended_at": now}
    SyncRun.objects.create(standing="failed", root=LONG, error=LONG, taken=run, **asked)
    plan = run.report
    assert plan
    for standing, failure in ((Upload.Standing.PLANNED, ""), (Upload.Standing.FAILED, LONG)):
        Upload.objects.create(
            name="brought", plan=plan, standing=standing, failure=failure, made_by=bo,
            progress={"done": 1, "of": 2}, made_at=now, changed_at=now,
        )  # fmt: skip
    Task.objects.create(
        kind="mail", key="0", standing="failed", error=LONG, made_at=now, due_at=now
    )
    Group.objects.create(name="hostile")
    SignIn.objects.create(outcome=SignIn.Outcome.REFUSED, person=ana, at=now)
    Erasure.objects.create(stem="erased", identity=0, actor=ana, reason=LONG, at=now)


def _acts(ana: User) -> None:
    """What leaves audit rows, revisions and a draft, with hostile words."""
    for article in Article.objects.filter(state="new").order_by("pk"):
        row = edit(article, ana, {"title": f"{SHORT}{LONG}"}, expected_version=article.version)
        add_note(row, ana, f"@{ana.username} {LONG}", is_blocking=True)
    lead = Article.objects.filter(state="published").order_by("-pk")[0]
    save_draft(lead, ana, {"title": f"{SHORT}{LONG}", "body": LONG}, expected_version=lead.version)
    last = Article.objects.filter(state="new").order_by("-pk")[0]
    transition(last, "spike", ana, expected_version=last.version, comment=LONG)
