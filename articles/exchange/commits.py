"""Who changed which lines of the files to write, as commits that read like an editorial log."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from ..models import Article, Run, Transition
from ..printing import KEY_OF_COLUMN
from ..states import Action, State
from .repository import Commit, Person
from .scan import WITHIN, Kind
from .shelves import changed_rows
from .targets import Targets

FROM_STATE = ("published", "removed", "heat")
"""Keys that follow from decisions about an article."""

FROM_STORY = ("related", "heat", "published")
"""Keys that follow from what is done to the others of its story."""

STORY_ACTS = ("attach", "detach", "swap_lead")

VERBS = {
    Action.REPUBLISH: "publish",
    Action.PUBLISH_DRAFT: "correct",
    Action.SAVE_DRAFT: "draft",
    Action.REQUEST_CHANGES: "send back",
    "attach": "join",
    "swap_lead": "change the lead of",
    "resolve_conflict": "decide a conflict of",
    "create": "add",
}
"""What a log calls an act, where its own name would not do."""


@dataclass(frozen=True, slots=True, order=True)
class Deed:
    """One act of a person that a file may tell of; they are in order of time. `number` is the audit
    row, `about` what was acted on, `keys` those of its file that were changed."""

    at: datetime
    number: int
    actor: int
    about: str
    action: str
    verb: str
    comment: str = ""
    keys: frozenset[str] = frozenset()
    is_decision: bool = False


@dataclass(slots=True)
class Share:
    """What one person did to the files of a sync: keys by path (None: the whole file)."""

    deeds: set[Deed] = field(default_factory=set)
    keys: dict[str, set[str] | None] = field(default_factory=dict)

    @property
    def last(self) -> datetime | None:
        """When the last of it was done; None for what follows from nobody's act."""
        return max(deed.at for deed in self.deeds) if self.deeds else None


def committer() -> Person:
    """The site itself, which commits what others did."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Person(name or settings.SITE_NAME, address)


def commits(run: Run, files: Mapping[str, bytes], at: datetime) -> list[Commit]:
    """One commit for each person whose acts the files (bytes by path) tell of, in the order of
    their last acts; what follows from nobody's act is the site's own, and comes first.

    `at` is when the bytes were worked out. A key that several changed is whose change was last.
    """
    by_kind = _sorted_out(files)
    shares: dict[int | None, Share] = defaultdict(Share)
    targets = _share_articles(by_kind[Kind.ARTICLE], at, shares)
    for kind in (Kind.PROVIDER, Kind.TOPIC):
        _share_catalogue(kind, by_kind[kind], shares)
    people = User.objects.in_bulk([actor for actor in shares if actor is not None])
    done: dict[str, set[str]] = defaultdict(set)
    made = []
    order = sorted(shares.items(), key=lambda item: (item[1].last is not None, item[1].last))
    left = Counter(path for _, share in order for path in share.keys)
    for actor, share in order:
        commit = Commit(_person(people.get(actor or 0)), share.last or at, _message(share, run))
        for path, keys in share.keys.items():
            left[path] -= 1
            done[path] |= keys or set()
            is_whole = keys is None or not left[path]
            slug = by_kind[Kind.ARTICLE].get(path, "")
            commit.files[path] = files[path] if is_whole else targets.of(slug, done[path])
        made.append(commit)
    return made


def _sorted_out(files: Iterable[str]) -> dict[Kind, dict[str, str]]:
    """The key of each path by kind; what lies in no folder of a kind is an article."""
    found: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
    for path in files:
        kind = next((kind for kind, start in WITHIN if path.startswith(start)), Kind.ARTICLE)
        found[kind][path] = path.rpartition("/")[2].rpartition(".")[0]
    return found


def _share_articles(
    slugs: Mapping[str, str], at: datetime, shares: dict[int | None, Share]
) -> Targets:
    """Give each changed key of each article to whoever changed it last."""
    targets = Targets(list(slugs.values()), at)
    rows = Article.objects.filter(slug__among=list(slugs.values()))
    stories = dict(rows.values_list("slug", "story_id"))
    deeds = _deeds(set(stories.values()))
    for path, slug in slugs.items():
        own = [deed for deed in deeds[stories[slug]] if deed.about == slug]
        near = [deed for deed in deeds[stories[slug]] if deed.about != slug]
        changed = targets.changed(slug)
        if changed is None:
            _give(shares, path, own[-1] if own else None, None)
            continue
        for key in sorted(changed):
            _give(shares, path, _behind(key, own, near), key)
    return targets


def _deeds(stories: set[int]) -> dict[int, list[Deed]]:
    """What people did to the articles of these stories, newest first."""
    acts = Transition.objects.filter(article__story__among=list(stories), actor__isnull=False)
    found: dict[int, list[Deed]] = defaultdict(list)
    for act in acts.select_related("article").order_by("-id"):
        found[act.article.story_id].append(
            Deed(
                act.at,
                act.pk,
                act.actor_id or 0,
                act.article.slug,
                act.action,
                _verb(act),
                act.comment,
                frozenset(map(_key, act.changes or ())),
                act.from_state != act.to_state,
            )
        )
    return found


def _key(column: str) -> str:
    """The key of the file that a column is printed at: all of `provider_…` at `provider`."""
    return KEY_OF_COLUMN.get(column, column.partition("_")[0])


def _verb(act: Transition) -> str:
    if act.action == Action.EDIT:
        return "correct" if act.from_state == State.PUBLISHED else "edit"
    return VERBS.get(act.action, act.action.replace("_", " "))


def _behind(key: str, own: Sequence[Deed], near: Sequence[Deed]) -> Deed | None:
    """The act that a key of a file follows from; both newest first."""
    ways = (
        (deed for deed in own if key in deed.keys),
        (deed for deed in own if key in FROM_STATE and deed.is_decision),
        (
            deed
            for deed in sorted((*own, *near), reverse=True)
            if key in FROM_STORY and (deed.action in STORY_ACTS or deed.is_decision)
        ),
        iter(near if key in FROM_STORY else ()),
        iter(own),
        iter(near),
    )
    return next((deed for way in ways for deed in way), None)


def _share_catalogue(kind: Kind, keys: Mapping[str, str], shares: dict[int | None, Share]) -> None:
    """Give each file to whoever edited its row last."""
    if not keys:
        return
    ids = {key: str(changed.row.pk) for key, changed in changed_rows(kind).items()}
    entries = LogEntry.objects.filter(content_type__model=kind.value, object_id__in=ids.values())
    last = {entry.object_id: entry for entry in entries.order_by("pk")}
    for path, key in keys.items():
        entry, name = last.get(ids.get(key)), f"{kind.value} {key}"
        edit = (
            Deed(entry.action_time, entry.pk, entry.user_id, name, "edit", "edit")
            if entry
            else None
        )
        _give(shares, path, edit, None)


def _give(shares: dict[int | None, Share], path: str, deed: Deed | None, key: str | None) -> None:
    share = shares[deed.actor if deed else None]
    if deed:
        share.deeds.add(deed)
    if key is None:
        share.keys[path] = None
    else:
        keys = share.keys.setdefault(path, set())
        if keys is not None:
            keys.add(key)


def _person(user: User | None) -> Person:
    if user is None:
        return committer()
    address = user.email or f"{user.username}@{settings.SITE_HOST}"
    return Person(user.get_full_name() or user.username, address)


def _message(share: Share, run: Run) -> str:
    """The acts counted in one line, then each with its comment, then the run."""
    deeds = sorted(share.deeds)
    # Both articles of a swapped lead have a row of it.
    told = {(deed.verb, deed.at if deed.action in STORY_ACTS else deed.number) for deed in deeds}
    counts = Counter(verb for verb, _ in told)
    files = len(share.keys)
    subject = ", ".join(f"{verb} {count}" for verb, count in counts.most_common())
    subject = subject or f"bring {files} file{'s' * (files != 1)} up to date"
    lines = [
        f"{deed.verb} {deed.about}"
        + (f": {' '.join(deed.comment.split())}" if deed.comment else "")
        for deed in deeds
    ]
    parts = [subject[:1].upper() + subject[1:], "\n".join(lines), f"Newsroom-Run: {run.pk}"]
    return "\n\n".join(part for part in parts if part) + "\n"
