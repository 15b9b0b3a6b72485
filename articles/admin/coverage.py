"""An article's story beside its form: lead and coverage, joined, taken out and led from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from ..models import Article, RelatedItem
from ..states import State
from ..stories import attach, detach, swap_lead
from ..stories.acts import PERMISSION
from ..workflow.creating import ADDING
from ..workflow.leads import OUT
from . import leaf, new_link
from .acts import actor_of
from .cells import is_web, standing
from .elsewhere import items_of
from .finding import by_link, is_link

ANCHOR = "desk-story"
PUBLISHING = "articles.publish"
FILTERED_FROM = 12
"""Lines from which a story gets a box to filter them."""


@dataclass(frozen=True)
class Member:
    """One article of the story, and what may be done about its place in it."""

    article: Article
    badge: SafeString
    is_this: bool
    may_leave: bool
    may_lead: bool

    @property
    def line(self) -> SafeString:
        """Its line; a story of 179 members has as many, and a template takes six times as long."""
        article = self.article
        at = article.published_at
        return format_html(
            '<li data-at="{}" data-who="{}">{}{} {} <span class="beside-line">'
            '<span class="desk-quiet">{} · {}</span>{}{}</span></li>\n',
            int(at.timestamp()) if at else "",
            article.provider.name,
            self.badge,
            _LEAD if article.is_lead else "",
            self._title,
            article.provider.name,
            "–" if article.quality is None else article.quality,
            self._button("lead", "Make lead", "Make lead: {}") if self.may_lead else "",
            self._button("detach", "Detach", "Detach {}") if self.may_leave else "",
        )

    @property
    def _title(self) -> SafeString:
        title = self.article.title
        if self.is_this:
            own = '<span dir="auto">{}</span> <span class="desk-quiet">(this one)</span>'
            return format_html(own, title)
        page = reverse("admin:articles_article_change", args=[self.article.pk])
        return format_html('<a href="{}" dir="auto">{}</a>', page, title)

    def _button(self, form: str, label: str, full: str) -> SafeString:
        return format_html(
            ' <button type="submit" form="beside-{}" name="member" value="{}:{}"'
            ' class="beside-act" aria-label="{}">{}</button>',
            form,
            self.article.pk,
            self.article.version,
            full.format(self.article.title),
            label,
        )


_LEAD = format_html(" <strong>{}</strong>", "Lead")


UNDECIDED = (State.NEW, State.IN_REVIEW, State.CHANGES_REQUESTED)
"""States in which an editor wants to see at once what an article may belong to."""


def panel(article: Article, actor: User) -> dict[str, Any]:
    """The story; two queries at any size."""
    members, may_change = _members(article), actor.has_perm(PERMISSION)
    lead = next((member for member in members if member.is_lead), None)
    is_live = lead is not None and lead.state == State.PUBLISHED
    may_swap = may_change and (not is_live or actor.has_perm(PUBLISHING))
    items = _items(article, actor)
    return {
        "members": [
            Member(
                member,
                standing(member),
                is_this=member.pk == article.pk,
                may_leave=may_change and len(members) > 1 and member.state != State.PUBLISHED,
                may_lead=may_swap and not member.is_lead and member.state not in OUT,
            )
            for member in members
        ],
        "items": items,
        "story_lead": f"{lead.pk}:{lead.version}" if lead else "",
        "may_change_story": may_change,
        "is_swap_public": is_live and may_swap and len(members) > 1,
        "is_long_story": len(members) + len(items) >= FILTERED_FROM,
        "is_undecided": article.state in UNDECIDED,
    }


def _members(article: Article) -> list[Article]:
    members = article.story.members.select_related("provider").only(*_OF_MEMBERS)
    return list(members.order_by("-is_lead", "-quality", "slug"))


_OF_MEMBERS = (
    *("slug", "title", "published_at", "quality", "is_lead", "version", "provider__name"),
    "provider__policy",
    *("state", "go_live_at", "expire_at", "story_id"),
)


@dataclass(frozen=True)
class Item:
    """Coverage that is no article here; `link` where it is one, `take` the page that makes it."""

    row: RelatedItem
    link: str
    take: str


def _items(article: Article, actor: User) -> list[Item]:
    may_take = actor.has_perm(PERMISSION) and actor.has_perm(ADDING)
    found = []
    for item in items_of(article.story_id):
        link = item.link if is_web(item.link) else ""
        take = new_link.address(link, article) if link and may_take else ""
        found.append(Item(item, link, take))
    return found


def urls(desk: Any) -> list[URLPattern]:
    """Where the small forms of the panel are sent."""
    view = desk.admin_site.admin_view
    return [
        path(f"<int:pk>/story/{name}/", view(act(desk)), name=f"articles_article_{name}")
        for name, act in (
            ("attach", _attaching),
            ("detach", _of_member(detach, "Taken out of the story")),
            ("lead", _of_member(swap_lead, "Leads the story now")),
        )
    ]


def _attaching(desk: Any) -> Any:
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        article, actor = leaf.found(desk, request, pk), actor_of(request)
        link = request.POST.get("link", "").strip()
        if not is_link(link):
            messages.error(request, "Paste a whole link, beginning with https:// or http://.")
            return leaf.back(article, ANCHOR)
        other = _meant(article, link)
        if other is None:
            messages.info(request, "That link is not here yet. Make it, straight into this story.")
            return HttpResponseRedirect(new_link.address(link, article))
        lead, (shown, version) = _lead(article), _named(request, "lead")
        with leaf.Refusing(request):
            # A story that is led by another one now is not the one that was seen.
            seen = version if shown == lead.pk else 0
            attach(other, lead, actor, lead_version=seen)
            messages.success(request, f"Joined to this story: {other.title}")
        return leaf.back(article, ANCHOR)

    return view


def _meant(article: Article, link: str) -> Article | None:
    """The article of a link; of several, one that is not in this story yet."""
    found = list(by_link(Article.objects.all(), link).order_by("pk")[:20])
    outside = [one for one in found if one.story_id != article.story_id]
    return next(iter([*outside, *found]), None)


def _lead(article: Article) -> Article:
    return article if article.is_lead else article.story.members.get(is_lead=True)


def _of_member(act: Callable[..., Any], says: str) -> Callable[[Any], Any]:
    """The page that does an act to the member that a button names."""

    def page(desk: Any) -> Any:
        @require_POST
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            article, actor = leaf.found(desk, request, pk), actor_of(request)
            member, version = _asked(request, article)
            with leaf.Refusing(request):
                act(member, actor, expected_version=version)
                messages.success(request, f"{says}: {member.title}")
            return leaf.back(article, ANCHOR)

        return view

    return page


def _asked(request: HttpRequest, article: Article) -> tuple[Article, int]:
    """The member that a button names and the version it showed; raises Http404 for one of
    another story."""
    asked, version = _named(request, "member")
    member: Article | None = article.story.members.filter(pk=asked).first()
    if member is None:
        raise Http404("That article is not in this story.")
    return member, version


def _named(request: HttpRequest, name: str) -> tuple[int, int]:
    asked, _, version = request.POST.get(name, "").partition(":")
    return leaf.as_id(asked), leaf.as_id(version)
