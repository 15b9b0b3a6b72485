"""The addresses that are published: those of the pages that are the same for everybody."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("articles.public.open_urls"))]
