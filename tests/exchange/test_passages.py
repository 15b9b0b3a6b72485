"""What many files repeat is kept once, and every file comes back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.exchange.passages import FEW, MARK, cut, joined, packed_files, restored
from articles.models import Passage

ENTRY = b'"What the harbour said, told at some length by somebody who was there"\n    type: article'
PIECES = st.sampled_from([MARK, b"\n\n", b"\n", b"\n  - ", b"title: ", b"---\n", b"x", b"\0\xff"])


def file_of(*numbers: int) -> bytes:
    """A file with an entry of its own text for each number."""
    entries = b"".join(MARK + b"%d " % number + ENTRY for number in numbers)
    return b'---\ntitle: "A"\n\nrelated:' + entries + b'\n\nsecured: "QUJD;"\n---\n\n'


@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_any_bytes_cut_and_joined_are_the_same_bytes(data: bytes) -> None:
    assert joined(cut(data)) == data


@pytest.mark.django_db
def test_files_come_back_as_they_were() -> None:
    files = [file_of(*range(9)), b"", b"\xff\0", file_of(1), file_of(8, 3, 3, 3, 1)]
    assert restored(packed_files(files)) == files


@pytest.mark.django_db
def test_a_missing_file_stays_missing_among_others() -> None:
    (column,) = packed_files([file_of(*range(5))])
    assert restored([None, column, None]) == [None, file_of(*range(5)), None]


@pytest.mark.django_db
def test_an_entry_that_many_files_repeat_is_stored_once() -> None:
    first = packed_files([file_of(*range(20))])
    packed_files([file_of(*reversed(range(20))), file_of(*range(5, 20))])
    assert Passage.objects.count() == 20
    assert restored(first) == [file_of(*range(20))]


@pytest.mark.django_db
def test_a_file_with_few_entries_is_stored_whole() -> None:
    packed_files([file_of(*range(FEW - 1))])
    assert not Passage.objects.exists()


@pytest.mark.django_db
@given(st.lists(st.lists(PIECES, max_size=60).map(b"".join), max_size=4))
def test_any_files_come_back_as_they_were(files: list[bytes]) -> None:
    assert restored(packed_files(files)) == files


@pytest.mark.django_db
def test_files_are_stored_and_restored_in_a_constant_number_of_queries(
    django_assert_max_num_queries: Any,
) -> None:
    files = [file_of(*range(start, start + 10)) for start in range(50)]
    with django_assert_max_num_queries(3):
        columns = packed_files(files)
    with django_assert_max_num_queries(1):
        assert restored(columns) == files
