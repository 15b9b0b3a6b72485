"""Writes the public site into a folder, and what changed since it was last written."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Q
from django.urls import (
    get_script_prefix,
    get_urlconf,
    reverse,
    set_script_prefix,
    set_urlconf,
)
from django.utils import timezone

from ..images.rendering import standing_names
from ..lock import held, process
from ..models import Transition
from ..public import changes, clock
from ..public.pictures import stories_pictured_since
from ..public.responses import release
from ..public.sharing import sharing
from ..writing import Folder, UnsafePath, bytes_of
from . import lists, manifest, touched
from .ahead import read_ahead
from .asking import Asking, content, match_of
from .journal import Journal
from .manifest import Manifest
from .memory import Memory
from .orders import WORDLESS
from .places import file_of, meant, without_queries
from .seeds import seeds

LOCK = ".newsroom-lock"
URLS = "articles.publishing.urls"
_API = "/api/"
_MISSING = "/404.html"
_MOVED = '<!DOCTYPE html><meta http-equiv="refresh" content="0; url={0}"><a href="{0}">{0}</a>\n'


@dataclass(slots=True)
class Published:
    """What a run did, in files; `next_boundary` is when it should run again at the latest."""

    written: int = 0
    kept: int = 0
    deleted: int = 0
    unsafe: int = 0
    next_boundary: datetime | None = None


def publish(folder: Path, *, is_fresh: bool = False, memory: Memory | None = None) -> Published:
    """Make the folder hold what readers see now; `is_fresh` renders everything anew. Whoever
    publishes again and again gives each run the same memory.

    Every file is replaced in one step and the manifest comes last, so that a run that is killed
    leaves pages that are whole, and the next one makes all anew. Raises lock.Busy, NoAnswer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder / LOCK, f"publish_static, {process()}"), _prefix():
        return _Run(folder, memory or Memory(), is_fresh=is_fresh).carry_out()


@contextmanager
def _prefix() -> Iterator[None]:
    """Addresses as below SITE_URL, whoever asks for them, and none of the desk's."""
    before = get_script_prefix(), get_urlconf()
    set_script_prefix(f"{settings.SITE_PATH}/")
    set_urlconf(URLS)
    try:
        yield
    finally:
        set_script_prefix(before[0])
        set_urlconf(before[1])


class _Run:
    def __init__(self, folder: Path, memory: Memory, *, is_fresh: bool) -> None:
        self._folder, self._memory = Folder(folder), memory
        last = manifest.load(folder)
        self._old, self._before = Manifest() if is_fresh else last, last.files
        self._journal = Journal(folder)
        left = self._journal.left()
        self._is_cut_off = left is not None
        if left is not None:
            self._old = Manifest()
            # The files may be newer than the manifest says.
            self._before = dict.fromkeys(self._before.keys() | left, "")
        # Read before any page: what changes meanwhile is the next run's.
        self._at = timezone.now()
        self._clock = clock.read(self._at)
        self._day = timezone.localdate(self._at)
        self._new = Manifest(
            made_of=f"{release()} {self._day.year}",
            version=self._clock.version,
            next_boundary=self._clock.next.isoformat(),
        )
        self._standing, self._lists = touched.Standing(), lists.Lists()
        self._report = Published(next_boundary=self._clock.next)
        self._asking = Asking(self._clock)
        self._changed_names: list[bytes] = []
        self._seen: set[str] = set()
        self._untouched: set[str] = set()

    def carry_out(self) -> Published:
        if self._is_current():
            self._report.kept = len(self._old.files)
            return self._report
        self._look()
        if self._is_cut_off:
            self._folder.open()
        self._journal.begin()
        with sharing(self._keep_untouched()) as made:
            if not self._untouched:
                read_ahead(self._at)
            self._crawl()
            self._publish_missing()
        for path in self._before.keys() - self._new.files.keys():
            self._delete(path)
        if clock.read(timezone.now()).edition != self._clock.edition:
            # Pages may show what nothing read before they were made: the next run makes all anew.
            self._new.made_of = ""
        self._new.lists = self._lists.written()
        self._folder.write(self._folder.place(manifest.NAME), manifest.written(self._new))
        self._journal.end()
        self._memory.keep(self._new.cursor, made)
        return self._report

    def _is_current(self) -> bool:
        """Nothing changed, no boundary has passed, and the site is made of the same code."""
        old, new = self._old, self._new
        return bool(old.files) and (old.made_of, old.version) == (new.made_of, new.version)

    def _look(self) -> None:
        """Find out where everything stands."""
        new = self._new
        new.cursor = str(changes.now(self._at))
        self._standing = found = touched.standing(self._at)
        new.stories, new.names, new.placed = found.stories, found.names, found.placed
        self._lists = lists.Lists(found.orders, self._day.isoformat())

    def _keep_untouched(self) -> Mapping[Any, Any]:
        """Leave alone what no change since the last run can touch; answers what is known of it."""
        changed = self._changed()
        if changed is None:
            return {}
        old = self._old
        changed |= {address for address, _ in old.placed.items() ^ self._new.placed.items()}
        kept = touched.untouched(old.stories, old.names, self._standing, changed)
        for path, digest in old.files.items():
            if (folder := touched.folder_of(path)) in kept:
                self._untouched.add(folder)
                self._keep(path, digest)
        if not self._untouched:
            return {}
        self._keep_pictures()
        if old.placed == self._new.placed:
            self._lists = lists.standing(old.lists, self._lists.orders, self._lists.day)
            self._changed_names = lists.names(changed, self._standing)
        return self._memory.known(old.cursor, changed)

    def _keep_pictures(self) -> None:
        """Pages that are left alone show pictures that nobody asks for now."""
        shown = {f"media/{name}" for name in standing_names()}
        for path in shown & self._old.files.keys():
            self._keep(path, self._old.files[path])

    def _changed(self) -> set[str] | None:
        """The addresses of stories that something happened to; None when all are to be made."""
        if self._old.made_of != self._new.made_of or not self._old.cursor:
            return None
        found: set[str] = set()
        try:
            cursor = changes.parse(self._old.cursor, self._at)
        except (changes.TooOld, changes.BadCursor):
            return None
        if str(cursor) != self._old.cursor:
            # The clock was set back since, and what was noted meanwhile has earlier times.
            return None
        # What was written before that run may have been committed after it.
        since = cursor.at - changes.SLACK
        late = Q(at__gt=since) | Q(undone_by__at__gt=since)
        found.update(stories_pictured_since(since, self._at))
        notes = Transition.objects.exclude(public_note="").filter(late)
        found.update(filter(None, notes.values_list("article__story__slug", flat=True)))
        is_more = True
        while is_more:
            events, cursor, is_more = changes.since(cursor, self._at)
            found.update(event.slug for event in events)
        return found

    def _crawl(self) -> None:
        found = seeds(self._standing, self._untouched, self._at)
        waiting = deque(_below(address) for address in found)
        while waiting:
            address = meant(waiting.popleft())
            if address not in self._seen:
                self._seen.add(address)
                if not self._is_untouched(address):
                    waiting.extend(self._publish(address))

    def _is_untouched(self, address: str) -> bool:
        return touched.folder_of(file_of(self._lists.places.place(address))) in self._untouched

    def _publish(self, address: str) -> Sequence[str]:
        """Write what stands at an address; answers the addresses that it links to."""
        path = address.partition("?")[0]
        if path.startswith(_below(settings.STATIC_URL)):
            self._copy(path)
            return []
        if (links := self._kept_links(address)) is not None:
            return links
        match = match_of(path)
        if match is None:
            return []
        response = self._asking.get(address)
        is_renamed = response.status_code == 301
        if is_renamed and path.startswith(_API):
            # No static host can lead a program on.
            response = self._asking.get(_below(response.headers["Location"]))
        elif is_renamed or (response.status_code == 302 and path == _below(reverse("public:news"))):
            moved = _MOVED.format(response.headers["Location"])
            self._write(path, moved.encode())
            return []
        if response.status_code != 200:
            return []
        data, kind = content(response), response.headers["Content-Type"]
        if kind.startswith("text/html"):
            text, links = self._lists.places.rewritten(data.decode(), address)
            place = self._lists.places.place(address)
            self._write(place, text.encode())
            self._lists.note(match.url_name, address, file_of(place), links)
            return links
        if "xml" in kind or "feed" in kind:
            data = without_queries(data.decode()).encode()
        place = f"{path}index.json" if path.endswith("/") else path
        self._write(place, data)
        self._lists.note(match.url_name, address, file_of(place), [])
        return []

    def _publish_missing(self) -> None:
        """Write the page for addresses at which nothing is."""
        if self._kept_links(_MISSING) is None:
            self._write(_MISSING, content(self._asking.missing()))
            self._lists.note("missing", _MISSING, file_of(_MISSING), [])

    def _kept_links(self, address: str) -> Sequence[str] | None:
        """Where a list leads that tells of no story that changed, while all stand as they stood: it
        stays as it is. None for whatever is to be made."""
        order, path, links = self._lists.pages.get(address, lists.Page())
        digest = self._old.files.get(path)
        if digest is None or not os.path.isfile(self._folder.place(path)):
            return None
        if order not in WORDLESS and self._tells_of_changes(path):
            return None
        self._keep(path, digest)
        return links

    def _tells_of_changes(self, path: str) -> bool:
        data = bytes_of(self._folder.place(lists.told_in(path)))
        return data is None or any(name in data for name in self._changed_names)

    def _copy(self, path: str) -> None:
        """One of the site's own files."""
        name = path.removeprefix(_below(settings.STATIC_URL))
        found = finders.find(name) or Path(settings.STATIC_ROOT) / name
        file = Path(str(found))
        if file.is_file():
            self._write(path, file.read_bytes())

    def _write(self, place: str, data: bytes) -> None:
        path, digest = file_of(place), manifest.digest(data)
        try:
            target = self._folder.place(path)
        except UnsafePath:
            self._report.unsafe += 1
            return
        if self._before.get(path) == digest and Path(target).is_file():
            self._keep(path, digest)
            return
        if path not in self._before:
            self._journal.note(path)
        self._folder.write(target, data)
        self._new.files[path] = digest
        self._report.written += 1

    def _keep(self, path: str, digest: str) -> None:
        if path not in self._new.files:
            self._new.files[path] = digest
            self._report.kept += 1

    def _delete(self, path: str) -> None:
        try:
            target = Path(self._folder.place(path))
        except UnsafePath:
            return
        target.unlink(missing_ok=True)
        self._report.deleted += 1
        for parent in target.parents:
            # A run that was killed may have noted a file for which it made no folder.
            is_there = parent.is_dir()
            if parent == self._folder.root or (is_there and any(parent.iterdir())):
                return
            if is_there:
                parent.rmdir()


def _below(address: str) -> str:
    """An address as below SITE_URL."""
    return address.removeprefix(settings.SITE_PATH)
