"""`publish_static` beside hugo, which builds as many pages of the same stories: a page for each
story, in HTML and JSON, and ranked lists and three feeds for the site, each topic and provider, and
each day, month and year."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter, sleep

from .databases import MANAGE, Databases, environment, sqlite
from .figure import Figure
from .measure import ROOT, Cost, run
from .sites import unpacked

FIRST = "publish_static, first / hugo, CPU"
AGAIN = "publish_static, one article changed / hugo, CPU"
STAYED = "publish_static --watch, one article changed / hugo, CPU"
REACHES = {FIRST: 2.0, AGAIN: 0.2, STAYED: 0.2}
A_RUN = 120
"""Seconds within which a change must be written."""
REPEATS = 2
HOST = "news.example.org"
PEER = Path(__file__).resolve().parent / "peers" / "hugo_peer"
CHANGE = (
    "from articles.models import Article;"
    "lead = Article.objects.filter(state='published').order_by('-go_live_at', 'slug')[0];"
    "lead.title += '!'; lead.save()"
)


def figures() -> Iterator[Figure]:
    """The first run and one after a change."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        content = unpacked(work / "content")
        why = "no real content" if content is None else "hugo is not installed"
        if content is None or not shutil.which("hugo"):
            yield from (Figure.missing(name, reach, why) for name, reach in REACHES.items())
            return
        with sqlite(work / "sqlite") as databases:
            yield from _measured(databases, content / "site-b", work)


def _measured(databases: Databases, site: Path, work: Path) -> Iterator[Figure]:
    url, said = databases.fresh(), work / "said.txt"
    own = environment(url) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    own |= {"ALLOWED_HOSTS": HOST, "SITE_URL": f"https://{HOST}"}
    run([*MANAGE, "frontmatter", "import", str(site)], own, said)
    stories = work / "stories.json"
    command = [sys.executable, "-m", f"{__package__}.with_django", "reader_content", str(stories)]
    run(command, own, said)
    peer = _least(["hugo", "--quiet", "-s", str(_peer(stories, work))], own, said)
    publish = [*MANAGE, "publish_static", str(work / "out")]
    first = _least([*publish, "--fresh"], own, said)
    again = []
    for _ in range(REPEATS):
        run([*MANAGE, "shell", "-c", CHANGE], own, said)
        again.append(run(publish, own, said))
    idle = _least(publish, own, said)
    files = _files(work / "out"), _files(work / "hugo" / "public")
    yield _figure(FIRST, first, peer, files)
    found = _figure(AGAIN, min(again), peer, files)
    yield replace(found, note=f"{found.note}; {idle.cpu:.2f} s with nothing to do")
    yield _figure(STAYED, min(_stayed(own, work)), peer, files)


def _stayed(own: dict[str, str], work: Path) -> Iterator[Cost]:
    """What each change costs a process that stays, the first left out: it reads what all share."""
    said = work / "watch.txt"
    with open(said, "wb") as file:
        command = [*MANAGE, "publish_static", str(work / "out"), "--fresh", "--watch"]
        process = subprocess.Popen(command, env=own, cwd=ROOT, stdout=file, stderr=file)
    try:
        _until(said, 1)
        for number in range(1, REPEATS + 2):
            before, started = _cpu(process.pid), perf_counter()
            run([*MANAGE, "shell", "-c", CHANGE], own, work / "said.txt")
            _until(said, number + 1)
            cost = Cost(_cpu(process.pid) - before, perf_counter() - started)
            if number > 1:
                yield cost
    finally:
        process.terminate()
        process.wait()


def _until(said: Path, lines: int) -> None:
    """Wait for so many runs to be told of; raises TimeoutError."""
    until = perf_counter() + A_RUN
    while said.read_text().count("files written") < lines:
        if perf_counter() > until:
            raise TimeoutError(said.read_text()[-1000:])
        sleep(0.1)


def _cpu(process: int) -> float:
    """Seconds of CPU that a process has used; Linux tells."""
    columns = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(columns[11]) + int(columns[12])) / os.sysconf("SC_CLK_TCK")


def _least(command: list[str], own: dict[str, str], said: Path) -> Cost:
    return min(run(command, own, said) for _ in range(REPEATS))


def _figure(name: str, ours: Cost, peer: Cost, files: tuple[int, int]) -> Figure:
    note = f"{ours.cpu:.2f} / {peer.cpu:.2f} s; {files[0]:,} / {files[1]:,} files"
    return replace(Figure.at_most(name, ours.cpu / peer.cpu, REACHES[name]), note=note)


def _files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def _peer(stories: Path, work: Path) -> Path:
    """The folder of a hugo site with the same stories."""
    site = work / "hugo"
    shutil.copytree(PEER, site)
    news = site / "content" / "news"
    news.mkdir(parents=True)
    for story in json.loads(stories.read_text()):
        (news / f"{story['stem']}.md").write_text(json.dumps(story) + "\n")
    subprocess.run(["hugo", "--quiet", "-s", str(site)], check=True, capture_output=True)
    return site
