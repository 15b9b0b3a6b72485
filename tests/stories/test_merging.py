"""One story of several, several of one: what readers have goes on, and all can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from articles.models import (
    AWAITS_ADMISSION,
    Article,
    Digest,
    DigestItem,
    FormerAddress,
    PairFact,
    Story,
    Transition,
)
from articles.states import State
from articles.stories import NotPossible, attach, merge, move, split, swap_lead, tell_apart
from articles.stories.placing import place
from articles.stories.suggesting import suggest
from articles.workflow import (
    GuardsFailed,
    NotPermitted,
    ReasonMissing,
    StaleVersion,
    WrongState,
    transition,
    undo,
)
from tests.factories import make_user
from tests.stories.claiming import (
    claimed_story,
    everything,
    import_again,
    leads,
    members,
    now_of,
)

pytestmark = pytest.mark.django_db


def live(*qualities: int) -> list[Article]:
    """A published story."""
    found = claimed_story(*({"quality": quality} for quality in qualities))
    transition(found[0], "publish", make_user("publisher"), expected_version=1)
    return [now_of(one) for one in found]


def draft(*qualities: int) -> list[Article]:
    return claimed_story(*({"quality": quality} for quality in qualities))


def seen(*articles: Article) -> dict[int, int]:
    return {one.pk: now_of(one).version for one in articles}


def test_two_stories_are_one_and_stay_one_though_no_file_says_so() -> None:
    one, two = draft(80, 60), draft(70, 50)
    merge(one[0], [two[0]], make_user("editor"), seen=seen(one[0], two[0]))
    import_again()
    assert members(one[0]) == {article.slug for article in (*one, *two)}
    assert [leads(article) for article in (*one, *two)] == [True, False, False, False]


def test_three_stories_are_merged_by_one_act() -> None:
    one, two, three = draft(10), draft(20, 5), draft(30)
    merge(one[0], [two[1], three[0]], make_user("editor"), seen={})
    import_again()
    assert members(three[0]) == {article.slug for article in (*one, *two, *three)}
    assert leads(one[0])
    assert Transition.objects.filter(action="merge").count() == 1


@pytest.mark.parametrize("make", [(draft, draft), (live, draft), (draft, live), (live, live)])
def test_a_merge_is_undone_exactly(make: Any) -> None:
    one, two = make[0](80, 60), make[1](70, 50)
    publisher = make_user("publisher")
    if make[1] is live:
        until = timezone.now() + timedelta(hours=2)
        said: dict[str, Any] = {"reason": "big", "until": until, "number": 1}
        place(two[0], "pin", make_user("editor"), expected_version=two[0].version, **said)
    digest = Digest.objects.create(day=timezone.localdate())
    DigestItem.objects.create(digest=digest, story=two[0].story, position=1, comment="Look")
    before = everything()
    merge(one[0], [two[0]], publisher, seen=seen(one[0], two[0]))
    assert DigestItem.objects.get().story == now_of(one[0]).story
    import_again()
    assert undo(publisher).refused == []
    assert everything() == before
    import_again()
    assert everything() == before


def test_published_is_carried_to_the_lead_that_was_chosen(client: Client) -> None:
    fresh, old = draft(80), live(70, 50)
    address = old[0].story.slug
    merge(fresh[0], [old[0]], make_user("publisher"), seen={})
    heir, former = now_of(fresh[0]), now_of(old[0])
    assert (heir.state, former.state, former.is_lead) == (State.PUBLISHED, State.APPROVED, False)
    assert heir.go_live_at == old[0].go_live_at
    assert heir.story.slug == address
    assert heir.title in client.get(f"/news/{address}/").content.decode()
    assert client.get(f"/news/{fresh[0].slug}/").headers["Location"] == f"/news/{address}/"


def test_the_address_of_a_story_that_went_into_another_goes_on_to_answer(client: Client) -> None:
    one, two, three = live(80), live(70), live(60)
    publisher = make_user("publisher")
    # Its first lead, whose stem is its address, has left it.
    other = draft(10)
    attach(other[0], two[0], publisher)
    former = f"/news/{two[0].slug}/"
    merge(one[0], [two[0]], publisher, seen={})
    assert client.get(former).headers["Location"] == f"/news/{one[0].slug}/"
    merge(three[0], [one[0]], publisher, seen={})
    for slug in (one[0].slug, two[0].slug):
        assert client.get(f"/news/{slug}/").headers["Location"] == f"/news/{three[0].slug}/"
    transition(now_of(two[0]), "spike", publisher, expected_version=now_of(two[0]).version)
    assert client.get(former).headers["Location"] == f"/news/{three[0].slug}/"
    leader = now_of(three[0])
    transition(leader, "unpublish", publisher, expected_version=leader.version, comment="no")
    assert client.get(former).status_code == 410


def test_an_address_that_leads_on_is_not_given_away_again() -> None:
    one, two = live(80), live(70)
    publisher = make_user("publisher")
    merge(one[0], [two[0]], publisher, seen={})
    split([two[0]], publisher, seen={})
    again = now_of(two[0])
    transition(again, "publish", publisher, expected_version=again.version)
    assert now_of(two[0]).story.slug == f"{two[0].slug}-2"
    assert FormerAddress.objects.get().slug == two[0].slug


def test_a_merge_that_guards_forbid_changes_nothing() -> None:
    fresh, old = draft(80), live(70)
    fresh[0].topic_places.all().delete()
    before = everything()
    with pytest.raises(GuardsFailed):
        merge(fresh[0], [old[0]], make_user("publisher"), seen={})
    assert everything() == before


def test_guards_are_passed_by_a_merge_only_with_a_reason() -> None:
    fresh, old = draft(80), live(70)
    fresh[0].topic_places.all().delete()
    manager, before = make_user("managing editor"), everything()
    with pytest.raises(ReasonMissing):
        merge(fresh[0], [old[0]], manager, seen={}, override=True, comment=" ")
    assert everything() == before
    merge(fresh[0], [old[0]], manager, seen={}, override=True, comment="breaking")
    assert now_of(fresh[0]).state == State.PUBLISHED


def test_a_merge_publishes_nothing_that_a_second_person_has_not_seen(settings: Any) -> None:
    fresh, old = draft(80), live(70)
    settings.FOUR_EYES = True
    before = everything()
    with pytest.raises(WrongState, match="Two people"):
        merge(fresh[0], [old[0]], make_user("publisher"), seen={})
    assert everything() == before


def test_only_publishers_let_a_published_lead_step_down() -> None:
    one, two = live(80), live(70)
    with pytest.raises(NotPermitted):
        merge(one[0], [two[0]], make_user("editor"), seen={})
    waiting = draft(60)
    merge(one[0], [waiting[0]], make_user("editor"), seen={})
    assert members(waiting[0]) == {one[0].slug, waiting[0].slug}


def test_what_changed_since_it_was_seen_is_not_merged() -> None:
    one, two = draft(80), draft(70)
    editor = make_user("editor")
    transition(two[0], "claim", editor, expected_version=1)
    with pytest.raises(StaleVersion):
        merge(one[0], [two[0]], editor, seen={one[0].pk: 1, two[0].pk: 1})


def test_a_story_is_not_merged_with_itself_nor_led_by_what_was_rejected() -> None:
    one, two = draft(80, 60), draft(70)
    editor = make_user("editor")
    with pytest.raises(NotPossible, match="one story already"):
        merge(one[0], [one[1]], editor, seen={})
    transition(two[0], "spike", editor, expected_version=1)
    with pytest.raises(NotPossible, match="cannot lead"):
        merge(two[0], [one[0]], editor, seen={})


def test_a_part_that_was_split_off_stays_off_whole() -> None:
    lead, second, third, fourth = draft(80, 60, 50, 40)
    split([third, fourth], make_user("editor"), seen=seen(third, fourth))
    import_again()
    assert members(lead) == {lead.slug, second.slug}
    assert members(third) == {third.slug, fourth.slug}
    assert leads(lead)
    assert leads(third)


def test_taking_one_more_out_of_a_part_brings_none_back() -> None:
    lead, second, third, fourth, fifth = draft(80, 60, 50, 40, 30)
    editor = make_user("editor")
    split([third, fourth, fifth], editor, seen={})
    split([third], editor, seen={})
    import_again()
    assert members(lead) == {lead.slug, second.slug}
    assert members(fourth) == {fourth.slug, fifth.slug}


def test_the_part_with_the_published_lead_stays_public_at_its_address() -> None:
    lead, second, third = live(80, 60, 50)
    editor = make_user("editor")
    split([lead, third], editor, seen={})
    stays, leaves = now_of(lead), now_of(second)
    assert (stays.state, stays.story.slug) == (State.PUBLISHED, lead.slug)
    assert (leaves.state, leaves.is_lead, leaves.story.slug) == (State.NEW, True, None)
    assert stays.story.heat == 80 + 20


@pytest.mark.parametrize("make", [draft, live])
@pytest.mark.parametrize("which", [(0,), (1, 2), (0, 3)])
def test_a_split_is_undone_exactly(make: Any, which: tuple[int, ...]) -> None:
    members = make(80, 60, 50, 40)
    editor = make_user("editor")
    before = everything()
    split([members[place] for place in which], editor, seen={})
    import_again()
    assert undo(editor).refused == []
    assert everything() == before


def test_some_are_split_off_and_some_are_left() -> None:
    one, two = draft(80, 60), draft(50)
    editor = make_user("editor")
    with pytest.raises(NotPossible, match="leave some"):
        split(one, editor, seen={})
    with pytest.raises(NotPossible, match="one story"):
        split([one[1], two[0]], editor, seen={})


def test_several_are_moved_by_one_act_and_one_undo() -> None:
    source, target = live(80, 60, 50), draft(70)
    editor = make_user("editor")
    before = everything()
    move(source[1:], target[0], editor, seen=seen(*source[1:], target[0]))
    import_again()
    assert members(source[0]) == {source[0].slug}
    assert members(target[0]) == {target[0].slug, source[1].slug, source[2].slug}
    assert undo(editor).refused == []
    assert everything() == before


def test_a_published_lead_is_not_moved() -> None:
    one, two = live(80, 60), draft(70)
    with pytest.raises(NotPossible, match="merge"):
        move(one, two[0], make_user("publisher"), seen={})


def test_stories_told_apart_are_neither_brought_together_by_files_nor_suggested() -> None:
    same = {"title": "Storm floods harbour quarter of Fennick", "excerpt": "Storm and flood."}
    (one,), (two,) = claimed_story(same), claimed_story(same)
    assert [found.lead for found in suggest(one)] == [two]
    editor = make_user("editor")
    tell_apart(one, two, editor)
    for here, there in ((one, two), (two, one)):
        here.claims.create(identity=there.identity, title_hash=there.title_hash)
    import_again()
    assert members(one) == {one.slug}
    assert suggest(one) == []
    with pytest.raises(NotPossible, match="already"):
        tell_apart(two, one, editor)


def test_telling_apart_is_undone_exactly() -> None:
    one, two = draft(80, 60), draft(70)
    editor = make_user("editor")
    before = everything()
    tell_apart(one[1], two[0], editor)
    assert PairFact.objects.filter(is_together=False).count() == 2
    undo(editor)
    assert everything() == before


def test_who_may_not_change_stories_changes_none() -> None:
    one, two = draft(80, 60), draft(70)
    acts: list[Callable[[User], Any]] = [
        lambda person: merge(one[0], [two[0]], person, seen={}),
        lambda person: split([one[1]], person, seen={}),
        lambda person: move([one[1]], two[0], person, seen={}),
        lambda person: tell_apart(one[0], two[0], person),
    ]
    for role, act in product(("contributor", "auditor", ""), acts):
        with pytest.raises(PermissionDenied):
            act(make_user(role))
    assert Story.objects.count() == 2


def test_a_merge_undone_after_an_import_asks_where_newcomers_go() -> None:
    one, two = draft(80, 60), draft(70)
    editor = make_user("editor")
    merge(one[0], [two[0]], editor, seen={})
    (late,) = claimed_story({"quality": 90})
    for here, there in ((late, two[0]), (two[0], late)):
        here.claims.create(identity=there.identity, title_hash=there.title_hash)
    import_again()
    assert members(late) == {article.slug for article in (*one, *two, late)}
    asks = undo(editor).asks
    assert asks is not None
    assert {choice.pk for choice in asks.choices} == {one[0].pk, two[0].pk}
    assert undo(editor, newcomers=one[0].pk).refused == []
    import_again()
    assert members(one[0]) == {one[0].slug, one[1].slug, late.slug}
    assert members(two[0]) == {two[0].slug}


def test_an_undone_split_gives_the_story_back_the_address_of_its_former_lead() -> None:
    lead, second = live(80, 60)
    publisher = make_user("publisher")
    transition(lead, "unpublish", publisher, expected_version=lead.version, comment="no")
    swap_lead(now_of(second), publisher, expected_version=1)
    before = everything()
    split([lead], publisher, seen={})
    assert undo(publisher).refused == []
    assert everything() == before
    assert now_of(second).story.slug == lead.slug


def test_what_an_act_made_a_lead_is_not_published_by_its_file() -> None:
    _, second = draft(80, 60)
    Article.objects.filter(pk=second.pk).update(file_state=State.PUBLISHED)
    editor = make_user("editor")
    before = everything()
    split([second], editor, seen={})
    waiting = Article.objects.filter(AWAITS_ADMISSION, is_lead=True)
    assert not waiting.exists()
    undo(editor)
    assert everything() == before


def test_what_was_acted_on_later_stays_marked_when_an_act_is_undone() -> None:
    _, second, third = draft(80, 60, 50)
    editor = make_user("editor")
    split([third], editor, seen={})
    transition(now_of(second), "spike", make_user("editor"), expected_version=1)
    acted = now_of(second).state_acted_at
    assert undo(editor).refused == []
    assert now_of(second).state_acted_at == acted
    assert now_of(third).state_acted_at is None
