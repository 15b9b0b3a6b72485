"""Law 6 for acts on stories: `related` and `heat` of the touched files follow, and only those keys;
an act that was undone leaves every file as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.frontmatter import read
from articles.models import Article, Story
from articles.stories import merge, move, refresh, split, tell_apart
from articles.stories.membership import regroup
from articles.workflow import undo
from tests.content import Piece, files_of, put, story
from tests.exchange.acts import act, article, bring_in, bring_out, counts

pytestmark = pytest.mark.django_db

Acts = dict[str, tuple[Callable[[User], Any], set[str]]]

ACTS: Acts = {
    "merge": (
        lambda ana: merge(article("coast-a"), [article("isle-d")], ana, seen={}),
        {"coast-a", "dune-b", "reef-c", "isle-d", "quay-e"},
    ),
    "split": (
        lambda ana: split([article("dune-b"), article("reef-c")], ana, seen={}),
        {"coast-a", "dune-b", "reef-c"},
    ),
    "move": (
        lambda ana: move([article("reef-c")], article("isle-d"), ana, seen={}),
        {"coast-a", "dune-b", "reef-c", "isle-d", "quay-e"},
    ),
    "tell apart": (lambda ana: tell_apart(article("coast-a"), article("isle-d"), ana), set()),
}


def two_stories(folder: Path) -> None:
    one = [Piece("coast-a", quality=70), Piece("dune-b", quality=60), Piece("reef-c", quality=50)]
    put(folder, *story(*one), *story(Piece("isle-d", quality=65), Piece("quay-e", quality=40)))
    put(folder, Piece("alone-f", quality=30))
    bring_in(folder)


def changed_keys(before: dict[str, bytes], after: dict[str, bytes]) -> dict[str, set[str]]:
    """The keys that differ, by the stem of the file."""
    found = {}
    for path, data in after.items():
        was, now = read(before[path]).values, read(data).values
        keys = {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
        if data != before[path]:
            found[Path(path).stem] = keys
    return found


@pytest.mark.parametrize("name", ACTS)
def test_related_and_heat_of_the_touched_files_follow_and_nothing_else(
    folder: Path, ana: User, name: str
):
    two_stories(folder)
    before = files_of(folder)
    do, touched = ACTS[name]
    do(ana)
    bring_out(folder)
    changed = changed_keys(before, files_of(folder))
    assert changed.keys() == touched
    assert set().union(*changed.values()) <= {"related", "heat"}
    stories = dict(Article.objects.values_list("slug", "story"))
    assert counts(bring_in(folder)) == {"unchanged": 6}
    assert dict(Article.objects.values_list("slug", "story")) == stories


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("imports", [False, True])
def test_an_act_that_was_undone_leaves_every_file_as_it_was(
    folder: Path, ana: User, name: str, imports: bool
):
    two_stories(folder)
    before = files_of(folder)
    ACTS[name][0](ana)
    if imports:
        put(folder, Piece("late-g", quality=20))
        bring_in(folder)
        before = files_of(folder)
    assert undo(ana).refused == []
    bring_out(folder)
    assert changed_keys(before, files_of(folder)) == {}


def test_a_merge_that_carries_published_says_so_in_both_files(folder: Path, ana: User):
    two_stories(folder)
    act("isle-d", "publish", ana)
    bring_out(folder)
    before = files_of(folder)
    merge(article("coast-a"), [article("isle-d")], ana, seen={})
    bring_out(folder)
    changed = changed_keys(before, files_of(folder))
    assert changed["coast-a"] == {"related", "heat", "published"}
    assert changed["isle-d"] == {"related", "heat", "published"}
    assert changed["dune-b"] == {"related"}
    values = read(files_of(folder)["_news/coast-a.md"]).values
    assert (values["published"], values["heat"]) == (True, 70 + 4 * 20)


@pytest.mark.corpus
def test_recomputing_real_stories_from_scratch_changes_none(corpus: Path):
    bring_in(corpus / "site-b")
    files = {
        path.stem: read(path.read_bytes()).values for path in (corpus / "site-b/_news").iterdir()
    }
    rows = list(Article.objects.select_related("story"))
    wrong = [
        row.slug
        for row in rows
        if not files[row.slug].get("removed")
        and files[row.slug]["heat"] != (row.story.heat if row.is_lead else -1)
    ]
    assert wrong == []
    before = [list(table.objects.order_by("pk").values()) for table in (Story, Article)]
    plan = regroup(changed=[row.pk for row in rows])
    assert plan.moved() == []
    refresh(plan.apply())
    assert [list(table.objects.order_by("pk").values()) for table in (Story, Article)] == before
