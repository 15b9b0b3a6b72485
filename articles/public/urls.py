"""Addresses that readers use."""

from __future__ import annotations

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from . import views


class NameConverter(StringConverter):
    """One step of a path without control characters: PostgreSQL takes no NUL in a text."""

    regex = r"[^/\x00-\x1f]+"


register_converter(NameConverter, "name")

app_name = "public"
urlpatterns = [
    path("", views.front, name="front"),
    path("latest/", views.latest, name="latest"),
    path("news/", views.news, name="news"),
    path("news/<name:stem>/", views.story, name="story"),
    path("topics/", views.topics, name="topics"),
    path("topics/<name:slug>/", views.topic, name="topic"),
    path("providers/", views.providers, name="providers"),
    path("providers/<name:domain>/", views.provider, name="provider"),
    path("", include("articles.public.feeds.urls")),
    path("api/", include("articles.public.api.urls")),
]
