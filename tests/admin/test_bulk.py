"""Bulk acts: told before, done row by row, told after, taken back together."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles.desk import bulk
from articles.models import Article, Transition
from articles.states import State
from tests.factories import make_article, make_provider, make_story, make_topic, make_user

from .conftest import LIST

pytestmark = pytest.mark.django_db

BULK = f"{LIST}bulk/"


def fresh(**changes: Any) -> Article:
    return make_article(**({"arrived_at": timezone.now()} | changes))


def look(client: Client, action: str, articles: list[Article], query: str = "", **more: str) -> Any:
    """What the list's form answers for the chosen articles: the preview."""
    versions = {f"version-{a.pk}": str(a.version) for a in articles}
    data = {
        "_selected_action": [str(a.pk) for a in articles],
        "action": action,
        "index": "0",
        **versions,
        **more,
    }
    return client.post(f"{LIST}{query}", data)


def confirm(client: Client, preview: Any, **said: str) -> Any:
    """Presses the button of a preview; answers the list."""
    kept = {name: preview.context[name] for name in ("chosen", "back")}
    data = {"kind": preview.context["kind"].name, **kept, **said}
    return client.post(BULK, data, follow=True)


def do(client: Client, action: str, articles: list[Article], query: str = "", **said: str) -> Any:
    return confirm(client, look(client, action, articles, query), **said)


def states(*articles: Article) -> list[str]:
    return [Article.objects.get(pk=article.pk).state for article in articles]


def test_a_bulk_says_before_what_it_will_do_and_does_nothing_yet(publisher: Client):
    good, bare = fresh(), fresh(topics=[])
    forecast = look(publisher, "publish", [good, bare]).context["forecast"]
    assert (forecast.done, forecast.refused) == (1, {"It needs at least one topic.": 1})
    assert forecast.effects == ["1 story goes live"]
    assert states(good, bare) == [State.NEW, State.NEW]
    assert not Transition.objects.exists()


def test_nobody_is_shown_what_a_bulk_would_do_that_is_not_theirs_to_begin(editor: Client):
    article = fresh()
    assert look(editor, "more", [article], more="spike").status_code == 200
    for kind in ("withdraw", "publish", "export"):
        assert look(editor, "more", [article], more=kind).status_code == 403


def test_a_bulk_does_what_it_can_and_links_to_what_it_refused(publisher: Client):
    good, bare = fresh(), fresh(topics=[], title="Bare one")
    answer = do(publisher, "publish", [good, bare])
    assert states(good, bare) == [State.PUBLISHED, State.NEW]
    outcome = answer.context["outcome"]
    assert (outcome["number"], outcome["refused_number"]) == (1, 1)
    assert outcome["refused"] == [[bare.pk, "Bare one", "It needs at least one topic."]]
    text = " ".join(answer.content.decode().split())
    assert "1 published, 1 refused:" in text
    assert f"/admin/articles/article/{bare.pk}/change/" in text
    assert "outcome" not in publisher.get(LIST).context


def test_one_undo_takes_a_whole_bulk_back(publisher: Client):
    articles = [fresh(), fresh()]
    outcome = do(publisher, "publish", articles).context["outcome"]
    answer = publisher.post(f"{BULK}undo/", {"batch": outcome["batch"]}, follow=True)
    assert states(*articles) == [State.NEW, State.NEW]
    assert answer.context["outcome"]["number"] == 2


def test_nobody_takes_back_what_somebody_else_did(publisher: Client, editor: Client):
    article = fresh()
    outcome = do(publisher, "spike", [article]).context["outcome"]
    for batch in (outcome["batch"], "", "-"):
        editor.post(f"{BULK}undo/", {"batch": batch})
    assert states(article) == [State.SPIKED]


def test_what_changed_since_the_list_was_read_is_refused(publisher: Client):
    article = fresh()
    preview = look(publisher, "publish", [article])
    Article.objects.filter(pk=article.pk).update(version=2)
    assert confirm(publisher, preview).context["outcome"]["refused_number"] == 1
    assert states(article) == [State.NEW]


def test_unpublishing_asks_why_and_keeps_asking(publisher: Client):
    live = fresh(state=State.PUBLISHED, go_live_at=timezone.now())
    preview = look(publisher, "unpublish", [live], "?shelf=live")
    again = confirm(publisher, preview)
    assert "comment" in again.context["form"].errors
    assert states(live) == [State.PUBLISHED]
    confirm(publisher, again, comment="wrong harbour")
    assert states(live) == [State.UNPUBLISHED]
    assert Transition.objects.get(action="unpublish").comment == "wrong harbour"


def test_withdrawing_many_wants_the_word_typed(sign_in: Callable[[str], Client]):
    client, article = sign_in("managing editor"), fresh()
    preview = look(client, "more", [article], more="withdraw")
    confirm(client, preview, comment="wrong", confirmation="yes")
    assert states(article) == [State.NEW]
    confirm(client, preview, comment="wrong", confirmation="withdraw")
    assert states(article) == [State.WITHDRAWN]


def test_a_window_is_read_in_the_newsroom_s_zone(publisher: Client, settings: Any):
    settings.TIME_ZONE = "Europe/Lisbon"
    article = fresh()
    do(publisher, "publish", [article], go_live_at="2099-07-01T08:00:00")
    article.refresh_from_db()
    assert article.go_live_at is not None
    assert article.go_live_at.isoformat() == "2099-07-01T07:00:00+00:00"


def test_many_are_assigned_to_one_person(editor: Client):
    articles, other = [fresh(), fresh()], make_user("editor")
    do(editor, "assign", articles, assignee=str(other.pk))
    assert {Article.objects.get(pk=a.pk).assignee for a in articles} == {other}


def test_topics_are_added_once_at_the_end_and_removed(editor: Client):
    sea, sky = make_topic("Sea"), make_topic("Sky")
    one, two = fresh(topics=[sea]), fresh(topics=[sky, sea])
    do(editor, "add_topic", [one, two], topic=str(sky.pk))
    assert [list(a.topics.order_by("places__position")) for a in (one, two)] == [
        [sea, sky],
        [sky, sea],
    ]
    for article in (one, two):
        article.refresh_from_db()
    do(editor, "remove_topic", [one, two], topic=str(sky.pk))
    assert [list(a.topics.all()) for a in (one, two)] == [[sea], [sea]]


def test_a_topic_added_to_a_live_article_waits_as_a_draft(editor: Client):
    sea, sky = make_topic("Sea"), make_topic("Sky")
    live = fresh(topics=[sea], state=State.PUBLISHED, go_live_at=timezone.now())
    do(editor, "add_topic", [live], "?shelf=live", topic=str(sky.pk))
    live.refresh_from_db()
    assert list(live.topics.all()) == [sea]
    assert live.draft is not None


def test_quality_is_set_and_taken_back(editor: Client):
    articles = [fresh(quality=10), fresh(quality=20)]
    outcome = do(editor, "quality", articles, quality="0").context["outcome"]
    assert {Article.objects.get(pk=a.pk).quality for a in articles} == {0}
    editor.post(f"{BULK}undo/", {"batch": outcome["batch"]})
    assert [Article.objects.get(pk=a.pk).quality for a in articles] == [10, 20]


def test_a_whole_story_is_spiked_but_for_what_is_public_and_taken_back_at_once(editor: Client):
    lead, member = make_story({"arrived_at": timezone.now()}, {})
    live, coverage = make_story({"state": State.PUBLISHED, "go_live_at": timezone.now()}, {})
    outcome = do(editor, "spike_story", [lead, coverage], "?shelf=all").context["outcome"]
    assert states(lead, member, live, coverage) == ["spiked", "spiked", "published", "spiked"]
    editor.post(f"{BULK}undo/", {"batch": outcome["batch"]})
    assert states(lead, member, live, coverage) == ["new", "new", "published", "new"]


def test_all_that_match_means_all_that_the_filters_leave(
    publisher: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("articles.admin.readonly.NoDelete.list_per_page", 2)
    wanted = [fresh(quality=80) for _ in range(4)]
    other = fresh(quality=10)
    query = "?quality_from=60"
    preview = look(publisher, "spike", wanted[:2], query, select_across="1")
    assert preview.context["forecast"].done == 4
    answer = confirm(publisher, preview)
    assert states(*wanted, other) == [*["spiked"] * 4, "new"]
    assert answer.redirect_chain[-1][0] == f"{LIST}{query}"


def test_a_bulk_takes_no_more_than_people_can_wait_for(
    publisher: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bulk, "MOST", 2)
    articles = [fresh() for _ in range(3)]
    preview = look(publisher, "spike", articles, select_across="1")
    assert preview.context["forecast"].done == 2
    assert "No more than 2 at a time" in preview.content.decode()


def test_a_row_s_own_buttons_decide_it_at_once(publisher: Client):
    kept, spiked = fresh(), fresh()
    for article, name in ((kept, "approve"), (spiked, "spike")):
        data = {"row": f"{name}:{article.pk}", f"version-{article.pk}": "1"}
        publisher.post(BULK, data)
    assert states(kept, spiked) == [State.APPROVED, State.SPIKED]
    live = fresh(state=State.PUBLISHED, go_live_at=timezone.now())
    publisher.post(BULK, {"row": f"unpublish:{live.pk}", f"version-{live.pk}": "1"})
    assert states(live) == [State.PUBLISHED]


def test_chosen_articles_leave_as_their_files(sign_in: Callable[[str], Client]):
    articles = [fresh(slug="2024-05-06-one"), fresh(slug="2024-05-06-two")]
    fresh(slug="2024-05-06-three")
    client = sign_in("managing editor")
    answer = confirm(client, look(client, "more", articles, more="export"))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        names = sorted(name.rpartition("/")[2] for name in archive.namelist())
    assert names == ["2024-05-06-one.md", "2024-05-06-two.md"]


CHANGING = [name for name in bulk.KINDS if name != "export"]


@pytest.mark.parametrize("role", ["contributor", "auditor"])
def test_who_may_only_look_is_offered_nothing_and_changes_nothing(
    sign_in: Callable[[str], Client], role: str
):
    client, article = sign_in(role), fresh()
    before = Article.objects.values().get(pk=article.pk)
    page = client.get(LIST).content.decode()
    assert 'name="action"' not in page
    for name in bulk.KINDS:
        look(client, name, [article])
        look(client, "more", [article], more=name)
        forged = {"kind": name, "chosen": f"{article.pk}:1", "comment": "x", "quality": "1"}
        assert client.post(BULK, forged).status_code == 403
        row = {"row": f"{name}:{article.pk}", f"version-{article.pk}": "1"}
        assert client.post(BULK, row).status_code == 403
    assert Article.objects.values().get(pk=article.pk) == before
    assert not Transition.objects.exists()


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        ("editor", {"publish", "approve", "unpublish", "withdraw", "reinstate", "export"}),
        ("publisher", {"withdraw", "reinstate", "export"}),
        ("managing editor", {"reinstate"}),
    ],
)
def test_each_role_begins_only_what_is_its_own(
    sign_in: Callable[[str], Client], role: str, refused: set[str]
):
    person = User.objects.get(pk=sign_in(role).session["_auth_user_id"])
    offered = {kind.name for kind in bulk.open_to(person)}
    assert refused & offered == set()
    assert {"claim", "spike", "quality"} <= offered


def test_a_bulk_changes_nothing_by_get_nor_without_its_token():
    article = fresh()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("publisher"))
    assert client.get(BULK).status_code == 405
    forged = {"kind": "spike", "chosen": f"{article.pk}:1"}
    assert client.post(BULK, forged).status_code == 403
    assert states(article) == [State.NEW]


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"kind": "erase", "chosen": "1:1"},
        {"kind": "spike", "chosen": "x:y 9:1 1"},
        {"row": "spike"},
        {"row": "spike:99", "version-99": "x"},
        {"kind": "spike", "chosen": "", "back": "\x00&p=9"},
    ],
)
def test_what_no_page_would_send_is_answered_and_does_nothing(
    editor: Client, forged: dict[str, str]
):
    fresh(provider=make_provider())
    assert editor.post(BULK, forged, follow=True).status_code in (200, 403)
    assert not Transition.objects.exists()
