"""Patching in place: the changed keys read back, every other line keeps its bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from articles.frontmatter import ARTICLE, PROVIDER, TOPIC, Limits, Refused, events, read
from articles.frontmatter.emit import emit_moment
from articles.frontmatter.fences import split
from articles.frontmatter.patch import ABSENT, Entry, Unpatchable, patch
from articles.frontmatter.record import Values
from articles.frontmatter.write import write

from . import golden
from .strategies import OPTIONAL, articles, bodies, law, links, titles

PLAIN = b"""---
title: "Harbour reopens"
webUrl: "https://harbour.example/reopens"
heat: 3
---

"""
KEYS = {"title": titles, "webUrl": links, **OPTIONAL}


@st.composite
def changes(draw: st.DrawFn) -> Values:
    """New values for some keys, ABSENT for some that an article can do without."""
    names = draw(st.sets(st.sampled_from(sorted(KEYS)), min_size=1, max_size=4))
    return {
        name: draw(KEYS[name] | st.just(ABSENT) if name in OPTIONAL else KEYS[name])
        for name in sorted(names)
    }


def changed(values: Values, wanted: Values) -> Values:
    """`values` with the changes made."""
    both = {**values, **wanted}
    return {name: value for name, value in both.items() if value is not ABSENT}


def as_entries(wanted: Values) -> Values:
    """The same changes, every related item a new entry."""
    related = wanted.get("related")
    if not isinstance(related, list):
        return wanted
    return {**wanted, "related": [Entry(None, values) for values in related]}


def segments(data: bytes) -> dict[str, list[str]]:
    """The lines of each top-level key, from its own to the next key's, blank ones left out."""
    lines = split(data, ARTICLE, Limits()).block.split("\n")
    starts = sorted((line - 2, key) for key, line in read(data).lines.items())
    ends = [start for start, _ in starts[1:]] + [len(lines)]
    return {
        key: [line for line in lines[start:end] if line.strip()]
        for (start, key), end in zip(starts, ends, strict=True)
    }


def test_every_golden_case_is_whole():
    assert golden.names()
    for name, parts in golden.names().items():
        assert parts == set(golden.PARTS), name


@pytest.mark.parametrize("libyaml", [True, False], ids=["libyaml", "pure"])
@pytest.mark.parametrize("name", sorted(golden.names()))
def test_golden_case(name: str, libyaml: bool, monkeypatch: pytest.MonkeyPatch):
    before, written, after = (golden.FOLDER / f"{name}.{part}" for part in golden.PARTS)
    wanted = golden.changes_of(json.loads(written.read_text()))
    if not libyaml:
        monkeypatch.setattr(events, "HAS_LIBYAML", False)
    assert patch(before.read_bytes(), wanted).decode() == after.read_bytes().decode()


@law
@given(articles, bodies)
def test_without_changes_a_file_is_itself(values: Values, body: str):
    data = write(values, body=body)
    assert patch(data, {}) == data
    same = {**values, "related": [Entry(n) for n, _ in enumerate(values.get("related", []))]}
    assert patch(data, same, body=body) == data


@law
@given(articles, changes(), bodies)
def test_a_canonical_file_patched_is_the_canonical_file_of_the_new_values(
    values: Values, wanted: Values, body: str
):
    patched = patch(write(values, body=body), as_entries(wanted))
    assert patched == write(changed(values, wanted), body=body)


@law
@given(articles, changes())
def test_patching_there_and_back_restores_a_canonical_file(values: Values, wanted: Values):
    data = write(values)
    back = {name: values.get(name, ABSENT) for name in wanted}
    assert patch(patch(data, as_entries(wanted)), as_entries(back)) == data


class Dialect(yaml.SafeDumper):
    """Another program's spelling: moments as text, shared values as anchors and aliases."""


@st.composite
def foreign_files(draw: st.DrawFn) -> bytes:
    """Files as PyYAML spells them, in block and flow style, with unknown keys and anchors."""
    values = draw(articles)
    shared = draw(st.sampled_from([None, "provider", "topics", "images"]))
    foreign: dict[str, Any] = {"layout": "post", "meta": {"a": ["x", 1]}, **values}
    if shared in foreign:
        foreign["copy"] = foreign[shared]
    order = draw(st.permutations(sorted(foreign)))
    Dialect.add_representer(
        type(draw(KEYS["publishedDateTime"])),
        lambda dumper, moment: dumper.represent_str(emit_moment(moment)),
    )
    block = yaml.dump(
        {name: foreign[name] for name in order},
        Dumper=Dialect,
        sort_keys=False,
        allow_unicode=draw(st.booleans()),
        default_flow_style=draw(st.sampled_from([False, None])),
        indent=draw(st.sampled_from([2, 4])),
        width=draw(st.sampled_from([20, 80, 1000])),
    )
    eol = draw(st.sampled_from(["\n", "\r\n"]))
    return f"---\n{block}---\nBody.\n".replace("\n", eol).encode()


@law
@given(foreign_files(), changes())
def test_in_a_foreign_spelling_changed_keys_read_back_and_others_keep_their_values(
    data: bytes, wanted: Values
):
    before, after = read(data), read(patch(data, as_entries(wanted)))
    assert after.values == changed(before.values, wanted)
    assert (after.unknown, after.body) == (before.unknown, before.body)


@law
@given(foreign_files().filter(lambda data: b"&" not in data), changes())
def test_in_a_foreign_spelling_other_keys_keep_their_lines(data: bytes, wanted: Values):
    before, after = segments(data), segments(patch(data, as_entries(wanted)))
    assert [key for key in after if key in before] == [key for key in before if key in after]
    for key in before.keys() - wanted.keys():
        assert after[key] == before[key]


@law
@given(foreign_files(), st.data())
def test_related_entries_kept_by_index_keep_their_values_in_any_order(data: bytes, draw: Any):
    old = read(data).values.get("related", [])
    kept = draw.draw(st.permutations(range(len(old))))[: draw.draw(st.integers(0, len(old)))]
    after = read(patch(data, {"related": [Entry(index) for index in kept]})).values
    assert after.get("related", []) == [old[index] for index in kept]


def test_absent_null_and_empty_take_a_key_out():
    without = PLAIN.replace(b"heat: 3\n", b"")
    assert patch(PLAIN, {"heat": ABSENT}) == patch(PLAIN, {"heat": None}) == without
    assert patch(without, {"heat": ABSENT, "topics": []}) == without


def test_a_null_stays_when_null_is_wanted_and_goes_when_absent_is():
    data = PLAIN.replace(b"heat: 3", b"heat: ~ # soon")
    assert patch(data, {"heat": None}) == data
    assert b"heat" not in patch(data, {"heat": ABSENT})


def test_a_new_body_leaves_the_front_matter_alone():
    assert patch(PLAIN, {}, body="New.\n") == PLAIN[:-1] + b"New.\n"
    assert patch(PLAIN.rstrip(b"\n"), {}, body="New.\n") == PLAIN[:-1] + b"New.\n"
    crlf = PLAIN.replace(b"\n", b"\r\n")
    assert patch(crlf, {"heat": 4}, body="New.\n").endswith(b"heat: 4\r\n---\r\nNew.\r\n")


def test_an_untouched_body_keeps_its_bytes():
    data = PLAIN + b"One.\r\nTwo."
    assert patch(data, {"heat": 4}) == data.replace(b"3", b"4")


def test_provider_and_topic_files_are_patched_by_their_own_keys():
    provider = b"---\nname: Quay # old\ndomain: quay.example\n---"
    assert patch(provider, {"name": "Pier"}, PROVIDER) == provider.replace(b"Quay", b"Pier")
    topic = b"name: Ports\nimages:\n- https://quay.example/1.png # one\nservices: {news: x}"
    logo = {"url": "https://quay.example/1.png", "width": 5}
    assert patch(topic, {"shortname": "Sea", "images": [logo]}, TOPIC) == (
        b"name: Ports\nshortname: Sea\nimages:\n"
        b'- url: "https://quay.example/1.png"\n  width: 5\nservices: {news: x}'
    )
    assert patch(topic, {"services": {"news": "y"}}, TOPIC).endswith(b"services:\n  news: y")
    with pytest.raises(ValueError, match="has no body"):
        patch(topic, {}, TOPIC, body="x")


def test_an_anchor_named_twice_never_carries_a_change_into_another_key():
    data = PLAIN.replace(
        b"heat: 3\n", b"a: &x 1\ntype: &x video\nb: *x\nprovider:\n  name: Quay\n  odd: *x\n"
    )
    patched = patch(data, {"type": "article"})
    assert read(patched).unknown == {"a": "1", "b": "video"}
    assert b"  odd: video\n" in patched


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"layout": "post"}, KeyError),
        ({"provider": {"city": "Portsea"}}, KeyError),
        ({"heat": "4"}, TypeError),
        ({"topics": "Ports"}, TypeError),
        ({"related": [Entry(0)]}, ValueError),
        ({"title": None}, Unpatchable),
        ({"title": "One\nTwo"}, Unpatchable),
        ({"title": "x" * 501}, Unpatchable),
        ({"webUrl": "javascript:alert(1)"}, Unpatchable),
        ({"excerpt": "\0"}, Unpatchable),
    ],
)
def test_what_cannot_be_a_value_is_an_error_and_never_written(
    wanted: dict[str, Any], error: type[Exception]
):
    with pytest.raises(error):
        patch(PLAIN, wanted)


@pytest.mark.parametrize("index", [1, -1])
def test_an_entry_must_name_an_item_that_is_there(index: int):
    data = PLAIN.replace(b"heat: 3\n", b"related:\n- title: Pier\n")
    with pytest.raises(ValueError, match="not there"):
        patch(data, {"related": [Entry(index)]})
    with pytest.raises(ValueError, match="named twice"):
        patch(data, {"related": [Entry(0), Entry(0)]})


def test_a_file_that_breaks_the_contract_is_refused_as_the_reader_refuses_it():
    with pytest.raises(Refused):
        patch(PLAIN + b"\0", {"heat": 4})


@pytest.mark.corpus
def test_in_real_files_a_change_touches_only_its_own_lines(corpus: Path):
    files = [*sorted(corpus.glob("site-?/**/_news/*.md"))[::60], corpus / "seed.md"]
    for path in files:
        data = path.read_bytes()
        values = read(data).values
        wanted = {"title": "New: title", "heat": 4711, "published": not values["published"]}
        before, after = data.decode().split("\n"), patch(data, wanted).decode().split("\n")
        assert len(before) == len(after), path.name
        lines = [new for old, new in zip(before, after, strict=True) if old != new]
        published = str(wanted["published"]).lower()
        assert lines == ['title: "New: title"', "heat: 4711", f"published: {published}"]


@pytest.mark.corpus
def test_in_real_files_one_related_entry_is_changed_added_and_taken_out_alone(corpus: Path):
    for path in sorted(corpus.glob("site-?/**/_news/*.md"))[::60]:
        data = path.read_bytes()
        values = read(data).values
        related = values.get("related", [])
        new = {"title": "Pier", "webUrl": "https://pier.example/"}
        entries = [Entry(index) for index in range(len(related))]
        added = patch(data, {"related": [*entries, Entry(None, new)]})
        assert added == write({**values, "related": [*related, new]})
        assert patch(added, {"related": entries}) == data
        if related:
            lines = patch(data, {"related": [Entry(0, {"quality": 4711}), *entries[1:]]}).split(
                b"\n"
            )
            assert [
                new for old, new in zip(data.split(b"\n"), lines, strict=True) if old != new
            ] == [b"    quality: 4711"]
