"""Who is signed in, together with what the desk remembers of them."""

from __future__ import annotations

from typing import Any

from axes.backends import AxesStandaloneBackend
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers


class DeskBackend(ModelBackend, AxesStandaloneBackend):
    """Django's, reading the person's zone and ways (`articles.models.Person`) in one query; who
    guesses is kept from guessing on by django-axes."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **given: Any,
    ) -> Any:
        if request is not None:
            # Without one nobody asks over the network, and axes could not tell who does.
            AxesStandaloneBackend.authenticate(self, request, username, password, **given)
        return ModelBackend.authenticate(self, request, username, password, **given)

    def get_user(self, user_id: Any) -> Any:
        user = User.objects.select_related("desk").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, _credentials: dict[str, Any]
) -> HttpResponse:
    """The answer to who gave a wrong password too often from one address."""
    minutes = settings.LOGIN_PAUSE_MINUTES
    sentence = (
        f"Too many wrong passwords for this name. Signing in from here goes on in {minutes}"
        " minutes; whoever manages people can send a new link at once."
    )
    answer = render(request, "429.html", {"sentence": sentence}, status=429)
    answer.headers["Retry-After"] = str(minutes * 60)
    add_never_cache_headers(answer)
    return answer
