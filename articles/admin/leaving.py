"""What is done and what is left wherever something stood that readers must not meet any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import get_commands
from django.urls import NoReverseMatch, reverse

from ..desk.hiding import claiming
from ..desk.sharing import is_open, with_standing
from ..images.withdrawing import kept_of, others_with
from ..models import Article, RelatedItem, Source
from ..public import addresses, purging
from ..public.links import absolute
from ..public.responses import MAX_AGE

DONE, LEFT, ABSENT, BEYOND = "done", "left", "not here", "out of reach"
SHAPES = {DONE: "✓", LEFT: "○", ABSENT: "–", BEYOND: "!"}

LISTS = (
    ("Feeds", ("feed", "topic-feed", "provider-feed"), "They do not list it."),
    ("Sitemaps", ("sitemap",), "They do not name it."),
    ("Search", ("search",), "It is not found."),
    ("API", ("api-news", "v1-stories"), "It is not served."),
)
"""(place, names of its addresses, what is done) of what starts at what is public."""
CARDS = "card"
NAMED = 5
"""Other articles that are named for a picture."""
PUBLISHER = "publish_static"


@dataclass(frozen=True, slots=True)
class Place:
    """One place; `standing` is one of SHAPES, `says` what there is to know or to do."""

    name: str
    standing: str
    says: str
    address: str = ""

    @property
    def shape(self) -> str:
        return SHAPES[self.standing]


NEVER_KEPT = Place("CDN and caches", DONE, "It never was public; nothing is kept of it.")


def of_article(article: Article, left_at: datetime | None, at: datetime) -> list[Place]:
    """The places of an article that left at that time (None: unknown), as they are now."""
    is_shown = Article.objects.shown(at).filter(pk=article.pk).exists()
    return [
        _page(article, at),
        *_lists(is_shown=is_shown),
        _static(),
        _caches(left_at, at) if article.first_published_at else NEVER_KEPT,
        _share_links(article, at),
        _pictures(article),
        _cards(),
        _files(article),
        _history(),
    ]


def of_item(item: RelatedItem, at: datetime) -> list[Place]:
    """The places of a related item, as they are now."""
    stories = claiming(item).filter(story__members__in=Article.objects.published(at))
    pages = stories.distinct().count()
    is_shown = item.hidden_at is None and pages > 0
    where = f"{pages} story page{'' if pages == 1 else 's'}"
    if item.hidden_at:
        page = Place("Pages", DONE, f"{where} would show it; none does.")
    else:
        page = Place("Pages", LEFT if pages else DONE, f"{where} may show it.")
    return [
        page,
        *_lists(is_shown=is_shown),
        _static(),
        _caches(item.hidden_at, at),
        Place("Files", DONE, "They keep naming it; no import brings it back to readers."),
        _history(),
    ]


def _page(article: Article, at: datetime) -> Place:
    address = absolute(reverse("public:story", args=[article.slug]))
    found = addresses.find(article.slug, at)
    if found.lead is not None and found.lead.pk == article.pk:
        return Place("Page", LEFT, "Readers can open it.", address)
    if found.lead is not None:
        return Place("Page", DONE, f"The story goes on under “{found.lead.title}”.", address)
    answer = "410, gone" if found.was_public else "404; it never was public"
    return Place("Page", DONE, f"Its address answers {answer}.", address)


def _lists(*, is_shown: bool) -> list[Place]:
    places = []
    for name, addresses_, says in LISTS:
        if not any(map(_is_built, addresses_)):
            places.append(Place(name, ABSENT, "This site has none."))
        elif is_shown:
            places.append(Place(name, LEFT, "Readers still meet it there."))
        else:
            places.append(Place(name, DONE, f"{says} Who fetched it before has a copy."))
    return places


def _is_built(name: str) -> bool:
    for arguments in ([], ["x"], ["rss"], ["x", "rss"]):
        try:
            reverse(f"public:{name}", args=arguments)
        except NoReverseMatch:
            continue
        return True
    return False


def _static() -> Place:
    if PUBLISHER not in get_commands():
        return Place("Static output", ABSENT, "This site is served from the database only.")
    if settings.PUBLISH_FOLDER:
        says = f"The worker takes it out of {settings.PUBLISH_FOLDER} within a minute; upload that."
        return Place("Static output", LEFT, says)
    return Place(
        "Static output", LEFT, f"Where it is in use, run manage.py {PUBLISHER} and upload it."
    )


def _caches(left_at: datetime | None, at: datetime) -> Place:
    if (is_told := purging.is_told()) is not None:
        says = "It was told to forget it." if is_told else "The worker has yet to tell it."
        return Place("CDN and caches", DONE if is_told else LEFT, says)
    kept = timedelta(seconds=MAX_AGE)
    rest = kept - (at - left_at) if left_at else kept
    if rest > timedelta():
        says = f"They may keep pages {int(rest.total_seconds()) + 1} s more, unless purged."
        return Place("CDN and caches", LEFT, says)
    says = f"No page may be kept longer than {MAX_AGE} s; purge a CDN that is told otherwise."
    return Place("CDN and caches", DONE, says)


def _share_links(article: Article, at: datetime) -> Place:
    links = with_standing(article.share_links.select_related("article"))
    count = sum(is_open(link, at) for link in links)
    if count:
        says = f"{count} still answer{'s' if count == 1 else ''}; revoke them."
        page = reverse("admin:articles_article_share", args=[article.pk])
        return Place("Share links", LEFT, says, page)
    return Place("Share links", DONE, "None answers.")


def _pictures(article: Article) -> Place:
    kept = list(kept_of(article).only("address", "article"))
    others = [
        other.slug
        for source in kept
        if source.address
        for other in others_with(source.address, article).only("slug")[:NAMED]
    ]
    if not kept:
        return Place("Local pictures", DONE, "No picture of it is kept here.")
    if others:
        says = f"Kept, since other articles name them: {', '.join(sorted(set(others)))}."
        return Place("Local pictures", LEFT, says)
    return Place("Local pictures", LEFT, "They are deleted as soon as it is withdrawn.")


def _cards() -> Place:
    if _is_built(CARDS):
        return Place("Cards", DONE, "They are drawn for published stories only.")
    return Place("Cards", ABSENT, "This site draws none.")


def _files(article: Article) -> Place:
    named = Article.objects.edited().filter(story=article.story_id)
    slugs = list(named.order_by("slug").values_list("slug", flat=True))
    known = set(
        Source.objects.filter(kind=Source.Kind.ARTICLE, key__in=slugs).values_list("key", flat=True)
    )
    if known:
        says = f"The next export or sync rewrites {', '.join(sorted(known))}."
        return Place("Files of its story", LEFT, says)
    return Place("Files of its story", DONE, "No file waits to be written.")


def _history() -> Place:
    return Place(
        "Git history",
        BEYOND,
        "What was committed or copied elsewhere stays there; ask its keepers.",
    )
