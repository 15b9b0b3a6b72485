"""Addresses under `/api/v1/`; `openapi.PATHS` lists them all."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("openapi.json", views.openapi, name="v1-openapi"),
    path("stories/", views.stories, name="v1-stories"),
    path("stories/<name:stem>/", views.story, name="v1-story"),
    path("search/", views.search, name="v1-search"),
    path("changes/", views.changed, name="v1-changes"),
    path("topics/", views.topics, name="v1-topics"),
    path("topics/<name:slug>/", views.topic, name="v1-topic"),
    path("providers/", views.providers, name="v1-providers"),
    path("providers/<name:domain>/", views.provider, name="v1-provider"),
]
