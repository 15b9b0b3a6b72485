"""Files that are made to do harm: each is answered with a sentence, or kept without what is hidden
in it. A share; `make bench ONLY=pictures` tries ten thousand mutations."""

from __future__ import annotations

from articles.images import darkroom
from articles.images.darkroom import Refused, develop
from articles.images.recipe import Focus
from tests.shares import share

from .drawn import drawn
from .hostile_files import hostile, mutations

MUTATIONS = 150
HIDDEN = (b"<script", b"PK\x03\x04", b"alert(", b"Photoshop")


def answer(data: bytes) -> str:
    """What is said of a file; nothing for one that is kept."""
    try:
        found = develop(data, "picture", Focus())
    except Refused as refusal:
        return str(refusal)
    for made in (found.original, *(data for _, data in found.made)):
        assert not any(word in made for word in HIDDEN)
    return ""


def test_every_hostile_file_is_answered_and_hurts_nobody():
    develop(drawn(), "picture")
    before, odd = darkroom.process(), []
    for name, data in share(hostile()):
        said = answer(data)
        is_sentence = said.startswith("It ") and said.endswith(".") and "object at" not in said
        if (said and not is_sentence) or darkroom.last_peak() > 512_000_000:
            odd.append((name, said, darkroom.last_peak()))
    assert odd == []
    assert darkroom.process() == before


def test_mutations_of_good_files_are_answered_and_hurt_nobody():
    develop(drawn(), "picture")
    before = darkroom.process()
    said = [answer(data) for _, data in mutations(MUTATIONS)]
    assert all(one.startswith("It ") for one in said if one)
    assert 0 < said.count("") < MUTATIONS
    assert darkroom.process() == before
