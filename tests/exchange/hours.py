"""Hour after hour a robot pushes and editors act, and what has to hold after every sync."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from articles.exchange import resolve
from articles.frontmatter import Entry, patch, read
from articles.models import Article, Conflict
from articles.stories import NotPossible, attach, detach, swap_lead
from articles.workflow import ActRefused
from tests.content import Piece, put
from tests.exchange.acts import act, article, bring_out, edit
from tests.exchange.repositories import Repositories, git

REFUSED = (ActRefused, NotPossible, PermissionDenied, ValidationError)
DERIVED = {"published", "removed", "heat", "related"}
"""Keys that may change in files which somebody's act was not about."""

Said = dict[tuple[str, str], Any]
"""Values by slug and key."""


@dataclass
class Hours:
    """Rounds on one repository. `said` is what was last said about each key, by either side."""

    repos: Repositories
    people: list[User]
    chance: random.Random
    said: Said = field(default_factory=dict)
    edited: set[tuple[str, str, str]] = field(default_factory=set)
    """(editor, slug, key) of this round."""
    number: int = 0

    def round(self) -> list[str]:
        """The robot pushes, editors act, the site gets in step; answers what is wrong then."""
        self.number += 1
        self.edited.clear()
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
        found = [f"{file.path}: {file.errors}" for file in sync.given.files if file.errors]
        found += self._strange_lines(before)
        found += self._conflicts(both)
        return [*found, *self._apart()]

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
        slug = self.chance.choice(list(Article.objects.values_list("slug", flat=True)))
        doing: Callable[[str, User, Said], None] = self.chance.choice(
            [
                self._edit,
                self._edit,
                self._decide,
                self._decide,
                self._join,
                self._leave,
                self._lead,
            ]
        )
        try:
            with transaction.atomic():
                doing(slug, person, ours)
        except REFUSED:
            return

    def _edit(self, slug: str, person: User, ours: Said) -> None:
        key, text = self.chance.choice(["title", "excerpt"]), f"Told by {person.first_name}"
        text = f"{text} in hour {self.number}, {self.chance.randint(0, 9999)}"
        changes: dict[str, Any] = {key: text}
        edit(slug, person, **changes)
        self.edited.add((person.first_name, slug, key))
        ours[slug, key] = text

    def _decide(self, slug: str, person: User, ours: Said) -> None:
        action = self.chance.choice(["publish", "publish", "unpublish", "spike", "republish"])
        said = {"reason": "other"} if action == "spike" else {}
        act(slug, action, person, **said)

    def _join(self, slug: str, person: User, ours: Said) -> None:
        leads = Article.objects.filter(is_lead=True).exclude(slug=slug)
        attach(article(slug), self.chance.choice(list(leads)), person)

    def _leave(self, slug: str, person: User, ours: Said) -> None:
        detach(article(slug), person)

    def _lead(self, slug: str, person: User, ours: Said) -> None:
        row = article(slug)
        swap_lead(row, person, expected_version=row.version)

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
        """Each commit changes what its author edited, and what follows from acts."""
        for commit in git(self.repos.kept, "rev-list", f"{before}..main").split():
            author = git(self.repos.kept, "show", "-s", "--format=%an", commit).strip()
            for path in git(
                self.repos.kept, "diff-tree", "-r", "--name-only", "--no-commit-id", commit
            ).split():
                slug = Path(path).stem
                for key in changed_keys(self.repos.kept, commit, path):
                    if key not in DERIVED and (author, slug, key) not in self.edited:
                        yield f"a commit of {author} changes {key} of {slug}"

    def _apart(self) -> Iterator[str]:
        """Where the repository and the database are not equal, or forgot what was said."""
        again = self.repos.sync()
        if again.commits or any(file.outcome != "unchanged" for file in again.taken.files):
            told = [f for f in (*again.taken.files, *again.given.files) if f.outcome != "unchanged"]
            yield f"the next run still had to do {told}"
        for report in bring_out(self.repos.site, check=True).files:
            if report.outcome != "unchanged":
                yield f"{report.path} is not what the database says: {report.errors}"
        if git(self.repos.site, "status", "--porcelain"):
            yield "the work tree is dirty"
        rows = {row.slug: row for row in Article.objects.all()}
        for (slug, key), value in self.said.items():
            text = git(self.repos.kept, "show", f"main:_news/{slug}.md")
            held = read(text.encode()).values.get(key)
            here = getattr(rows[slug], COLUMNS[key])
            if not value == held == here:
                yield f"{slug}: {key} was said to be {value!r}, is {held!r} there, {here!r} here"


COLUMNS = {
    "title": "title",
    "excerpt": "excerpt",
    "webUrl": "web_url",
    "originalUrl": "original_url",
}


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
