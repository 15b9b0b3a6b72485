"""What the desk keeps beside articles, one of each, made by a colleague."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from articles.digests import fill
from articles.exchange.passages import packed_files
from articles.models import (
    Article,
    Conflict,
    Digest,
    Erasure,
    Note,
    Person,
    Picture,
    PictureKind,
    PictureSource,
    RelatedItem,
    Run,
    SavedView,
    ShareLink,
    SignIn,
    Source,
    SyncRun,
    Task,
    Transition,
    Upload,
)
from tests.factories import make_article, make_provider, make_story, make_user

from .world import MARK, World, printed


@dataclass
class Things:
    """One row of each kind by name, and what addresses say of it."""

    world: World
    rows: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.rows[name]

    def arguments(self, names: tuple[str, ...]) -> list[Any]:
        """The parts of an address."""
        return [getattr(self.rows[name], "pk", self.rows[name]) for name in names]


def furnish(world: World) -> Things:
    """Add them to the newsroom."""
    rows: dict[str, Any] = {"app": "articles", "provider": make_provider(name=f"{MARK} Press")}
    rows["article"] = world.articles["anonymous", False, "new"]
    rows["withdrawn"] = world.articles["anonymous", False, "withdrawn"]
    rows["drafted"] = world.articles["anonymous", False, "drafted"]
    rows["revision"] = rows["drafted"].revisions.order_by("pk").first()
    rows["kind"] = ContentType.objects.get_for_model(Article)
    rows |= _on_the_desk(world, rows["article"]) | _records(world, rows["article"]) | _people(world)
    rows["transition_article"] = rows["transition"].article
    rows["lead"], rows["member"] = make_story({"title": f"{MARK} lead"}, {"quality": 1})
    now = timezone.now()
    live = {"state": "published", "go_live_at": now, "first_published_at": now}
    rows["live_lead"], rows["heir"] = make_story(live, {"quality": 1, "state": "approved"})
    rows["led_story"], rows["live_story"] = rows["lead"].story, rows["live_lead"].story
    world.print = printed()
    return Things(world, rows)


def _note(world: World, article: Article, *, is_blocking: bool) -> Note:
    return Note.objects.create(
        article=article,
        author=world.colleague,
        text=f"{MARK} note",
        is_blocking=is_blocking,
        created_at=timezone.now(),
    )


def _act(world: World, action: str) -> Transition:
    article = make_article(is_backlog=action == "clear", state="spiked")
    return Transition.objects.create(
        article=article,
        action=action,
        from_state="new",
        to_state="spiked",
        actor=world.colleague,
        version=1,
        at=timezone.now(),
        batch=f"batch of {action}",
        before={"columns": {"state": "new"}},
    )


def _on_the_desk(world: World, article: Article) -> dict[str, Any]:
    now, colleague = timezone.now(), world.colleague
    return {
        "note": _note(world, article, is_blocking=False),
        "blocking_note": _note(
            world, world.articles["anonymous", False, "sent back"], is_blocking=True
        ),
        "saved_view": SavedView.objects.create(
            owner=colleague, name="Mine", is_shared=True, created_at=now
        ),
        "share_link": ShareLink.objects.create(
            article=article, made_by=colleague, made_at=now, expires_at=now + timedelta(days=1)
        ),
        "erasure": Erasure.objects.create(
            stem="erased", identity=0, actor=colleague, reason=MARK, at=now
        ),
        "signin": SignIn.objects.create(outcome="in", person=colleague, at=now),
        "task": Task.objects.create(
            kind="mail", key="0", standing="failed", error=MARK, made_at=now, due_at=now
        ),
        "picture": _picture(article),
        "transition": _act(world, "spike"),
        "cleared": _act(world, "clear"),
        "story": article.story,
        "topic": world.common,
        "elsewhere": RelatedItem.objects.create(
            identity=1,
            title_hash=1,
            title=f"{MARK} elsewhere",
            link="https://elsewhere.example/piece",
            printed_by="2024-05-06-some",
        ),
    }


def _picture(article: Article) -> PictureSource:
    now = timezone.now()
    kind, sizes = PictureKind.PICTURE, {"width": 640, "height": 360, "size": 1, "tint": 0}
    kept = Picture.objects.create(digest="0" * 64, kind=kind, kept_at=now, changed_at=now, **sizes)
    return PictureSource.objects.create(kind=kind, article=article, picture=kept)


def _records(world: World, article: Article) -> dict[str, Any]:
    now = timezone.now()
    run = Run.objects.create(kind="import", root="content", started_at=now, totals={})
    text = f'---\ntitle: "{MARK} file"\n---\n\n'.encode()
    source = Source.objects.create(
        kind="article",
        key=article.slug,
        path=f"_news/{article.slug}.md",
        digest=sha256(text).digest(),
        data=packed_files([text])[0],
        run=run,
    )
    upload = {"name": f"{MARK}.zip", "standing": "planned", "made_by": world.colleague}
    # The world's articles went live an hour ago; after midnight that is another day.
    day = timezone.localdate(now - timedelta(hours=1))
    digest = Digest.objects.create(day=day, introduction=f"{MARK} words")
    fill(digest, now)
    return {
        "run": run,
        "conflict": Conflict.objects.create(
            source=source, key="title", ours="Ours", theirs="Theirs", message="two", run=run
        ),
        "removal": Conflict.objects.create(
            source=source, key="removed", ours=None, theirs=True, message="back", run=run
        ),
        "digest": digest,
        "closed_digest": Digest.objects.create(day=date(2024, 5, 6), closed_at=now),
        "syncrun": SyncRun.objects.create(standing="done", asked_at=now, root="content", taken=run),
        "upload": Upload.objects.create(**upload, made_at=now, changed_at=now),
    }


def _people(world: World) -> dict[str, Any]:
    Person.objects.create(user=world.colleague)
    return {
        # Pages of people have the addresses of their accounts.
        "person": world.colleague,
        "user": make_user("editor"),
        "superior": make_user("superuser"),
        "group": Group.objects.get(name="editor"),
    }
