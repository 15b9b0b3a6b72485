"""Times on the desk are those of whoever reads them; readers' pages know no person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles.models import Person


class PersonalZone:
    """Middleware: the pages of the admin are made in the zone of the person who asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self._get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        match = request.resolver_match
        is_desk = match is not None and match.app_name == "admin"
        if is_desk and (zone := _zone_of(request.user)):
            timezone.activate(zone)


def _zone_of(user: object) -> ZoneInfo | None:
    if not isinstance(user, User):
        return None
    try:
        return ZoneInfo(user.desk.zone)
    except (Person.DoesNotExist, KeyError, ValueError):
        # No zone was chosen, or the zone database forgot it: the site's own is right.
        return None
