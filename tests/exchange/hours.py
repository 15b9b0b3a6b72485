"""Hour after hour a robot pushes and editors act, and what has to hold after every sync."""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from articles.exchange import resolve
from articles.frontmatter import Entry, patch, read
from articles.models import Article, Claim, Conflict, PairFact
from articles.stories import NotPossible, attach, detach, merge, split, swap_lead
from articles.stories.placing import place
from articles.workflow import ActRefused
from tests.content import Piece, put
from tests.exchange.acts import act, article, bring_out, edit
from tests.exchange.repositories import Repositories, git

REFUSED = (ActRefused, NotPossible, PermissionDenied, ValidationError)
LIKELY = {
    "published": ("unpublish",),
    "unpublished": ("republish", "republish", "spike"),
    "spiked": ("unspike",),
    "new": ("publish", "publish", "publish", "spike", "approve"),
}
"""What editors decide about an article in a state."""

DERIVED = {"published", "removed", "heat", "related"}
"""Keys that may change in files which somebody's act was not about."""

SITE = "Newsroom"
"""Who commits what follows from nobody's act."""

Said = dict[tuple[str, str], Any]
"""Values by slug and key."""


class Fault(NamedTuple):
    """Something wrong after an hour: `what` is one of the words below."""

    what: str
    says: str


LOST, CONFLICT, UNEQUAL, STRANGE = "lost", "conflict", "unequal", "strange"


@dataclass
class Hours:
    """Rounds on one repository. `said` is what was last said about each key, by either side."""

    repos: Repositories
    people: list[User]
    chance: random.Random
    said: Said = field(default_factory=dict)
    edited: set[tuple[str, str, str]] = field(default_factory=set)
    """(editor, slug, key) of this round."""
    acted: dict[str, set[str]] = field(default_factory=dict)
    """Slugs whose files each editor's acts may change, of this round."""
    ever: dict[str, set[str]] = field(default_factory=dict)
    """The same of all rounds: what a robot writes over is written back for them."""
    about: dict[str, set[str]] = field(default_factory=dict)
    """What each editor acted on in this round."""
    states: dict[str, str] = field(default_factory=dict)
    """What editors decided."""
    done: Counter[str] = field(default_factory=Counter)
    """How often editors did what, of all rounds."""
    number: int = 0

    def round(self) -> list[Fault]:
        """The robot pushes, editors act, the site gets in step; answers what is wrong then."""
        self.number += 1
        self.edited.clear()
        self.acted.clear()
        self.about.clear()
        theirs: Said = {}
        ours: Said = {}
        self.repos.push(lambda folder: self._robot(folder, theirs), f"Hour {self.number}")
        for _ in range(self.chance.randint(0, 4)):
            self._editor(ours)
        before = git(self.repos.kept, "rev-parse", "main").strip()
        both = {key for key in ours.keys() & theirs.keys() if ours[key] != theirs[key]}
        # A link stands for another piece: what was edited meanwhile was said of the old one.
        edited = {slug for slug, _ in ours}
        both |= {(slug, key) for slug, key in theirs if key == "webUrl" and slug in edited}
        self.said |= theirs | ours
        for slug, _ in both:
            # Decided for the desk, whose link was never said.
            for key in ("webUrl", "originalUrl"):
                self.said.pop((slug, key), None)
        sync = self.repos.sync()
        for name, slugs in self.about.items():
            # The robot may have joined others to them meanwhile.
            for known in (self.acted, self.ever):
                known[name] |= around(slugs)
        refused = [file for file in sync.given.files if file.errors]
        found = [Fault(UNEQUAL, f"{file.path}: {file.errors}") for file in refused]
        found += [Fault(STRANGE, says) for says in self._strange_lines(before)]
        found += [Fault(CONFLICT, says) for says in self._conflicts(both)]
        found += [Fault(UNEQUAL, says) for says in self._apart()]
        found += [Fault(LOST, says) for says in self._lost()]
        return found

    # What the robot does.

    def _robot(self, folder: Path, theirs: Said) -> None:
        for _ in range(self.chance.randint(1, 4)):
            file = self.chance.choice(sorted((folder / "_news").iterdir()))
            self.chance.choice(
                [self._add, self._grow, self._heat, self._flip, self._title, self._link]
            )(folder, file, theirs)

    def _put(self, file: Path, theirs: Said, **changes: Any) -> None:
        file.write_bytes(patch(file.read_bytes(), changes))
        theirs |= {(file.stem, key): value for key, value in changes.items()}

    def _add(self, folder: Path, file: Path, theirs: Said) -> None:
        name = f"wire-{self.number}-{self.chance.randint(0, 9999)}"
        put(folder, Piece(name, quality=self.chance.randint(20, 90)))

    def _grow(self, folder: Path, file: Path, theirs: Said) -> None:
        other = self.chance.choice(sorted((folder / "_news").iterdir()))
        if other == file:
            return
        for one, two in ((file, other), (other, file)):
            values = read(one.read_bytes()).values.get("related") or []
            entry = entry_of(read(two.read_bytes()).values)
            kept = [Entry(index) for index in range(len(values))]
            if not any(value["webUrl"] == entry["webUrl"] for value in values):
                one.write_bytes(patch(one.read_bytes(), {"related": [*kept, Entry(None, entry)]}))

    def _heat(self, folder: Path, file: Path, theirs: Said) -> None:
        file.write_bytes(patch(file.read_bytes(), {"heat": self.chance.randint(1, 300)}))

    def _flip(self, folder: Path, file: Path, theirs: Said) -> None:
        is_out = read(file.read_bytes()).values.get("published") is True
        file.write_bytes(patch(file.read_bytes(), {"published": not is_out}))

    def _title(self, folder: Path, file: Path, theirs: Said) -> None:
        self._put(file, theirs, title=f"Wired in hour {self.number}: {file.stem}")

    def _link(self, folder: Path, file: Path, theirs: Said) -> None:
        link = f"https://wire.example/{self.number}/{file.stem}"
        self._put(file, theirs, webUrl=link, originalUrl=link)

    # What editors do.

    def _editor(self, ours: Said) -> None:
        person = self.chance.choice(self.people)
        slug = self.chance.choice(
            list(Article.objects.order_by("slug").values_list("slug", flat=True))
        )
        doing: Callable[[str, User, Said], None] = self.chance.choice(
            [
                self._edit,
                self._edit,
                self._decide,
                self._decide,
                self._join,
                self._leave,
                self._lead,
                self._merge,
                self._split,
                self._pin,
            ]
        )
        near = around({slug})
        try:
            with transaction.atomic():
                doing(slug, person, ours)
        except REFUSED:
            return
        self.done[doing.__name__.strip("_")] += 1
        near |= around({slug})
        for known in (self.acted, self.ever):
            known.setdefault(person.first_name, set()).update(near)
        self.about.setdefault(person.first_name, set()).add(slug)
        touched = Article.objects.filter(slug__in=near, touched_at__isnull=False)
        self.states |= dict(touched.values_list("slug", "state"))

    def _edit(self, slug: str, person: User, ours: Said) -> None:
        key, text = self.chance.choice(["title", "excerpt"]), f"Told by {person.first_name}"
        text = f"{text} in hour {self.number}, {self.chance.randint(0, 9999)}"
        changes: dict[str, Any] = {key: text}
        edit(slug, person, **changes)
        self.edited.add((person.first_name, slug, key))
        ours[slug, key] = text

    def _decide(self, slug: str, person: User, ours: Said) -> None:
        action = self.chance.choice(LIKELY.get(article(slug).state, ("publish",)))
        said = {"reason": "other"} if action == "spike" else {}
        act(slug, action, person, **said)

    def _join(self, slug: str, person: User, ours: Said) -> None:
        attach(article(slug), article(self._another_lead(slug)), person)

    def _another_lead(self, slug: str) -> str:
        leads = Article.objects.filter(is_lead=True).exclude(slug=slug).order_by("slug")
        return str(self.chance.choice(list(leads.values_list("slug", flat=True))))

    def _leave(self, slug: str, person: User, ours: Said) -> None:
        detach(article(slug), person)

    def _lead(self, slug: str, person: User, ours: Said) -> None:
        row = article(slug)
        swap_lead(row, person, expected_version=row.version)

    def _merge(self, slug: str, person: User, ours: Said) -> None:
        heir, other = article(slug), article(self._another_lead(slug))
        merge(heir, [other], person, seen={heir.pk: heir.version, other.pk: other.version})

    def _split(self, slug: str, person: User, ours: Said) -> None:
        row = article(slug)
        members = list(Article.objects.filter(story=row.story_id).order_by("slug"))
        some = self.chance.sample(members, self.chance.randint(1, max(1, len(members) - 1)))
        split(some, person, seen={one.pk: one.version for one in some})

    def _pin(self, slug: str, person: User, ours: Said) -> None:
        row, until = article(slug), timezone.now() + timedelta(hours=5)
        number, seen = self.chance.randint(1, 5), row.version
        place(row, "pin", person, expected_version=seen, reason="big", until=until, number=number)

    # What has to hold.

    def _conflicts(self, both: set[tuple[str, str]]) -> Iterator[str]:
        """Conflicts are of keys that both sides changed; they are decided for the desk."""
        open_ones = list(Conflict.objects.filter(resolution="").select_related("source"))
        for conflict in open_ones:
            keys = {"webUrl", "title", "excerpt"}
            if not any((conflict.source.key, key) in both for key in keys):
                yield f"unexpected conflict of {conflict}: {conflict.message}"
            resolve(conflict.source.key, conflict.key, "ours")
        if open_ones:
            self.repos.sync()

    def _strange_lines(self, before: str) -> Iterator[str]:
        """Each commit changes what its author edited, and what follows from acts: of this hour, or
        of an earlier one where the robot wrote over it since."""
        paths = git(self.repos.robot, "diff", "--name-only", "HEAD~1", "HEAD").split()
        robots = {Path(path).stem for path in paths}
        stirred = around(robots)
        for commit in git(self.repos.kept, "rev-list", f"{before}..main").split():
            author = git(self.repos.kept, "show", "-s", "--format=%an", commit).strip()
            for path in git(
                self.repos.kept, "diff-tree", "-r", "--name-only", "--no-commit-id", commit
            ).split():
                slug = Path(path).stem
                for key in changed_keys(self.repos.kept, commit, path):
                    is_derived = key in DERIVED and (
                        slug in self.acted.get(author, ())
                        or author == SITE
                        or (slug in stirred and self.ever.get(author, set()) & {slug, *robots})
                    )
                    if not is_derived and (author, slug, key) not in self.edited:
                        yield f"a commit of {author} changes {key} of {slug}"

    def _apart(self) -> Iterator[str]:
        """Where the repository and the database are not equal."""
        again = self.repos.sync()
        if again.commits or any(file.outcome != "unchanged" for file in again.taken.files):
            told = [f for f in (*again.taken.files, *again.given.files) if f.outcome != "unchanged"]
            yield f"the next run still had to do {told}"
        for report in bring_out(self.repos.site, check=True).files:
            if report.outcome != "unchanged":
                yield f"{report.path} is not what the database says: {report.errors}"
        if git(self.repos.site, "status", "--porcelain"):
            yield "the work tree is dirty"

    def _lost(self) -> Iterator[str]:
        """What either side said last, and one of them forgot."""
        rows = {row.slug: row for row in Article.objects.all()}
        for (slug, key), value in self.said.items():
            text = git(self.repos.kept, "show", f"main:_news/{slug}.md")
            held = read(text.encode()).values.get(key)
            here = getattr(rows[slug], COLUMNS[key])
            if not value == held == here:
                yield f"{slug}: {key} was said to be {value!r}, is {held!r} there, {here!r} here"
        for slug, state in self.states.items():
            # A new text of the file voids an approval.
            if rows[slug].state not in (state, "in_review" if state == "approved" else state):
                yield f"{slug} was decided to be {state}, and is {rows[slug].state}"
        for fact in PairFact.objects.select_related("first", "second"):
            if (fact.first.story_id == fact.second.story_id) != fact.is_together:
                yield f"{fact.first.slug} and {fact.second.slug} are not as somebody decided"


COLUMNS = {
    "title": "title",
    "excerpt": "excerpt",
    "webUrl": "web_url",
    "originalUrl": "original_url",
}


def around(slugs: Iterable[str]) -> set[str]:
    """These articles, those of their stories, and those whose files name any of them."""
    stories = Article.objects.filter(slug__in=list(slugs)).values("story")
    rows = Article.objects.filter(story__in=stories)
    naming = Claim.objects.filter(identity__in=rows.values("identity"))
    return {*rows.values_list("slug", flat=True), *naming.values_list("article__slug", flat=True)}


def entry_of(values: dict[str, Any]) -> dict[str, Any]:
    """An article as another file's entry."""
    names = ("title", "excerpt", "publishedDateTime", "webUrl", "type", "quality")
    return {name: values[name] for name in names if name in values}


def changed_keys(repository: Path, commit: str, path: str) -> set[str]:
    """The keys whose values a commit changed in one file."""
    try:
        old = read(git(repository, "show", f"{commit}~1:{path}").encode()).values
    except subprocess.CalledProcessError:
        # The file is new.
        return set()
    new = read(git(repository, "show", f"{commit}:{path}").encode()).values
    return {key for key in {*old, *new} if old.get(key) != new.get(key)}
