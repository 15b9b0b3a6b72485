"""The addresses that are published: the site's own, without what only the desk needs."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("articles.public.urls"))]
