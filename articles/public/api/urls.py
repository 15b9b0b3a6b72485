"""Addresses under `/api/`; the converter `name` is the reader's (`public.urls`)."""

from __future__ import annotations

from django.urls import include, path, register_converter
from django.urls.converters import IntConverter

from . import news


class PageConverter(IntConverter):
    """A page's number as it is written: from 1, no leading zero, what any database can skip."""

    regex = "[1-9][0-9]{0,8}"


register_converter(PageConverter, "page")

urlpatterns = [
    path("v1/", include("articles.public.api.v1.urls")),
    path("news/", news.newest, name="api-news"),
    path("news/index.json", news.newest),
    path("news/page/<page:page>/", news.newest),
    path("news/page/<page:page>/index.json", news.newest, name="api-news-page"),
    path("news/<name:name>/", news.under),
    path("news/<name:name>/index.json", news.under, name="api-news-under"),
    path("news/<name:slug>/page/<page:page>/", news.of_topic),
    path("news/<name:slug>/page/<page:page>/index.json", news.of_topic, name="api-news-topic"),
]
