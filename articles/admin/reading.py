"""How the values of an article's fields read as text, to compare them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from providers.models import Provider


def reads(value: Any) -> str:
    """One value as a person reads it; lists with a line for each item."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j M Y, H:i:s T")
    if isinstance(value, Provider):
        return value.domain
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return "" if value is None else str(value)
