"""The articles of a desk as a Wagtail site would hold them."""

import json
from collections import Counter
from typing import NamedTuple
from zlib import crc32

from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable, Page

LISTED = 25
NAMED = 3


class Mark(NamedTuple):
    """What is drawn beside a provider's name."""

    colour: int
    initials: str


def mark(name):
    words = name.split()
    initials = "".join(word[0] for word in words[:2]) if len(words) > 1 else name[:2]
    return Mark(crc32(name.encode()) % 12, initials)


def data_block(thing):
    """JSON-LD, as the head has it."""
    text = json.dumps(thing).replace("<", "\\u003C").replace(">", "\\u003E")
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


def thing(page, kind, request, **more):
    address = page.get_full_url(request)
    own = {"@context": "https://schema.org", "@type": kind, "@id": address, "url": address}
    return own | {"name": page.title, "description": page.description, "inLanguage": "en"} | more


def work(item, provider):
    publisher = {"@type": "Organization", "name": provider}
    at = item.published_at.isoformat() if item.published_at else None
    own = {"@type": "CreativeWork", "headline": item.title, "publisher": publisher}
    return own | {"url": item.link, "datePublished": at}


class Provider(models.Model):
    domain = models.CharField(max_length=253, unique=True)
    name = models.CharField(max_length=200)

    def __str__(self):
        return self.name

    @property
    def mark(self):
        return mark(self.name)


class Topic(models.Model):
    name = models.CharField(max_length=100)
    slug = models.CharField(max_length=100, unique=True)

    def __str__(self):
        return self.name


class FrontPage(Page):
    subpage_types = ["wagtail_peer.ArticlePage"]
    description = "The day’s stories, ranked, each with everybody who covers it."

    def get_context(self, request):
        stories = ArticlePage.objects.child_of(self).live().select_related("provider")
        stories = stories.prefetch_related("topics", "coverage").order_by("-heat")[:LISTED]
        items = [
            {
                "@type": "ListItem",
                "position": place,
                "url": story.get_full_url(request),
                "name": story.title,
            }
            for place, story in enumerate(stories, 1)
        ]
        whole = {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}
        return super().get_context(request) | {
            "stories": stories,
            "is_front": True,
            "topics": Counter(t for story in stories for t in story.topics.all()).most_common(),
            "providers": Counter(story.provider for story in stories).most_common(),
            "data_block": data_block(
                thing(self, "CollectionPage", request, mainEntity=whole),
            ),
        }


class ArticlePage(Page):
    parent_page_types = ["wagtail_peer.FrontPage"]
    excerpt = models.TextField(blank=True)
    link = models.URLField(max_length=2000)
    published_at = models.DateTimeField(null=True)
    quality = models.IntegerField(default=0)
    heat = models.IntegerField(default=0)
    body = models.TextField(blank=True)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    topics = ParentalManyToManyField(Topic, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("excerpt"),
        FieldPanel("link"),
        FieldPanel("published_at"),
        FieldPanel("quality"),
        FieldPanel("body"),
        FieldPanel("provider"),
        FieldPanel("topics"),
        InlinePanel("coverage", label="Coverage"),
    ]

    @property
    def description(self):
        return self.excerpt[:280] or self.title

    @property
    def named(self):
        """The providers that the quiet line names."""
        return list(dict.fromkeys(item.provider_name for item in self.coverage.all()))[:NAMED]

    @property
    def more(self):
        return len(self.coverage.all()) - len(self.named)

    def get_context(self, request):
        cited = [work(item, item.provider_name) for item in self.coverage.all()]
        lead = work(self, self.provider.name)
        whole = thing(
            self,
            "WebPage",
            request,
            datePublished=self.first_published_at.isoformat(),
            isBasedOn=self.link,
            citation=[lead, *cited],
        )
        return super().get_context(request) | {"data_block": data_block(whole)}


class Coverage(Orderable):
    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="coverage")
    title = models.CharField(max_length=500)
    link = models.URLField(max_length=2000)
    provider_name = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True)
    quality = models.IntegerField(default=0)

    panels = [FieldPanel("title"), FieldPanel("link"), FieldPanel("provider_name")]

    @property
    def mark(self):
        return mark(self.provider_name)
