"""What stands beside the form: the story worked on from there, the past remembered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.exchange.passages import packed_files
from articles.models import Article, Claim, RelatedItem, Run, Source, Transition
from articles.states import State
from articles.stories import attach
from articles.tracking import stripped
from articles.workflow import edit, transition
from tests.factories import make_article, make_story, make_user

from .conftest import form_page

pytestmark = pytest.mark.django_db

LINK = "https://gate-four.example/cranes"


def send(client: Client, name: str, article: Article, **data: object):
    page = reverse(f"admin:articles_article_{name}", args=[article.pk])
    sent = {key: str(value) for key, value in data.items()}
    return client.post(page, sent, follow=True)


def seen(article: Article) -> str:
    """What the page would send of that article."""
    return f"{article.pk}:{article.version}"


def story_of(article: Article) -> int:
    return Article.objects.get(pk=article.pk).story_id


def test_pasting_a_link_joins_the_article_of_that_link(editor: Client):
    lead = make_article()
    other = make_article(web_url=LINK)
    answer = send(editor, "attach", lead, link=f" {LINK}?utm_source=letter ", lead=seen(lead))
    assert b"Joined to this story" in answer.content
    assert story_of(other) == story_of(lead)


def test_coverage_joins_the_story_of_any_member(editor: Client):
    lead, member = make_story({}, {})
    other = make_article(web_url=LINK)
    send(editor, "attach", member, link=LINK, lead=seen(lead))
    assert story_of(other) == story_of(lead)


def test_an_undo_asks_where_newcomers_go_and_puts_them_there(editor: Client):
    lead, member = make_story({}, {"quality": 1})
    send(editor, "detach", lead, member=seen(member))
    act = Transition.objects.get(action="detach")
    member.refresh_from_db()
    newcomer = make_article(title="Newly come")
    attach(newcomer, member, make_user("editor"))
    answer = send(editor, "undo", member, _undo=act.pk).content.decode()
    assert "<bdi>Newly come</bdi>" in answer
    assert "Where do the newcomers go?" in answer
    triage = reverse("admin:articles_article_triage")
    sent = {"article": member.pk, "act": f"undo:{act.pk}"}
    pressed = editor.post(triage, sent, headers={"accept": "application/json"})
    assert pressed.status_code == 200
    assert "“Newly come” joined the story since." in pressed.json()["says"]
    assert story_of(member) != story_of(lead)
    send(editor, "undo", member, _undo=act.pk, newcomers=lead.pk)
    assert story_of(member) == story_of(lead) == story_of(newcomer)


@pytest.mark.parametrize("link", ["", "cranes", "javascript:alert(1)"])
def test_what_is_no_link_joins_nothing(editor: Client, link: str):
    answer = send(editor, "attach", make_article(), link=link)
    assert b"Paste a whole link" in answer.content


def test_a_refused_join_says_why_and_changes_nothing(editor: Client):
    lead = make_article()
    live = make_article(web_url=LINK, state=State.PUBLISHED, go_live_at=timezone.now())
    answer = send(editor, "attach", lead, link=LINK, lead=seen(lead))
    assert b"Unpublish it first" in answer.content
    assert b"Nothing was changed." in answer.content
    assert story_of(live) != story_of(lead)


def test_a_member_is_detached_from_beside_the_form(editor: Client):
    lead, member = make_story({}, {})
    answer = send(editor, "detach", lead, member=seen(member))
    assert b"Taken out of the story" in answer.content
    assert story_of(member) != story_of(lead)


def test_a_story_is_not_changed_from_a_page_that_is_out_of_date(editor: Client):
    lead, member = make_story({}, {})
    other = make_article(web_url=LINK)
    shown, member_shown = seen(lead), seen(member)
    Article.objects.filter(pk__in=[lead.pk, member.pk]).update(version=2)
    for name, data in (
        ("detach", {"member": member_shown}),
        ("detach", {"member": member.pk}),
        ("attach", {"link": LINK, "lead": shown}),
        ("attach", {"link": LINK, "lead": f"{member.pk}:2"}),
        ("attach", {"link": LINK}),
    ):
        assert b"Nothing was changed." in send(editor, name, lead, **data).content
    assert story_of(member) == story_of(lead) != story_of(other)


def test_the_buttons_of_the_story_carry_the_versions_they_show(editor: Client):
    lead, member = make_story({"version": 3}, {"version": 4})
    page = editor.get(form_page(lead)).content.decode()
    assert f'name="lead" value="{lead.pk}:3"' in page
    assert page.count(f'value="{member.pk}:4"') == 2


def test_only_members_of_this_story_are_detached_here(editor: Client):
    lead, _ = make_story({}, {})
    _, stranger = make_story({}, {})
    for asked in (stranger.pk, "", "x", "9" * 40):
        assert send(editor, "detach", lead, member=asked).status_code == 404
    assert stranger.story_id == story_of(stranger)


@pytest.mark.parametrize("role", ["contributor", "auditor"])
def test_who_may_not_change_stories_sees_no_button_and_forges_none(
    sign_in: Callable[[str], Client], role: str
):
    client, other = sign_in(role), make_article(web_url=LINK)
    lead, member = make_story({}, {})
    page = client.get(form_page(lead)).content.decode()
    assert "Add coverage" not in page
    assert ">Detach<" not in page
    assert send(client, "attach", lead, link=LINK).status_code == 403
    assert send(client, "detach", lead, member=member.pk).status_code == 403
    assert send(client, "lead", lead, member=f"{member.pk}:1").status_code == 403
    assert (story_of(other), story_of(member)) == (other.story_id, lead.story_id)


def test_a_member_is_made_the_lead_from_beside_the_form(editor: Client):
    lead, member = make_story({}, {})
    answer = send(editor, "lead", lead, member=f"{member.pk}:{member.version}")
    assert b"Leads the story now" in answer.content
    assert Article.objects.get(pk=member.pk).is_lead
    assert not Article.objects.get(pk=lead.pk).is_lead


def test_the_lead_of_a_live_story_is_only_swapped_by_who_may_publish(
    editor: Client, publisher: Client
):
    lead, member = make_story({"state": State.PUBLISHED, "go_live_at": timezone.now()}, {})
    asked = f"{member.pk}:{member.version}"
    assert ">Make lead<" not in editor.get(form_page(lead)).content.decode()
    assert send(editor, "lead", lead, member=asked).status_code == 403
    assert "published in its place" in publisher.get(form_page(lead)).content.decode()
    send(publisher, "lead", lead, member=asked)
    assert Article.objects.get(pk=member.pk).is_published()


def test_a_lead_decided_on_an_older_version_is_refused(editor: Client):
    lead, member = make_story({}, {})
    answer = send(editor, "lead", lead, member=f"{member.pk}:{member.version + 1}")
    assert b"Nothing was changed." in answer.content
    assert Article.objects.get(pk=lead.pk).is_lead


PAGES = ("revisions", "compare", "file")
ACTS = ("attach", "detach", "lead", "add_note", "resolve_note")


def test_whoever_has_no_role_reads_nothing_and_does_nothing(sign_in: Callable[[str], Client]):
    client, (lead, member) = sign_in(""), make_story({}, {})
    for name in PAGES:
        page = reverse(f"admin:articles_article_{name}", args=[lead.pk])
        assert client.get(page).status_code == 403
    for name in ACTS:
        answer = send(client, name, lead, member=member.pk, link=LINK, text="x", note=1)
        assert answer.status_code == 403
    assert client.get(reverse("admin:articles_article_new_link")).status_code == 403


def test_acts_on_an_article_that_is_not_there_are_answered_as_such(editor: Client):
    for name in (*PAGES, *ACTS):
        page = reverse(f"admin:articles_article_{name}", args=[404])
        assert editor.generic("GET" if name in PAGES else "POST", page).status_code == 404


def test_forged_acts_without_a_token_are_refused(publisher: Client):
    lead, member = make_story({}, {})
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = publisher.cookies
    for name in ACTS:
        assert send(strict, name, lead, member=member.pk).status_code == 403
    assert story_of(member) == story_of(lead)


def test_a_get_changes_no_story(editor: Client):
    lead, _ = make_story({}, {})
    for name in ("attach", "detach", "lead", "add_note", "resolve_note"):
        page = reverse(f"admin:articles_article_{name}", args=[lead.pk])
        assert editor.get(page).status_code == 405


def test_coverage_elsewhere_is_listed_once_and_only_where_this_story_s_files_claim_it(
    editor: Client,
):
    lead, member = make_story({}, {})
    for number, article in ((1, lead), (1, member), (2, make_article())):
        item = {"title": f"Elsewhere {number}", "link": LINK, "printed_by": article.slug}
        RelatedItem.objects.get_or_create(identity=number, title_hash=number, defaults=item)
        Claim.objects.create(article=article, identity=number, title_hash=number)
    items = editor.get(form_page(lead)).context["items"]
    assert [item.row.title for item in items] == ["Elsewhere 1"]


def test_a_story_of_any_size_costs_the_same_queries(editor: Client, django_assert_max_num_queries):
    small, big = make_story({}, {})[0], make_story(*[{}] * 30)[0]
    counts = []
    editor.get(form_page(small))
    for lead in (small, big):
        with django_assert_max_num_queries(20) as captured:
            assert editor.get(form_page(lead)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_past_of_a_link_stands_beside_its_new_article(editor: Client):
    ana = make_user("publisher", username="ana")
    spiked = make_article(title="Old cranes", web_url=LINK)
    transition(spiked, "spike", ana, expected_version=1, comment="press release")
    article = make_article(web_url=f"{LINK}?utm_source=letter")
    page = " ".join(editor.get(form_page(article)).content.decode().split())
    assert "Spiked by ana on" in page
    assert ": press release." in page
    assert "Old cranes" in page
    assert "was here before" not in editor.get(form_page(spiked)).content.decode()


def test_the_timeline_tells_acts_and_revisions_and_arrival_newest_first(editor: Client):
    ana = make_user("publisher", username="ana")
    run = Run.objects.create(kind="import", root="content", started_at=timezone.now())
    article = make_article(run=run, arrived_at=timezone.now() - timedelta(days=1))
    article = edit(article, ana, {"title": "Changed"}, expected_version=1)
    transition(article, "claim", ana, expected_version=2, comment="mine")
    answer = editor.get(form_page(article))
    entries = answer.context["timeline"]
    says = [entry.says.split()[0] for entry in entries]
    assert says == ["claimed", "edited", "came"]
    assert entries[0].words == "mine"
    assert entries[1].compare.endswith(f"?b={article.revisions.order_by('-pk')[0].pk}")
    assert editor.get(entries[1].compare).context["differences"][0].key == "title"
    assert entries[2].run == reverse("admin:articles_run_change", args=[run.pk])


def test_unknown_keys_of_the_file_are_shown_and_the_seal_is_only_told(editor: Client):
    article = make_article()
    run = Run.objects.create(kind="import", root="content", started_at=timezone.now())
    text = (
        f'---\ntitle: "x"\npublishedDateTime: 2024-05-06T12:00:00Z\nwebUrl: "{LINK}"\n'
        'mood: sea-green\nsecured: "U0VBTEVE;aXY="\n---\n\n'
    )
    Source.objects.create(
        kind="article",
        key=article.slug,
        path=f"_news/{article.slug}.md",
        digest=b"0" * 32,
        data=packed_files([text.encode()])[0],
        run=run,
    )
    page = editor.get(form_page(article)).content.decode()
    assert "sea-green" in page
    assert "U0VBTEVE" not in page


@pytest.mark.parametrize(
    ("link", "clean", "names"),
    [
        (LINK, LINK, []),
        (f"{LINK}?id=4&utm_source=a&UTM_Medium=b", f"{LINK}?id=4", ["utm_source", "UTM_Medium"]),
        (f"{LINK}?fbclid=x#quay", f"{LINK}#quay", ["fbclid"]),
        (f"{LINK}?q=a%20b&empty=", f"{LINK}?q=a%20b&empty=", []),
        ("https://[broken", "https://[broken", []),
    ],
)
def test_only_tracking_parameters_are_stripped(link: str, clean: str, names: list[str]):
    assert stripped(link) == (clean, names)
