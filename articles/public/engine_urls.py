"""Addresses that search engines and the like look for."""

from __future__ import annotations

from django.urls import path

from . import robots, sitemaps

urlpatterns = [
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-lists.xml", sitemaps.lists, name="sitemap-lists"),
    path("sitemap-stories-<int:part>.xml", sitemaps.stories, name="sitemap-stories"),
    path("news-sitemap.xml", sitemaps.news, name="news-map"),
    path("robots.txt", robots.robots, name="robots"),
    path(".well-known/security.txt", robots.security, name="security"),
]
