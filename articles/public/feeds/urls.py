"""Addresses of the feeds; the converter `name` is the reader's (`public.urls`)."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import views
from .formats import FORMATS


class SuffixConverter(StringConverter):
    """A format's suffix."""

    regex = "|".join(FORMATS)


register_converter(SuffixConverter, "feed")

urlpatterns = [
    path("feed.<feed:suffix>", views.site, name="feed"),
    path("topics/<name:slug>/feed.<feed:suffix>", views.of_topic, name="topic-feed"),
    path("providers/<name:domain>/feed.<feed:suffix>", views.of_provider, name="provider-feed"),
    path("search/feed.<feed:suffix>", views.of_search, name="search-feed"),
    path("corrections/feed.<feed:suffix>", views.of_corrections, name="corrections-feed"),
    path("opml.xml", views.opml, name="opml"),
]
