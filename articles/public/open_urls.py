"""Addresses of the pages that are the same for everybody."""

from __future__ import annotations

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from . import pictures, records, searching, views


class NameConverter(StringConverter):
    """One step of a path without control characters: PostgreSQL takes no NUL in a text."""

    regex = r"[^/\x00-\x1f]+"


class YearConverter(StringConverter):
    """Four digits."""

    regex = "[0-9]{4}"


class TwoDigitsConverter(StringConverter):
    """A month or a day."""

    regex = "[0-9]{2}"


register_converter(NameConverter, "name")
register_converter(YearConverter, "year")
register_converter(TwoDigitsConverter, "two")

app_name = "public"
urlpatterns = [
    path("", views.front, name="front"),
    path("latest/", views.latest, name="latest"),
    path("live/", views.live, name="live"),
    path("news/", views.news, name="news"),
    path("news/<name:stem>/", views.story, name="story"),
    path("news/<name:stem>/card-<name:stamp>.png", views.card, name="card"),
    path("topics/", views.topics, name="topics"),
    path("topics/<name:slug>/", views.topic, name="topic"),
    path("providers/", views.providers, name="providers"),
    path("providers/<name:domain>/", views.provider, name="provider"),
    # Under MEDIA_URL, whose path of SITE_URL is cut off before addresses are matched.
    path("media/pictures/<path:path>", pictures.rendition, name="rendition"),
    path("archive/", records.archive_front, name="archive"),
    path("archive/<year:year>/", records.archive_year, name="archive_year"),
    path("archive/<year:year>/<two:month>/", records.archive_month, name="archive_month"),
    path("archive/<year:year>/<two:month>/<two:day>/", records.archive_day, name="archive_day"),
    path("search/", searching.search, name="search"),
    path("about/", records.about, name="about"),
    path("corrections/", records.corrected, name="corrections"),
    path("api/", include("articles.public.api.urls")),
    # Behind those that are asked for most: each of these is tried for every other address.
    path("", include("articles.public.feeds.urls")),
    path("", include("articles.public.engine_urls")),
    path("digest/", include("articles.public.digest_urls")),
]
