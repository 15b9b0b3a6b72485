"""A disk that is full while somebody writes, and empty again: the database's, or that of files.

As the main module of `account.answer`: `WHAT DISK FOLDER TIMES SEED`, on the database of
DATABASE_URL, which it empties. Prints what went wrong by what was done, and what was met.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article, Transition, Upload
from articles.publishing import publish
from articles.safety.integrity import problems
from articles.safety.restore import checked
from tests.admin.racing.browser import Answer, Browser
from tests.admin.racing.ground import Folder, Ground, people
from tests.admin.racing.presses import Account, Typing
from tests.admin.racing.races import text
from tests.benchmarks.serving import Server
from tests.content import Piece, files_of, put
from tests.exchange.acts import bring_in, command
from tests.exchange.dying import in_child
from tests.exchange.killing import edited, imported
from tests.exchange.sites import made_up_site
from tests.uploads.packing import zip_of

from .disks import Disk

LONG = random.Random(1).randbytes(10_000).hex()
"""A body of several pages of a disk, which no database makes small."""
FULL = ("full", "No space left", "could not extend", "disk I/O", "cannot")
"""Words that say it."""
LARGE = 3_000_000
"""Bytes of an upload that is put aside on its way in."""


class Told(defaultdict[str, list[str]]):
    """What went wrong, by what was done; `met` counts how it ended."""

    def __init__(self) -> None:
        super().__init__(list)
        self.met: Counter[str] = Counter()

    def expect(self, what: str, holds: object, otherwise: str) -> None:
        if not holds:
            self[what].append(otherwise)


def shown(page: str) -> str:
    """Where a page says what is wrong."""
    return page[max(page.find("errornote"), 0) :][:600]


def pieces(seed: int) -> list[Piece]:
    return [piece.but(body=f"{LONG}\n") for piece in made_up_site(seed, is_settled=False)]


def emptied() -> None:
    call_command("flush", interactive=False, verbosity=0)


def said_of(words: tuple[object, ...]) -> tuple[int, str]:
    """Exit code and words of `manage.py frontmatter`; -1 for a traceback."""
    done = in_child(lambda: command(*words))
    return (done["answer"][0], done["answer"][2]) if done else (-1, "a traceback")


def judge_command(told: Told, what: str, code: int, said: str) -> None:
    """A run that met a full disk ends with a sentence, or as if it had met none."""
    told.met[f"{what} refused" if code else f"{what} had room"] += 1
    told.expect(what, code in (0, 1, 2), f"ended with {code}: {said[-500:]}")
    if code == 2:
        told.expect(what, any(word in said for word in FULL), f"does not say why: {said[-500:]}")


class OfDatabase:
    """Everything that is written into a database without room, the site running all the while."""

    def __init__(self, disk: Disk, folder: Path, seed: int) -> None:
        self._disk, self._folder, self._chance = disk, folder, random.Random(seed)
        self._seed, self.told = seed, Told()

    def run(self, times: int) -> None:
        need = self._need()
        for _ in range(times):
            self._once(self._chance.choice([0, self._chance.randrange(2 * need)]))

    def _need(self) -> int:
        """What an import takes on its way, what it writes ahead among it; and what one comes to
        that nothing is in the way of."""
        begun = self._begin()
        before = self._disk.free
        with self._disk.watched() as least:
            assert in_child(lambda: bring_in(begun) and None)
        need = max(before - least[0], 200_000)
        self._begin()
        undisturbed = in_child(lambda: imported(begun))
        assert undisturbed
        self._undisturbed = undisturbed["answer"]
        return need

    def _begin(self) -> Path:
        self._disk.empty()
        in_child(emptied)
        return put(self._folder / "content", *pieces(self._seed))

    def _once(self, room: int) -> None:
        content = self._begin()
        self._disk.leave(room)
        code, said = said_of(("import", content))
        judge_command(self.told, "import", code, said)
        self._disk.empty()
        left = in_child(lambda: list(problems()))
        self.told.expect("import", left and not left["answer"], f"left behind: {left}")
        done = in_child(lambda: imported(content))
        is_same = done and done["answer"] == self._undisturbed
        self.told.expect("import", is_same, f"ended otherwise after {room} bytes")


class OfSite:
    """A site at work whose disk is full, with the database and the uploads on it."""

    def __init__(self, disk: Disk, folder: Path, seed: int) -> None:
        self._disk, self._chance, self.told = disk, random.Random(seed), Told()
        in_child(emptied)
        for name in ("tmp", "uploads"):
            (disk.folder / name).mkdir()
        self._uploads = disk.folder / "uploads"
        self._ground = Ground(Folder(folder / "ground", 0))
        self._public = self._ground.made("published")
        (person,) = people(1)
        connection.close()
        own = {"TMPDIR": str(disk.folder / "tmp"), "UPLOAD_FOLDER": str(self._uploads)}
        output = folder / "served.txt"
        self._server = Server(os.environ["DATABASE_URL"], output, workers=1, environ=own)
        self._browser = Browser(person, self._server.port)

    def run(self, times: int) -> None:
        try:
            for _ in range(times):
                self._once(self._chance.choice([0, self._chance.randrange(6_000_000)]))
        finally:
            self._server.stop()
        self._disk.empty()
        self.told["save"] += problems()

    def _once(self, room: int) -> None:
        article = self._ground.made()
        typing = Typing(self._browser, article.pk, {"title": text("title"), "body": LONG})
        typing.open(Account())
        connection.close()
        self._disk.leave(room)
        self._read({200, 503})
        is_saved = self._save(typing, article, {302, 503})
        self._bring({302, 503})
        self._disk.empty()
        self._read({200})
        if not is_saved:
            self._save(typing, article, {302})
        self._bring({302})
        shutil.rmtree(self._uploads)
        self._uploads.mkdir()
        Upload.objects.all().delete()
        connection.close()

    def _answered(self, what: str, answer: Answer, usual: set[int]) -> None:
        self.told.met[f"{what} {answer.status}"] += 1
        is_usual = answer.status in usual
        self.told.expect(what, is_usual, f"answered {answer.status}: {shown(answer.body)}")
        if answer.status == 503:
            is_said = "nothing was" in answer.body
            self.told.expect(what, is_said, f"no sentence: {answer.body[-300:]}")

    def _read(self, usual: set[int]) -> None:
        answer = self._browser.get(f"/latest/?fresh={self._chance.random()}")
        self._answered("reading", answer, usual)
        if answer.status == 200:
            self.told.expect("reading", self._public.title in answer.body, "the story is missing")

    def _save(self, typing: Typing, article: Article, usual: set[int]) -> bool:
        said = {"_continue": "1"}
        path = f"/admin/articles/article/{article.pk}/change/"
        answer = self._browser.post(path, typing.form.typed(typing.typed | said))
        self._answered("save", answer, usual)
        row = Article.objects.get(pk=article.pk)
        acts = Transition.objects.filter(article=article).count()
        is_new = (row.title, row.body.strip()) == (typing.typed["title"], LONG.strip())
        is_old = (row.title, row.body) == (article.title, article.body)
        self.told.expect("save", is_new or is_old, f"half is saved: {row.title}")
        self.told.expect("save", acts == int(is_new), f"{acts} acts tell of it")
        if answer.is_done:
            self.told.expect("save", is_new, "acknowledged and lost")
        if answer.status == 503:
            self.told.expect("save", is_old, "refused and saved all the same")
        connection.close()
        return answer.is_done

    def _bring(self, usual: set[int]) -> None:
        noise = self._chance.randbytes(LARGE)
        files = {"_news/one.md": Piece("one").data, "_news/noise.txt": noise}
        answer = self._browser.bring("/admin/articles/upload/", "site.zip", zip_of(files))
        self._answered("upload", answer, usual)
        known = set(Upload.objects.exclude(folder="").values_list("folder", flat=True))
        there = {path.name for path in self._uploads.iterdir()}
        self.told.expect("upload", there <= known, f"files of no upload: {there - known}")
        self.told.expect("upload", self._is_tidy(), "what was put aside stays for ever")
        connection.close()

    def _is_tidy(self) -> bool:
        """Whether nothing is put aside any more; that ends after the answer."""
        until = monotonic() + 5
        while monotonic() < until:
            if not list((self._disk.folder / "tmp").glob("*.upload*")):
                return True
            sleep(0.05)
        return False


class OfFiles:
    """Files that are written to a disk without room."""

    def __init__(self, disk: Disk, folder: Path, seed: int) -> None:
        self._disk, self._chance, self.told = disk, random.Random(seed), Told()
        self._folder, self._seed = folder, seed
        in_child(emptied)
        in_child(lambda: edited(put(folder / "content", *pieces(seed))))

    def run(self, times: int) -> None:
        for _ in range(times):
            for what in (self._export, self._backup, self._publish):
                what()
                self._disk.empty()

    def _room(self, most: int) -> int:
        return self._chance.choice([0, 4096, 8192, self._chance.randrange(most)])

    def _export(self) -> None:
        """Changed files over those that stand there, and new ones."""
        target = self._disk.folder / "content"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self._folder / "content", target)
        before = files_of(target)
        self._disk.leave(self._room(100_000))
        code, said = said_of(("export", target))
        judge_command(self.told, "export", code, said)
        after = files_of(target)
        self._disk.empty()
        code, said = said_of(("export", target, "--recreate"))
        self.told.expect("export", code == 0, f"the next ended with {code}: {said[-300:]}")
        wanted = files_of(target)
        for path, data in after.items():
            is_whole = data in (before.get(path), wanted.get(path))
            self.told.expect("export", is_whole, f"{path} is half a file")
        in_child(self._again)

    def _again(self) -> None:
        """Something to export for the next time."""
        for row in Article.objects.order_by("slug")[::3]:
            row.title = f"Anew {self._chance.random()}"
            row.save()

    def _backup(self) -> None:
        target = self._disk.folder / "saved"
        self._disk.leave(self._room(6_000_000))
        code, said = self._called("backup", target)
        judge_command(self.told, "backup", code, said)
        left = [path.name for path in self._disk.folder.glob("saved*.part")]
        self.told.expect("backup", not left, f"half a backup is left: {left}")
        if code:
            self.told.expect("backup", not target.exists(), "half a backup has its name")
            self._disk.empty()
            code, said = self._called("backup", target)
            self.told.expect("backup", code == 0, f"the next ended with {code}: {said}")
        checked(target)
        shutil.rmtree(target)

    def _publish(self) -> None:
        target = self._disk.folder / "site"
        before = files_of(target)
        self._disk.leave(self._room(1_500_000))
        code, said = self._called("publish_static", target)
        judge_command(self.told, "publish", code, said)
        after = files_of(target)
        self._disk.empty()
        done = in_child(lambda: publish(target) and None)
        self.told.expect("publish", done, "the next one did not end")
        wanted = files_of(target)
        for path in (path for path in after if ".newsroom" not in path):
            is_whole = after[path] in (before.get(path), wanted.get(path))
            self.told.expect("publish", is_whole, f"{path} is half a file")

    def _called(self, *words: object) -> tuple[int, str]:
        def call() -> tuple[int, str]:
            try:
                call_command(str(words[0]), *map(str, words[1:]), verbosity=0)
            except CommandError as error:
                return error.returncode, str(error)
            return 0, ""

        done = in_child(call)
        return tuple(done["answer"]) if done else (-1, "a traceback")


KINDS: dict[str, Callable[[Disk, Path, int], Any]] = {
    "database": OfDatabase,
    "site": OfSite,
    "files": OfFiles,
}


def main(what: str, disk: str, folder: str, times: str, seed: str) -> None:
    """Fill it so many times, and print what went wrong and what was met."""
    Path(folder).mkdir(parents=True)
    filled = KINDS[what](Disk(Path(disk)), Path(folder), int(seed))
    filled.run(int(times))
    print(json.dumps({"wrong": filled.told, "met": filled.told.met}))
