"""An export that ends between its files and its bases has told the next import nothing new, and
one that meets a full disk has written nothing in part."""

from __future__ import annotations

import errno
import signal
from collections.abc import Iterator
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit

import pytest
from django.contrib.auth.models import User

from articles.exchange import ExportOptions
from articles.exchange.exporting import Exporter
from articles.frontmatter import read
from articles.models import Story
from articles.stories import merge
from articles.writing import BESIDE, Folder, replace_file
from tests.content import Piece, files_of, put
from tests.exchange.acts import act, article, bring_in, bring_out

pytestmark = pytest.mark.django_db


def test_the_heat_that_it_wrote_holds_nothing_of_the_machines(folder: Path, ana: User):
    # Of its story of three its own file names one: the heat that is printed counts both others.
    lead = Piece("coast-a", quality=70, published=True, heat=90)
    between, third = Piece("dune-b", quality=60), Piece("reef-c", quality=50)
    put(folder, lead.but(related=[between]), between.but(related=[lead, third]))
    put(folder, third.but(related=[between]))
    bring_in(folder)
    act("coast-a", "unpublish", ana)
    act("coast-a", "republish", ana)
    assert (Story.objects.get().heat, article("coast-a").heat_extra) == (110, 0)
    Exporter(Folder(folder), ExportOptions(), None).write()
    assert read(files_of(folder)["_news/coast-a.md"]).values["heat"] == 110
    bring_in(folder)
    assert (Story.objects.get().heat, article("coast-a").heat_extra) == (110, 0)
    before = files_of(folder)
    bring_out(folder)
    assert files_of(folder) == before


@pytest.fixture
def nearly_full() -> Iterator[int]:
    """The system takes so many bytes of a file and refuses the next, as a disk does."""
    before, room = getrlimit(RLIMIT_FSIZE), 4096
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    setrlimit(RLIMIT_FSIZE, (room, before[1]))
    yield room
    setrlimit(RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


def test_a_file_that_the_disk_takes_only_a_part_of_stays_as_it_was(
    tmp_path: Path, nearly_full: int
):
    file = tmp_path / "coast-a.md"
    file.write_bytes(b"as it was")
    with pytest.raises(OSError, match="too large") as full:
        replace_file(file, b"x" * (nearly_full + 1))
    assert full.value.errno == errno.EFBIG
    assert file.read_bytes() == b"as it was"
    assert not (tmp_path / BESIDE).exists()


def test_a_lead_that_was_led_keeps_what_the_machine_gave_it(folder: Path, ana: User):
    first, second = Piece("coast-a", quality=70, published=True), Piece("dune-b", quality=75)
    third = Piece("reef-c", quality=50)
    put(folder, first, second.but(published=True, heat=55, related=[third]))
    put(folder, third.but(related=[second]))
    bring_in(folder)
    lead, other = article("coast-a"), article("dune-b")
    assert other.heat_extra == -40
    merge(lead, [other], ana, seen={lead.pk: lead.version, other.pk: other.version})
    Exporter(Folder(folder), ExportOptions(), None).write()
    assert read(files_of(folder)["_news/dune-b.md"]).values["heat"] == -1
    bring_in(folder)
    assert article("dune-b").heat_extra == -40
