"""Every POST about stories that the desk answers: what it sends, who may send it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from .post import Post, Sent, post
from .things import Things


def _placed(things: Things) -> Sent:
    until = timezone.localtime(timezone.now() + timedelta(hours=1))
    lead = things["live_lead"]
    return {
        "act": f"place:{lead.pk}:{lead.version}",
        "place": "boost:1",
        "until": until.strftime("%Y-%m-%dT%H:%M"),
        "reason": "Typed in a matrix",
    }


def _of_member(act: str) -> Callable[[Things], Sent]:
    return lambda things: {"act": f"{act}:{things['member'].pk}:1"}


def _of_pair(act: str) -> Callable[[Things], Sent]:
    return lambda things: {"act": act.format(lead=things["lead"].pk)} | _pair(things)


def _pair(things: Things) -> Sent:
    """Two stories side by side, and the article of one to move to the other."""
    lead, article = things["lead"], things["article"]
    return {
        "s": [str(lead.story_id), str(article.story_id)],
        "member": str(article.pk),
        "seen": [f"{one.pk}:{one.version}" for one in (lead, article)],
    }


STORY_POSTS: tuple[Post, ...] = (
    post(
        "articles_article_attach",
        "story acts",
        "articles.Article",
        lambda things: {
            "link": things["lead"].link,
            "lead": f"{things['article'].pk}:{things['article'].version}",
        },
        "article",
    ),
    post(
        "articles_article_detach",
        "story acts",
        "articles.Article",
        lambda things: {"member": f"{things['member'].pk}:1"},
        "lead",
    ),
    post(
        "articles_article_lead",
        "story acts",
        "articles.Article",
        lambda things: {"member": f"{things['member'].pk}:1"},
        "lead",
    ),
    post(
        "articles_article_lead",
        "publish",
        "articles.Article",
        lambda things: {"member": f"{things['heir'].pk}:1"},
        "live_lead",
        says="of a live story",
    ),
    *(
        post(
            "articles_story_change",
            "story acts",
            "articles.Article",
            _of_member(act),
            "led_story",
            says=act,
        )
        for act in ("lead", "detach")
    ),
    post(
        "articles_story_change",
        "publish",
        "articles.Article",
        lambda things: {"act": f"lead:{things['heir'].pk}:1"},
        "live_story",
        says="the lead of a live story",
    ),
    post("articles_story_change", "rank", "articles.Placement", _placed, "live_story"),
    post(
        "articles_story_split",
        "story acts",
        "articles.Story",
        lambda things: {"member": str(things["member"].pk), "seen": f"{things['member'].pk}:1"},
        "led_story",
    ),
    *(
        post(
            "articles_story_beside",
            right,
            tables,
            _of_pair(act),
            says=act,
        )
        for act, right, tables in (
            ("merge:{lead}", "story acts", "articles.Story"),
            ("move:{lead}", "story acts", "articles.Story"),
            ("apart", "story acts", "articles.PairFact"),
        )
    ),
)
