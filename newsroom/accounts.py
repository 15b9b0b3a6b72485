"""Who is signed in, together with what the desk remembers of them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User


class DeskBackend(ModelBackend):
    """Django's, reading the person's zone and ways (`articles.models.Person`) in one query."""

    def get_user(self, user_id: Any) -> Any:
        user = User.objects.select_related("desk").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
