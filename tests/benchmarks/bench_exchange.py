"""Content in and out: is it lossless, and what does it cost beside the least it could.

NEWSROOM_BENCH_ARTICLES (100000) sizes the largest invented folder, NEWSROOM_BENCH_REPEATS (5) says
how often short calls are repeated. Of each the best counts. CPU is this machine's busy time for
us, the database server's apart; wall stands beside it in brackets.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import psycopg

from .calls import files_of
from .databases import MANAGE, Databases, environment, postgresql, sqlite
from .figure import Figure
from .invented import invented
from .measure import Cost, least, run
from .sites import SITES, multiplied, size_of, unpacked

ARTICLES = int(os.environ.get("NEWSROOM_BENCH_ARTICLES", 100_000))
PROCESSES = 3
"""How often a whole process is repeated."""
TIMES = 5
MEGABYTE = 1_000_000
NO_CORPUS = "no real content beside the checkout, nor at NEWSROOM_CORPUS"
NO_HUGO = "hugo is not installed: apt-get install hugo"
HUGO = 'baseURL = "https://example.org/"\ntitle = "Bare"\ncontentDir = "{content}"\n'

REFUSED = "site-a, site-b, seed: files refused"
IDENTICAL = "site-a, site-b, seed: articles not identical"
FIRST = "first import of site-b / CSafeLoader, CPU"
FIRST_WHOLE = "the same with the start of its process, CPU"
BESIDE_HUGO = "first import of site-b / hugo -D, wall"
AGAIN = "import again, nothing changed / hashing"
ORDINARY = "one file changed / nothing changed"
LARGEST = "the largest file changed / nothing changed"
EVERYTHING = "export of everything / writing"
NOTHING = "export, nothing changed / hashing"
SIZE = "tables and indexes after site-b / its files"
PEAK = "peak memory, site-b"
PEAK_TIMES = f"peak memory, {TIMES} × site-b"
PEAK_GROWTH = f"peak memory, {TIMES} × site-b / site-b"
PEAK_LARGEST = f"peak memory, {ARTICLES:,} articles"
GROWTH = f"rate of {ARTICLES:,} articles / of {ARTICLES // 10:,}"

REACHES = {
    REFUSED: 0,
    IDENTICAL: 0,
    FIRST: 0.75,
    FIRST_WHOLE: 0.75,
    BESIDE_HUGO: 1.5,
    AGAIN: 3,
    ORDINARY: 2,
    LARGEST: 2,
    EVERYTHING: 4,
    NOTHING: 3,
    SIZE: 0.6,
    PEAK: 300,
    PEAK_TIMES: 300,
    PEAK_GROWTH: 1.2,
    PEAK_LARGEST: 300,
    GROWTH: 0.8,
}
OF_DATABASE = (
    *(REFUSED, IDENTICAL, SIZE),
    *(FIRST, FIRST_WHOLE, AGAIN, ORDINARY, LARGEST),
    *(EVERYTHING, NOTHING),
)
OF_CORPUS = (BESIDE_HUGO, PEAK, PEAK_TIMES, PEAK_GROWTH)


def figures() -> Iterator[Figure]:
    """Every figure of this group: on each database, then those measured on SQLite alone."""
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-bench-")))
        corpus = unpacked(work / "corpus")
        on_sqlite = stack.enter_context(sqlite(work / "sqlite"))
        yield from _of_database(on_sqlite, corpus, work)
        try:
            on_postgresql = stack.enter_context(postgresql(work / "postgresql"))
        except psycopg.OperationalError:
            yield from _missing(OF_DATABASE, "nothing answers at TEST_POSTGRES_URL", "PostgreSQL")
        else:
            yield from _of_database(on_postgresql, corpus, work)
        yield from _of_corpus(on_sqlite, corpus, work)
        yield from _growth(on_sqlite, work)


def _missing(names: tuple[str, ...], why: str, database: str = "") -> Iterator[Figure]:
    for name in names:
        yield Figure.missing(_named(name, database), REACHES[name], why)


def _named(name: str, database: str) -> str:
    return f"{name}, {database}" if database else name


def _figure(name: str, got: float, note: str = "", database: str = "", unit: str = "") -> Figure:
    judge = Figure.at_least if name == GROWTH else Figure.at_most
    return replace(judge(_named(name, database), got, REACHES[name], unit), note=note)


def _ratio(name: str, ours: Cost, peer: Cost, database: str = "") -> Figure:
    """CPU of ours by CPU of the peer."""
    note = (
        f"{ours.cpu * 1000:,.0f} / {peer.cpu * 1000:,.0f} ms"
        f"; wall {ours.wall * 1000:,.0f} / {peer.wall * 1000:,.0f} ms"
    )
    return _figure(name, ours.cpu / peer.cpu, note, database)


def _of_database(databases: Databases, corpus: Path | None, work: Path) -> Iterator[Figure]:
    if corpus is None:
        yield from _missing(OF_DATABASE, NO_CORPUS, databases.name)
        return
    yield from _lossless(databases, corpus, work)
    yield from _first(databases, corpus / "site-b", work)
    yield from _again(databases, corpus / "site-b", work)


def _manage(url: str, work: Path, *arguments: str | Path) -> Cost:
    """The cost of `manage.py frontmatter` with these arguments."""
    command = [*MANAGE, "frontmatter", *map(str, arguments)]
    return run(command, environment(url), work / "output.txt")


def _calls(what: str, url: str, site: Path, work: Path) -> dict[str, Cost]:
    """What calls.py measured in a process of its own."""
    output = work / "calls.txt"
    command = [sys.executable, "-m", f"{__package__}.calls", what, str(site), str(work / "target")]
    run(command, environment(url), output)
    found = json.loads(output.read_text().splitlines()[-1])
    return {name: Cost(*cost) for name, cost in found.items()}


def _lossless(databases: Databases, corpus: Path, work: Path) -> Iterator[Figure]:
    """All of the corpus into one database and out again into one folder."""
    url, out, report = databases.fresh(), work / "out", work / "report.json"
    refused, expected = 0, {}
    for name in (*SITES, "seed.md"):
        _manage(url, work, "import", corpus / name, "--report", report)
        outcomes = [file["outcome"] for file in json.loads(report.read_text())["files"]]
        refused += outcomes.count("refused")
        news = [corpus / name] if name == "seed.md" else (corpus / name / "_news").iterdir()
        expected.update({path.name: path for path in news})
    _manage(url, work, "export", out)
    differing = [
        name
        for name, path in expected.items()
        if not (out / "_news" / name).exists()
        or (out / "_news" / name).read_bytes() != path.read_bytes()
    ]
    databases.drop(url)
    shutil.rmtree(out)
    note = f"of {len(expected):,} articles"
    yield _figure(REFUSED, refused, note, databases.name)
    yield _figure(IDENTICAL, len(differing), note, databases.name)


def _first(databases: Databases, site: Path, work: Path) -> Iterator[Figure]:
    imports, peers, wholes = [], [], []
    for _ in range(PROCESSES):
        url = databases.fresh()
        imports.append(_calls("first", url, site, work)["import"])
        peers.append(_calls("loader", url, site, work)["CSafeLoader"])
        databases.drop(url)
        url = databases.fresh()
        wholes.append(_manage(url, work, "import", site))
        databases.drop(url)
    yield _ratio(FIRST, least(imports), least(peers), databases.name)
    yield _ratio(FIRST_WHOLE, least(wholes), least(peers), databases.name)


def _again(databases: Databases, site: Path, work: Path) -> Iterator[Figure]:
    """What follows on a first import: the size, exports, and imports with and without changes."""
    own = shutil.copytree(site, work / "own")
    url = databases.fresh()
    _manage(url, work, "import", own)
    size, files = databases.size(url), size_of(own)
    out = _calls("export", url, own, work)
    shutil.rmtree(work / "target")
    again = _calls("again", url, own, work)
    databases.drop(url)
    shutil.rmtree(own)
    yield _ratio(AGAIN, again["unchanged"], again["hash"], databases.name)
    yield _ratio(ORDINARY, again["ordinary"], again["unchanged"], databases.name)
    yield _ratio(LARGEST, again["largest"], again["unchanged"], databases.name)
    yield _ratio(EVERYTHING, out["everything"], out["write"], databases.name)
    yield _ratio(NOTHING, out["nothing"], out["hash"], databases.name)
    note = f"{size / MEGABYTE:.1f} / {files / MEGABYTE:.1f} MB"
    yield _figure(SIZE, size / files, note, databases.name)


def _of_corpus(databases: Databases, corpus: Path | None, work: Path) -> Iterator[Figure]:
    if corpus is None:
        yield from _missing(OF_CORPUS, NO_CORPUS)
        return
    site = corpus / "site-b"
    if shutil.which("hugo"):
        yield _beside_hugo(databases, site, work)
    else:
        yield from _missing((BESIDE_HUGO,), NO_HUGO)
    yield from _memory(databases, site, work)


def _beside_hugo(databases: Databases, site: Path, work: Path) -> Figure:
    """Whole processes; Hugo's site holds nothing but the folder, no theme and no layout."""
    bare = work / "hugo"
    bare.mkdir()
    (bare / "config.toml").write_text(HUGO.format(content=site / "_news"))
    imports, peers = [], []
    for _ in range(PROCESSES):
        shutil.rmtree(bare / "public", ignore_errors=True)
        command = ["hugo", "-D", "--source", str(bare), "--quiet"]
        peers.append(run(command, os.environ, work / "output.txt"))
        url = databases.fresh()
        imports.append(_manage(url, work, "import", site))
        databases.drop(url)
    ours, peer = least(imports), least(peers)
    note = f"{ours.wall:.2f} / {peer.wall:.2f} s; CPU {ours.cpu:.2f} / {peer.cpu:.2f} s"
    return _figure(BESIDE_HUGO, ours.wall / peer.wall, note)


def _memory(databases: Databases, site: Path, work: Path) -> Iterator[Figure]:
    large = multiplied(site, work / "large", TIMES)
    peaks = []
    for folder in (site, large):
        url = databases.fresh()
        peaks.append(_manage(url, work, "import", folder).peak)
        databases.drop(url)
    shutil.rmtree(large)
    yield _figure(PEAK, peaks[0] / MEGABYTE, unit="MB")
    yield _figure(PEAK_TIMES, peaks[1] / MEGABYTE, unit="MB")
    yield _figure(PEAK_GROWTH, peaks[1] / peaks[0])


def _growth(databases: Databases, work: Path) -> Iterator[Figure]:
    """Articles a second of CPU, whole processes, for a tenth and for all of ARTICLES; the peak."""
    rates, notes = [], []
    for count in (ARTICLES // 10, ARTICLES):
        site = invented(work / f"invented-{count}", count)
        assert len(files_of(site)) == count
        url = databases.fresh()
        cost = _manage(url, work, "import", site)
        databases.drop(url)
        shutil.rmtree(site)
        rates.append(count / cost.cpu)
        notes.append(f"{count / cost.cpu:,.0f}/s, wall {count / cost.wall:,.0f}/s")
    yield _figure(GROWTH, rates[1] / rates[0], f"{notes[1]} against {notes[0]}")
    yield _figure(PEAK_LARGEST, cost.peak / MEGABYTE, unit="MB")
