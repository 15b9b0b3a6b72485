"""The page of a story: every act has a button there, and what it will do is named before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.admin.story_beside import address
from articles.models import Article, PairFact, Placement, Story, Transition
from articles.states import State
from articles.stories import refresh
from articles.workflow import transition
from tests.factories import make_article, make_provider, make_story, make_topic, make_user

pytestmark = pytest.mark.django_db

LINK = "https://gate-four.example/cranes"


def page(article: Article) -> str:
    story = Article.objects.values_list("story", flat=True).get(pk=article.pk)
    return reverse("admin:articles_story_change", args=[story])


def press(client: Client, article: Article, act: str, **data: Any) -> str:
    now = Article.objects.get(pk=article.pk)
    sent = {"act": f"{act}:{now.pk}:{now.version}", **data}
    return client.post(page(article), sent, follow=True).content.decode()


def live(*members: dict[str, Any]) -> list[Article]:
    found = make_story(*members)
    transition(found[0], "publish", make_user("publisher"), expected_version=1)
    refresh([found[0].story_id])
    return [Article.objects.get(pk=one.pk) for one in found]


def seen(*articles: Article) -> list[str]:
    return [f"{one.pk}:{Article.objects.get(pk=one.pk).version}" for one in articles]


def with_stories(asked: str, sent: dict[str, Any]) -> dict[str, Any]:
    """What the form sends along: the stories that the page showed."""
    return {**sent, "s": parse_qs(urlparse(asked).query)["s"]}


def stories() -> set[frozenset[int]]:
    rows = Article.objects.values_list("story", "pk")
    found: dict[int, set[int]] = {}
    for story, pk in rows:
        found.setdefault(story, set()).add(pk)
    return {frozenset(members) for members in found.values()}


def test_the_page_tells_who_reported_first_and_whose_the_reports_are(editor: Client):
    early, late = timezone.now() - timedelta(hours=5), timezone.now() - timedelta(hours=2)
    tram = make_provider(name="Tramline")
    lead, _ = make_story(
        {"published_at": late, "provider": tram}, {"published_at": early, "title": "The first one"}
    )
    html = editor.get(page(lead)).content.decode()
    assert html.index("The first one", html.index("Who reported when")) > 0
    assert "+ 3 h 0 min" in html
    assert "50 %" in html


def test_members_are_led_and_taken_out_by_a_button(editor: Client):
    lead, second, third = make_story({}, {}, {})
    assert "Leads the story now" in press(editor, second, "lead")
    assert Article.objects.get(pk=second.pk).is_lead
    assert "Taken out of the story" in press(editor, third, "detach")
    assert stories() == {frozenset([lead.pk, second.pk]), frozenset([third.pk])}


def test_an_act_on_what_changed_meanwhile_is_refused_with_the_reason(editor: Client):
    lead, second = make_story({}, {})
    answer = editor.post(page(lead), {"act": f"detach:{second.pk}:7"}, follow=True)
    assert b"Nothing was changed." in answer.content
    assert stories() == {frozenset([lead.pk, second.pk])}


def test_a_split_is_shown_before_it_is_done(editor: Client):
    lead, second, third = live({"quality": 80}, {"quality": 60, "title": "Second"}, {})
    split = reverse("admin:articles_story_split", args=[lead.story_id])
    shown = editor.get(split, {"member": [second.pk]}).content.decode()
    assert "1 article becomes a story of its own, led by “Second”." in shown
    assert "Readers no longer meet 1 article of coverage" in shown
    assert stories() == {frozenset([lead.pk, second.pk, third.pk])}
    editor.post(split, {"member": second.pk, "seen": seen(second)}, follow=True)
    assert stories() == {frozenset([lead.pk, third.pk]), frozenset([second.pk])}


def test_a_split_of_none_or_all_says_what_to_choose(editor: Client):
    lead, second = make_story({}, {})
    split = reverse("admin:articles_story_split", args=[lead.story_id])
    for chosen in ([], [lead.pk, second.pk]):
        answer = editor.get(split, {"member": chosen}, follow=True)
        assert b"Choose some of its articles, and leave some." in answer.content


def test_two_stories_stand_side_by_side_and_the_merge_is_told(client: Client):
    client.force_login(make_user("publisher"))
    old, fresh = live({"title": "The old one"}), make_story({"title": "The fresh one"}, {})
    asked = address([old[0].story_id, fresh[0].story_id])
    html = client.get(asked).content.decode()
    assert "3 articles of 2 stories become one, led by “The old one”." in html
    told = client.get(f"{asked}&lead={fresh[0].pk}").content.decode()
    assert "“The old one” goes from published to approved and stays as coverage." in told
    assert "“The fresh one” is published in its place." in told
    sent = {"act": f"merge:{fresh[0].pk}", "seen": seen(*old, *fresh)}
    done = client.post(asked, with_stories(asked, sent), follow=True).content.decode()
    assert "Merged; it is led by “The fresh one”." in done
    assert stories() == {frozenset(one.pk for one in (*old, *fresh))}
    assert Article.objects.get(pk=fresh[0].pk).state == State.PUBLISHED
    act = Transition.objects.filter(action="merge", article=fresh[0]).get()
    undo = reverse("admin:articles_article_undo", args=[fresh[0].pk])
    client.post(undo, {"_undo": act.pk, "from": "story"})
    assert Article.objects.get(pk=old[0].pk).state == State.PUBLISHED
    assert len(stories()) == 2


def test_a_merge_that_guards_would_refuse_says_so_before(client: Client):
    client.force_login(make_user("publisher"))
    old, fresh = live({}), make_story({})
    fresh[0].topic_places.all().delete()
    asked = f"{address([old[0].story_id, fresh[0].story_id])}&lead={fresh[0].pk}"
    assert "It would be refused: It needs at least one topic." in client.get(asked).content.decode()
    sent = {"act": f"merge:{fresh[0].pk}", "seen": seen(*old, *fresh)}
    assert (
        b"Nothing was changed."
        in client.post(asked, with_stories(asked, sent), follow=True).content
    )
    assert len(stories()) == 2


def test_a_merge_that_a_second_person_has_to_see_first_says_so_before(
    client: Client, settings: Any
):
    client.force_login(make_user("publisher"))
    old, fresh = live({}), make_story({})
    settings.FOUR_EYES = True
    asked = f"{address([old[0].story_id, fresh[0].story_id])}&lead={fresh[0].pk}"
    html = client.get(asked).content.decode()
    assert "It would be refused: This article is new;" in html


def test_articles_move_between_stories_that_stand_side_by_side(editor: Client):
    one, two = make_story({}, {"title": "Goes"}), make_story({"title": "Takes it"})
    asked = address([one[0].story_id, two[0].story_id])
    told = editor.get(f"{asked}&chosen={one[1].pk}").content.decode()
    assert "1 article becomes coverage of “Takes it”." in told
    sent = {"act": f"move:{two[0].pk}", "member": one[1].pk, "seen": seen(one[1], two[0])}
    editor.post(asked, with_stories(asked, sent))
    assert stories() == {frozenset([one[0].pk]), frozenset([two[0].pk, one[1].pk])}


def test_all_that_was_chosen_comes_along_with_a_link(editor: Client):
    one, two = make_story(*({} for _ in range(9))), make_story({"web_url": "https://a.example/b"})
    chosen = [str(row.pk) for row in one[1:]]
    asked: dict[str, Any] = {"s": one[0].story_id, "chosen": chosen}
    asked["link"] = "https://a.example/b"
    response = editor.get(reverse("admin:articles_story_beside"), asked)
    led = parse_qs(urlparse(response.headers["Location"]).query)
    assert led["chosen"] == chosen
    assert led["s"] == [str(one[0].story_id), str(two[0].story_id)]


def test_two_stories_are_told_apart(editor: Client):
    (one,), (two,) = make_story({}), make_story({})
    asked = address([one.story_id, two.story_id])
    answer = editor.post(
        asked, with_stories(asked, {"act": "apart", "seen": seen(one, two)}), follow=True
    )
    assert b"Not the same story: neither files nor suggestions" in answer.content
    assert not PairFact.objects.get().is_together


def test_another_story_is_found_by_a_link(editor: Client):
    (one,), (two,) = make_story({}), make_story({"web_url": LINK})
    beside = reverse("admin:articles_story_beside")
    answer = editor.get(beside, {"s": str(one.story_id), "link": LINK}, follow=True)
    assert answer.redirect_chain[-1][0] == address([one.story_id, two.story_id])
    unknown = editor.get(beside, {"s": str(one.story_id), "link": f"{LINK}-no"}, follow=True)
    assert b"No other story has an article of that link." in unknown.content


def test_one_story_alone_is_not_seen_side_by_side(editor: Client):
    lead, _ = make_story({}, {})
    for asked in ("s=0", f"s={lead.story_id}", "", "s=x"):
        answer = editor.get(f"{reverse('admin:articles_story_beside')}?{asked}", follow=True)
        assert b"Name two stories" in answer.content


def test_chosen_articles_of_a_list_are_merged_on_that_page(editor: Client):
    (one,), (two,) = make_story({}), make_story({})
    listed = reverse("admin:articles_article_changelist") + "?shelf=all"
    sent = {"action": "merge", "_selected_action": [one.pk, two.pk], "index": "0"}
    answer = editor.post(listed, sent)
    assert answer.headers["Location"] in (
        address([one.story_id, two.story_id]),
        address([two.story_id, one.story_id]),
    )


def test_a_story_is_placed_with_its_arithmetic_shown(editor: Client):
    (lead,) = live({"quality": 67})
    Story.objects.filter(pk=lead.story_id).update(related_count=3)
    until = timezone.localtime(timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    html = press(editor, lead, "place", place="boost:1", until=until, reason="It matters")
    assert "quality 67 + 3 × 20, 0 min old, boosted by" in html
    assert ": place 1" in html
    assert Placement.objects.get().shift == 1
    press(editor, lead, "unplace")
    assert not Placement.objects.exists()
    refused = press(editor, lead, "place", place="pin:99", until=until, reason="It matters")
    assert "A story is pinned to a place from 1 to 10." in refused


def test_the_queries_do_not_grow_with_the_story(editor: Client):
    small, large = live({}, {}), live({}, *({} for _ in range(30)))
    counts = []
    for lead in (small[0], large[0]):
        with CaptureQueriesContext(connection) as captured:
            editor.get(page(lead))
        counts.append(len(captured))
    assert counts[0] == counts[1]
    beside = []
    for first, second in ((make_story({}), make_story({})), (small, large)):
        with CaptureQueriesContext(connection) as captured:
            editor.get(address([first[0].story_id, second[0].story_id]))
        beside.append(len(captured))
    assert beside[1] <= beside[0] + 1


def test_who_may_look_at_no_story_sees_them_neither_side_by_side_nor_split(client: Client):
    one, two = make_story({}, {}), make_story({})
    split = reverse("admin:articles_story_split", args=[one[0].story_id])
    asked = [address([one[0].story_id, two[0].story_id]), f"{split}?member={one[1].pk}"]
    for role, status in (("auditor", 200), ("", 403)):
        client.force_login(make_user(role))
        assert [client.get(page).status_code for page in asked] == [status, status]


def test_a_story_that_is_not_there_is_not_found(editor: Client):
    for name in ("change", "split"):
        nowhere = reverse(f"admin:articles_story_{name}", args=[999_999_999])
        assert editor.get(nowhere).status_code == 404
        assert editor.post(nowhere, {"act": "lead:1:1"}).status_code == 404


def test_a_forged_act_on_a_story_is_not_found_and_changes_nothing(editor: Client):
    lead, other = make_story({}, {})
    (stranger,) = make_story({})
    before = stories()
    for act in ("", f"erase:{other.pk}:1", f"lead:{stranger.pk}:1", "lead:x:1", "lead"):
        assert editor.post(page(lead), {"act": act}).status_code == 404
    assert stories() == before
    assert not Transition.objects.exists()


def test_a_forged_act_on_stories_side_by_side_is_not_found_and_changes_nothing(editor: Client):
    rows = [row for count in (2, 1, 1, 1) for row in make_story(*({} for _ in range(count)))]
    lead, member, second, third, stranger = rows
    shown, before = [lead.story_id, second.story_id], stories()
    merged, moved = f"merge:{stranger.pk}", f"move:{stranger.pk}"
    for act in ("", "erase", "merge", "merge:x", merged, moved):
        sent = {"s": shown, "act": act, "member": member.pk, "seen": seen(*rows)}
        assert editor.post(address(shown), sent).status_code == 404
    three = [*shown, third.story_id]
    sent = {"s": three, "act": "apart", "seen": seen(*rows)}
    assert editor.post(address(three), sent).status_code == 404
    assert stories() == before
    assert not PairFact.objects.exists()


def test_who_only_looks_is_offered_nothing(client: Client):
    lead, _ = live({}, {})
    client.force_login(make_user("auditor"))
    html = client.get(page(lead)).content.decode()
    for word in ("Make lead", "Take out", "Split off", "Place it", "Side by side"):
        assert word not in html
    topic = make_topic()
    other = make_article(topics=[topic])
    assert "Merge" not in client.get(address([lead.story_id, other.story_id])).content.decode()
