"""A new article from a pasted link: what is known of it first, then what to say about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from providers.domains import of_link
from providers.models import Policy, Provider

from ..desk.memory import Memory, remembered_of
from ..frontmatter import Limits
from ..frontmatter.scalars import WrongError
from ..frontmatter.scalars import link as working_link
from ..models import Article, RelatedItem
from ..stories.acts import PERMISSION as STORY_ACTS
from ..tracking import stripped
from ..workflow.creating import ADDING, ADDING_PROVIDERS, create, provider_of
from ..workflow.rows import one_at_a_time
from . import leaf
from .acts import actor_of
from .elsewhere import item_of
from .fields import Moment, OrderedTopics, excerpt_field, title_field
from .finding import by_link

SHOWN = 10
"""Articles of the same link that are named."""


class NewLink(forms.Form):
    """What an editor says about a new link."""

    title = title_field()
    excerpt = excerpt_field()
    topics = OrderedTopics(label="Topics", help_text="Most general first.")
    published_at = Moment(
        label="Published", help_text=f"By the publisher, in {settings.TIME_ZONE}."
    )


@dataclass
class Known:
    """What is known of a pasted link before anything is typed; `wrong` says why it is none."""

    pasted: str
    link: str = ""
    clean: str = ""
    tracking: list[str] = field(default_factory=list)
    domain: str = ""
    provider: Provider | None = None
    here: list[Article] = field(default_factory=list)
    memories: list[Memory] = field(default_factory=list)
    wrong: str = ""

    @property
    def is_blocked(self) -> bool:
        """Whether nothing of its provider is shown to readers."""
        return self.provider is not None and self.provider.policy == Policy.BLOCKED


def known_of(pasted: str) -> Known:
    """What is here about a link; a handful of queries, none for what is no link."""
    known = Known(pasted.strip())
    try:
        known.link = working_link(known.pasted, Limits().link)
    except WrongError as wrong:
        known.wrong = f"This link does not work: {wrong}."
        return known
    known.clean, known.tracking = stripped(known.link)
    known.domain = of_link(known.link)
    known.provider = Provider.objects.filter(domain=known.domain).first()
    articles = Article.objects.select_related("provider", "story")
    known.here = list(by_link(articles, known.clean).order_by("-pk")[:SHOWN])
    known.memories = remembered_of([known.link])
    return known


def urls(desk: Any) -> list[URLPattern]:
    """The page's address."""
    page = desk.admin_site.admin_view(_page(desk))
    return [path("new-link/", page, name="articles_article_new_link")]


def address(link: str = "", story_of: Article | None = None) -> str:
    """The page with a link pasted, straight into the story of an article if one is given."""
    asked = {"url": link} | ({"story": str(story_of.pk)} if story_of else {})
    page = reverse("admin:articles_article_new_link")
    return f"{page}?{urlencode(asked)}" if link else page


def _page(desk: Any) -> Any:
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        if not actor.has_perm(ADDING):
            raise PermissionDenied
        sent = request.POST if request.method == "POST" else request.GET
        pasted = sent.get("url", "").strip()
        known = known_of(pasted) if pasted else None
        story_of = _story_of(sent.get("story", ""), actor)
        item = _item_of(known, story_of)
        form = NewLink(request.POST or None, initial=_initial(request, item), label_suffix="")
        if request.method == "POST" and known and not known.wrong:
            made = _make(request, form, known, story_of, _quality(item))
            if made is not None:
                return leaf.back(story_of, "desk-story") if story_of else leaf.back(made)
        return _shown(desk, request, form, known, story_of)

    return view


def _item_of(known: Known | None, story_of: Article | None) -> RelatedItem | None:
    """What the story's files already say of the piece."""
    if known is None or known.wrong or story_of is None:
        return None
    return item_of(story_of.story_id, {known.link, known.clean})


def _quality(item: RelatedItem | None) -> dict[str, Any]:
    return {} if item is None or item.quality is None else {"quality": item.quality}


def _initial(request: HttpRequest, item: RelatedItem | None) -> dict[str, Any]:
    title = " ".join(request.GET.get("title", "").split())[: Limits().title]
    now = timezone.now().replace(second=0, microsecond=0)
    if item is None:
        return {"title": title, "published_at": now}
    return {
        "title": title or item.title,
        "excerpt": item.excerpt,
        "published_at": item.published_at or now,
    }


def _story_of(asked: str, actor: User) -> Article | None:
    """The article whose story the new one joins; nobody who may not change stories names one."""
    if not asked or not actor.has_perm(STORY_ACTS):
        return None
    return Article.objects.select_related("story").filter(pk=leaf.as_id(asked)).first()


def _make(
    request: HttpRequest,
    form: NewLink,
    known: Known,
    story_of: Article | None,
    more: dict[str, Any],
) -> Article | None:
    """The article made, or None with the reasons in the form; `more` are values nobody typed."""
    actor = actor_of(request)
    if known.here and "again" not in request.POST:
        form.add_error(None, "This link is here already.")
    if not form.is_valid():
        return None
    link = known.clean if "strip" in request.POST else known.link
    try:
        with leaf.Refusing(request) as answer, transaction.atomic():
            one_at_a_time()
            article = create(
                actor,
                _values(form, link) | more | {"provider": provider_of(link, actor, _name(request))},
                topics=form.cleaned_data["topics"],
                coverage_of=_lead_of(story_of),
            )
    except ValidationError as wrong:
        _add_errors(form, wrong)
        return None
    if answer.is_refused:
        return None
    messages.success(request, f"New: {article.title}")
    return article


def _values(form: NewLink, link: str) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "title": said["title"],
        "excerpt": said["excerpt"] or None,
        "published_at": said["published_at"],
        "web_url": link,
        "original_url": link,
    }


def _name(request: HttpRequest) -> str:
    return request.POST.get("provider_name", "")


def _lead_of(article: Article | None) -> Article | None:
    if article is None or article.is_lead:
        return article
    return article.story.members.get(is_lead=True)


def _add_errors(form: NewLink, wrong: ValidationError) -> None:
    for column, said in wrong.message_dict.items():
        for message in said:
            form.add_error(column if column in form.fields else None, message)


def _shown(
    desk: Any, request: HttpRequest, form: NewLink, known: Known | None, story_of: Article | None
) -> HttpResponse:
    page = request.build_absolute_uri(reverse("admin:articles_article_new_link"))
    answer = leaf.page(
        desk,
        request,
        "new_link.html",
        title="New link",
        form=form,
        known=known,
        story_of=story_of,
        strips=request.method != "POST" or "strip" in request.POST,
        provider_name=_name(request),
        may_add_providers=actor_of(request).has_perm(ADDING_PROVIDERS),
        bookmarklet=(
            f"javascript:location.href='{page}?url='+encodeURIComponent(location.href)"
            "+'&title='+encodeURIComponent(document.title)"
        ),
    )
    if request.method == "POST":
        answer.status_code = 422
    return answer
