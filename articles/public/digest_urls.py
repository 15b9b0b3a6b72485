"""Addresses of the digests."""

from __future__ import annotations

from django.urls import path, re_path

from . import digests

_DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"

urlpatterns = [
    path("", digests.digests, name="digests"),
    path("feed.<feed:suffix>", digests.feed, name="digests-feed"),
    re_path(rf"^{_DAY}/$", digests.digest, name="digest"),
    re_path(rf"^{_DAY}/(?P<form>mail\.html|mail\.txt)$", digests.for_mail, name="digest-form"),
]
