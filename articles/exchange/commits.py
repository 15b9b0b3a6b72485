"""Who changed which lines of the files to write, as commits that read like an editorial log."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.models import User

from ..models import Revision, Run
from ..workflow.audit import record_of
from .deeds import CREATE, OF_STORIES, STORY_ACTS, Deed, Deeds, edits_of
from .gitstream import Commit, Person
from .related import PIECE
from .scan import WITHIN, Kind
from .targets import Targets


@dataclass(slots=True)
class Share:
    """What one person did to the files of a sync, by path: keys (None: the whole file) and acts."""

    actor: int | None
    keys: dict[str, set[str] | None] = field(default_factory=dict)
    deeds: dict[str, set[Deed]] = field(default_factory=lambda: defaultdict(set))

    @property
    def last(self) -> datetime | None:
        """When the last of it was done; None for what follows from nobody's act."""
        return max((deed.at for deed in self.all_deeds()), default=None)

    def all_deeds(self) -> set[Deed]:
        """The acts, each once."""
        return {deed for deeds in self.deeds.values() for deed in deeds}

    def give(self, path: str, key: str | None, deed: Deed | None) -> None:
        """Note that a key of a file, or the whole of it, is of this person, by that act."""
        if deed:
            self.deeds[path].add(deed)
        if key is None:
            self.keys[path] = None
        else:
            keys = self.keys.setdefault(path, set())
            if keys is not None:
                keys.add(key)

    def move(self, path: str, to: Share) -> None:
        """Hand over all that concerns one file."""
        to.keys[path] = self.keys.pop(path)
        to.deeds[path] = self.deeds.pop(path, set())


def committer() -> Person:
    """The site itself, which commits what others did."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Person(name or settings.SITE_NAME, address)


def commits(
    run: Run, files: Mapping[str, bytes], targets: Mapping[str, Targets], at: datetime
) -> list[Commit]:
    """One commit for each person whose acts the files (bytes by path) tell of, in the order of
    their last acts; what follows from nobody's act is the site's own, and comes first.

    Where several worked on one file each commit changes the lines of its author alone. A new one
    of several is made by its own author first, in a commit before all others if need be.
    """
    return _Log(run, files, targets, at).commits()


class _Log:
    def __init__(
        self, run: Run, files: Mapping[str, bytes], targets: Mapping[str, Targets], at: datetime
    ) -> None:
        self._run, self._files, self._targets, self._at = run, files, targets, at
        self._paths = _sorted_out(files)
        self._slugs = self._paths[Kind.ARTICLE]
        self._shares: dict[int | None, Share] = {}
        self._makers: dict[str, Deed] = {}
        """Who made the new files, of those that several worked on."""
        before = Run.objects.filter(kind=Run.Kind.EXPORT, finished_at__isnull=False, root=run.root)
        last = before.first()
        self._since = last.started_at if last else None

    def commits(self) -> list[Commit]:
        self._share_articles()
        for kind in (Kind.PROVIDER, Kind.TOPIC):
            edits = edits_of(kind, self._paths[kind].values())
            for path, key in self._paths[kind].items():
                self._give(path, None, edits.get(key))
        people = User.objects.in_bulk([actor for actor in self._shares if actor is not None])
        self._drafts = self._as_made()
        done: dict[str, set[str]] = defaultdict(set)
        order = self._order()
        left = Counter(path for share in order for path in share.keys)
        made = []
        for share in order:
            author = _person(people.get(share.actor or 0))
            commit = Commit(author, self._time(share), self._message(share))
            for path, keys in share.keys.items():
                left[path] -= 1
                done[path] |= keys or set()
                is_whole = keys is None or not left[path]
                commit.files[path] = self._files[path] if is_whole else self._so_far(path, done)
            made.append(commit)
        return made

    def _so_far(self, path: str, done: Mapping[str, Collection[str]]) -> bytes:
        """A file with the changes of those who had their turn."""
        slug = self._slugs[path]
        if draft := self._drafts.get(path):
            return self._targets[slug].first(slug, *draft, done[path])
        return self._targets[slug].of(slug, done[path])

    def _share_articles(self) -> None:
        """Give each changed key of each article to whoever changed it last."""
        changed = {
            path: self._targets[slug].changed(slug) if slug in self._targets else set()
            for path, slug in self._slugs.items()
        }
        pieces = (key for keys in changed.values() for key in keys if key.startswith(PIECE))
        named = {piece.split("/")[1] for piece in pieces}
        deeds = Deeds(self._slugs.values(), named, self._since)
        for path, slug in self._slugs.items():
            if slug not in self._targets:
                # Written again as it was, since it had been taken away.
                self._give(path, None, None)
            elif self._targets[slug].is_new(slug):
                self._share_new(path, changed[path], deeds)
            else:
                for key in sorted(changed[path]):
                    self._give(path, key, deeds.behind(slug, key))

    def _share_new(self, path: str, keys: Iterable[str], deeds: Deeds) -> None:
        own = deeds.about(self._slugs[path])
        maker = own[-1] if own else None
        said = {key: deeds.explicit(self._slugs[path], key) for key in keys}
        others = {deed.actor for deed in said.values() if deed and maker and maker != deed}
        if maker is None or maker.action != CREATE or others <= {maker.actor}:
            self._give(path, None, maker)
            return
        self._makers[path] = maker
        for key, deed in sorted(said.items()):
            self._give(path, key, deed or maker)
        # Whatever was written over since, somebody made it.
        self._give(path, CREATE, maker)

    def _as_made(self) -> dict[str, tuple[dict[str, object], str]]:
        """Front matter and body of the new files of several, as their makers left them."""
        wanted = {deed.revision: path for path, deed in self._makers.items()}
        found = {}
        for revision in Revision.objects.filter(pk__among=list(wanted)):
            record = record_of(zlib.decompress(revision.data))
            found[wanted[revision.pk]] = (record.values, record.body)
        return found

    def _give(self, path: str, key: str | None, deed: Deed | None) -> None:
        actor = deed.actor if deed else None
        self._shares.setdefault(actor, Share(actor)).give(path, key, deed)

    def _order(self) -> list[Share]:
        """The shares by their last acts; makers whose turn would be too late have one before."""
        order = sorted(self._shares.values(), key=lambda share: (bool(share.last), share.last))
        first: dict[int, Share] = {}
        for path, deed in self._makers.items():
            turn = next(share for share in order if path in share.keys)
            if turn.actor != deed.actor:
                early = first.setdefault(deed.actor, Share(deed.actor))
                self._shares[deed.actor].move(path, early)
        early_ones = sorted(first.values(), key=lambda share: (bool(share.last), share.last))
        return [share for share in (*early_ones, *order) if share.keys]

    def _is_old(self, deed: Deed) -> bool:
        """Whether a sync has told of it before: what others wrote over it is put right now."""
        return self._since is not None and deed.at <= self._since

    def _time(self, share: Share) -> datetime:
        fresh = (deed.at for deed in share.all_deeds() if not self._is_old(deed))
        return max(fresh, default=self._at)

    def _message(self, share: Share) -> str:
        """The acts counted in one line, then each with its comment, then the run."""
        deeds = sorted(share.all_deeds())
        fresh = [deed for deed in deeds if not self._is_old(deed)]
        counts = _counted(fresh) + Counter(keep=len(deeds) - len(fresh))
        files = len(share.keys)
        subject = ", ".join(_phrase(verb, count) for verb, count in counts.most_common() if count)
        subject = subject or f"bring {files} file{'s' * (files != 1)} up to date"
        lines = "\n".join(self._lines(deeds))
        parts = [subject[:1].upper() + subject[1:], lines, f"Newsroom-Run: {self._run.pk}"]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _lines(self, deeds: Iterable[Deed]) -> Iterator[str]:
        for deed in deeds:
            kept = f"keep, of {deed.at:%Y-%m-%d}: " if self._is_old(deed) else ""
            said = f": {' '.join(deed.comment.split())}" if deed.comment else ""
            yield f"{kept}{deed.verb} {deed.about}{said}"


def _phrase(verb: str, count: int) -> str:
    """`publish 3`, `merge 2 stories`."""
    stories = (" story" if count == 1 else " stories") if verb in OF_STORIES else ""
    return f"{verb} {count}{stories}"


def _counted(deeds: Iterable[Deed]) -> Counter[str]:
    """How often each verb was done; both articles of a swapped lead have a row of it."""
    told = ((deed.verb, deed.at if deed.action in STORY_ACTS else deed.number) for deed in deeds)
    return Counter(verb for verb, _ in dict.fromkeys(told))


def _sorted_out(files: Iterable[str]) -> dict[Kind, dict[str, str]]:
    """The key of each path by kind; what lies in no folder of a kind is an article."""
    found: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
    for path in files:
        kind = next((kind for kind, start in WITHIN if path.startswith(start)), Kind.ARTICLE)
        found[kind][path] = path.rpartition("/")[2].rpartition(".")[0]
    return found


def _person(user: User | None) -> Person:
    if user is None:
        return committer()
    address = user.email or f"{user.username}@{settings.SITE_HOST}"
    return Person(user.get_full_name() or user.username, address)
