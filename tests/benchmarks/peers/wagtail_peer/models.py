"""The articles of a desk as a Wagtail site would hold them."""

from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable, Page


class Provider(models.Model):
    domain = models.CharField(max_length=253, unique=True)
    name = models.CharField(max_length=200)

    def __str__(self):
        return self.name


class Topic(models.Model):
    name = models.CharField(max_length=100)
    slug = models.CharField(max_length=100, unique=True)

    def __str__(self):
        return self.name


class FrontPage(Page):
    subpage_types = ["wagtail_peer.ArticlePage"]

    def get_context(self, request):
        stories = ArticlePage.objects.child_of(self).live().select_related("provider")
        stories = stories.prefetch_related("topics", "coverage")
        return super().get_context(request) | {"stories": stories.order_by("-heat")[:25]}


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


class Coverage(Orderable):
    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="coverage")
    title = models.CharField(max_length=500)
    link = models.URLField(max_length=2000)
    provider_name = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True)
    quality = models.IntegerField(default=0)

    panels = [FieldPanel("title"), FieldPanel("link"), FieldPanel("provider_name")]
