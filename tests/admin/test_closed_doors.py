"""What the admin must not do, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.exchange.passages import packed_files
from articles.models import Article, Conflict, OpenForm, Run, Source, Transition
from articles.states import State
from articles.workflow import transition
from tests.factories import make_article, make_user

from .conftest import LIST, form_page

pytestmark = pytest.mark.django_db

SEALED = "U0VBTEVELVBBWUxPQUQ="
PAGES = ("article", "story", "topic", "run", "transition")


def import_of(article: Article) -> Source:
    now = timezone.now()
    run = Run.objects.create(kind="import", root="content", started_at=now, totals={})
    text = f'---\ntitle: "x"\n\nsecured: "{SEALED};aXY="\n---\n\n'.encode()
    return Source.objects.create(
        kind="article",
        key=article.slug,
        path=f"_news/{article.slug}.md",
        digest=sha256(text).digest(),
        data=packed_files([text])[0],
        run=run,
    )


def pages_of(article: Article) -> list[str]:
    run = Run.objects.get()
    return [
        reverse("admin:index"),
        f"{LIST}?shelf=all",
        form_page(article),
        reverse("admin:articles_story_change", args=[article.story_id]),
        reverse("admin:articles_run_change", args=[run.pk]),
        reverse("admin:providers_provider_change", args=[article.provider_id]),
        *(reverse(f"admin:articles_{name}_changelist") for name in PAGES),
        reverse("admin:articles_transition_change", args=[Transition.objects.get().pk]),
    ]


def test_the_sealed_text_stands_on_no_page_and_none_is_cached(sign_in: Callable[[str], Client]):
    article = make_article()
    source = import_of(article)
    Conflict.objects.create(
        source=source, key="secured", ours=SEALED, theirs=SEALED, message="two", run=source.run
    )
    transition(article, "publish", make_user("publisher"), expected_version=1)
    client = sign_in("superuser")
    for page in pages_of(article):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert SEALED not in answer.content.decode(), page
        assert "no-store" in answer["Cache-Control"], page
    assert "Seal present" in client.get(form_page(article)).content.decode()


def test_an_auditor_looks_at_everything_and_changes_nothing(sign_in: Callable[[str], Client]):
    article = make_article()
    import_of(article)
    transition(article, "publish", make_user("publisher"), expected_version=1)
    client = sign_in("auditor")
    assert {client.get(page).status_code for page in pages_of(article)} == {200}
    before = Article.objects.values().get(pk=article.pk)
    data = {"version": "2", "state_seen": "published", "title": "Mine"}
    for act in ("_save", "_act"):
        answer = client.post(form_page(article), data | {act: "spike", "_comment": "because"})
        assert answer.status_code == 403
    chosen = {"_selected_action": str(article.pk), "action": "unpublish", "index": "0"}
    client.post(f"{LIST}?shelf=all", chosen | {"reason": "because"})
    assert Article.objects.values().get(pk=article.pk) == before
    assert Transition.objects.count() == 1


@pytest.mark.parametrize("role", ["", "auditor", "contributor"])
def test_who_may_not_change_an_article_leaves_nothing_at_the_address_that_undoes(
    sign_in: Callable[[str], Client], role: str
):
    article = make_article()
    by_newsroom = Transition.objects.create(
        article=article, action="spike", to_state="spiked", version=1, at=timezone.now()
    )
    page = reverse("admin:articles_article_undo", args=[article.pk])
    typed = {"title": "Typed", "initial-title": article.title, "version": "1"}
    sent = {"_undo": str(by_newsroom.pk), **typed}
    assert sign_in(role).post(page, sent).status_code == 403
    assert not OpenForm.objects.exists()
    assert sign_in("editor").post(page, sent).status_code == 302
    assert OpenForm.objects.exists()


def test_nothing_is_deleted_not_even_by_a_superuser(sign_in: Callable[[str], Client]):
    article = make_article()
    topic = article.topics.get()
    client = sign_in("superuser")
    for name, thing in [
        ("articles_article", article),
        ("articles_story", article.story),
        ("articles_topic", topic),
        ("providers_provider", article.provider),
    ]:
        page = reverse(f"admin:{name}_delete", args=[thing.pk])
        assert client.post(page, {"post": "yes"}).status_code == 403
    data = {"_selected_action": str(article.pk), "action": "delete_selected", "index": "0"}
    client.post(f"{LIST}?shelf=all", data | {"post": "yes"})
    assert Article.objects.filter(pk=article.pk).exists()


def test_a_provider_s_policy_is_for_managing_editors(sign_in: Callable[[str], Client]):
    provider = make_article().provider
    page = reverse("admin:providers_provider_change", args=[provider.pk])
    data = {"name": "New name", "description": "", "policy": "blocked", "excerpt_limit": ""}
    assert sign_in("publisher").post(page, data).status_code == 403
    assert sign_in("managing editor").post(page, data).status_code == 302
    provider.refresh_from_db()
    assert (provider.policy, provider.name, provider.is_edited) == ("blocked", "New name", True)


def test_only_web_addresses_become_links(sign_in: Callable[[str], Client]):
    article = make_article(web_url="javascript:alert(1)", state=State.NEW)
    client = sign_in("editor")
    for page in (f"{LIST}?shelf=all", form_page(article)):
        assert 'href="javascript:' not in client.get(page).content.decode()


def test_hostile_text_stays_text(sign_in: Callable[[str], Client]):
    hostile = '"><script>alert(1)</script>'
    article = make_article(title=hostile, excerpt=hostile, warnings=[hostile])
    client = sign_in("editor")
    for page in (f"{LIST}?shelf=all", form_page(article), reverse("admin:index")):
        assert "<script>alert" not in client.get(page).content.decode()


def test_templates_of_the_desk_hold_no_inline_script_or_style(sign_in: Callable[[str], Client]):
    article = make_article()
    client = sign_in("superuser")
    for page in (reverse("admin:index"), LIST, form_page(article)):
        text = client.get(page).content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text
