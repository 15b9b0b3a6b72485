"""A policy's effects are named before it is saved, and who saved it is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article, Claim, RelatedItem
from articles.workflow import transition
from providers.models import Provider
from tests.factories import make_article, make_provider, make_story, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("managing editor")


def page_of(provider: Provider) -> str:
    return f"/admin/providers/provider/{provider.pk}/change/"


def save(client: Client, provider: Provider, policy: str, **more: Any) -> Any:
    form = {"name": provider.name, "description": "", "policy": policy, "excerpt_limit": ""}
    answer = client.post(page_of(provider), form | more)
    provider.refresh_from_db()
    return answer


def live(**changes: Any) -> dict[str, Any]:
    """What makes an article a live one."""
    return {"state": "published", "go_live_at": timezone.now() - timedelta(hours=1)} | changes


def on_the_site() -> Provider:
    """A provider that leads two live stories and one that waits, and is coverage of two."""
    provider = make_provider()
    for _ in range(2):
        make_story(live(provider=provider), {"provider": provider})
    make_article(**live(provider=provider, go_live_at=timezone.now() + timedelta(hours=1)))
    make_story(live(), {"provider": provider})
    (other,) = make_story(live())
    item = {"identity": 7, "title_hash": 8, "title": "Elsewhere", "link": "https://x.example"}
    RelatedItem.objects.create(**item, provider_domain=provider.domain, printed_by="x")
    Claim.objects.create(article=other, identity=7, title_hash=8)
    make_story(live(), {"provider": provider, "state": "spiked"})
    return provider


def test_what_a_block_does_to_readers_is_named_before_it_is_saved(manager: Client):
    provider = on_the_site()
    text = save(manager, provider, "blocked").content.decode()
    assert "2 stories leave the site" in text
    assert "2 stories lose coverage" in text
    assert "1 story that waits will not go live" in text
    assert provider.policy == "normal"
    before = Article.objects.published().count()
    assert save(manager, provider, "blocked", _sure="1").status_code == 302
    assert (provider.policy, Article.objects.published().count()) == ("blocked", before - 2)


def test_what_comes_back_is_named_as_well(manager: Client):
    provider = on_the_site()
    Provider.objects.filter(pk=provider.pk).update(policy="blocked")
    text = save(manager, provider, "normal").content.decode()
    assert "2 stories come back to the site" in text
    assert provider.policy == "blocked"


def test_what_readers_do_not_notice_is_saved_at_once(manager: Client):
    assert save(manager, on_the_site(), "held").status_code == 302
    assert save(manager, make_provider(), "blocked").status_code == 302


def test_who_changed_a_policy_is_on_record(manager: Client, sign_in: Callable[[str], Client]):
    provider = on_the_site()
    save(manager, provider, "held", excerpt_limit="200")
    text = sign_in("auditor").get(page_of(provider)).content.decode()
    assert "policy: normal → held" in text
    assert "excerpt limit: None → 200" in text


def test_nobody_else_changes_a_policy_by_either_page(sign_in: Callable[[str], Client]):
    provider = on_the_site()
    for role in ("contributor", "editor", "publisher", "auditor"):
        client = sign_in(role)
        assert save(client, provider, "blocked").status_code == 403
        assert save(client, provider, "blocked", _sure="1").status_code == 403
    assert provider.policy == "normal"


def test_a_story_s_page_shows_members_coverage_elsewhere_and_acts(editor: Client):
    on_the_site()
    article = Article.objects.get(claims__identity=7)
    transition(article, "unpublish", make_user("publisher"), expected_version=1, comment="Why not")
    page = f"/admin/articles/story/{article.story_id}/change/"
    text = editor.get(page).content.decode()
    assert article.title in text
    assert "Elsewhere" in text
    assert "Why not" in text


def test_a_topic_s_page_shows_the_names_that_files_may_still_use(manager: Client):
    topic = make_topic("Harbours")
    topic.name = "Ports"
    topic.save()
    text = manager.get(f"/admin/articles/topic/{topic.pk}/change/").content.decode()
    assert "Harbours" in text
