"""What an editor may write into an article: every value is one that a file can hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from providers.models import Provider

from ..frontmatter import Limits
from ..frontmatter.compose import FORBIDDEN
from ..frontmatter.scalars import HIGHEST, LOWEST, WrongError, image_link, link
from ..frontmatter.schema import IMAGE

BARE_CR = re.compile(r"\r(?!\n)")
SHORT = 50
"""Characters of a category or a type, at most; as the format's reader has it."""


def checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes, column by column as they are stored.

    Raises ValidationError with a message for each column that is wrong, TypeError for a column
    that is not edited this way.
    """
    if unknown := changes.keys() - CHECKS.keys():
        raise TypeError(f"not columns that are edited: {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for column, value in changes.items():
        try:
            values[column] = CHECKS[column](value)
        except WrongError as why:
            wrong[column] = f"{str(why)[:1].upper()}{str(why)[1:]}."
    if wrong:
        raise ValidationError(wrong)
    return values


def limits() -> Limits:
    """The bounds of this site, the same for files and for forms."""
    return Limits(**settings.FRONTMATTER_LIMITS)


def _text(value: Any, longest: int) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise WrongError("this should be text")
    if FORBIDDEN.search(value):
        raise WrongError("it holds a control character; remove it")
    if len(value) > longest:
        raise WrongError(f"{len(value):,} characters are too long; at most {longest:,} are allowed")
    return value


def _line(value: Any, longest: int) -> str | None:
    if isinstance(value, str) and ("\n" in value or "\r" in value):
        raise WrongError("it should be one line")
    return _text(value, longest)


def _title(value: Any) -> str:
    title = _line(value, limits().title)
    if title is None or not title.strip():
        raise WrongError("an article needs a title")
    return title


def _excerpt(value: Any) -> str | None:
    return _text(value, limits().excerpt)


def _body(value: Any) -> str:
    body = _text(value, limits().file_bytes)
    if body is None:
        raise WrongError("this should be text")
    if BARE_CR.search(body):
        raise WrongError("it holds a carriage return without a line feed; remove it")
    return body


def _link(value: Any) -> str | None:
    text = _text(value, limits().link)
    return link(text, limits().link) if text else text


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise WrongError("this should be a date and time with a zone")
    return value.astimezone(UTC)


def _integer(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongError("this should be a whole number")
    if not LOWEST <= value <= HIGHEST:
        raise WrongError(f"the number must lie between {LOWEST} and {HIGHEST}")
    return value


def _boolean(value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise WrongError("this should be true or false")
    return value


def _provider(value: Any) -> Provider:
    if not isinstance(value, Provider):
        raise WrongError("an article needs a provider")
    return value


def _image_link(value: Any) -> str | None:
    text = _text(value, limits().link)
    return image_link(text, limits().link) if text else text


def _images(value: Any) -> list[dict[str, Any]] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(image, dict) for image in value):
        raise WrongError("this should be a list of images")
    return [_image(image) for image in value]


def _image(image: dict[str, Any]) -> dict[str, Any]:
    if unknown := image.keys() - IMAGE_CHECKS.keys():
        raise WrongError(f"an image has no {', '.join(sorted(map(str, unknown)))}")
    return {name: IMAGE_CHECKS[name](value) for name, value in image.items()}


def _image_text(value: Any) -> str | None:
    return _text(value, limits().title)


IMAGE_CHECKS: dict[str, Callable[[Any], Any]] = {
    "url": _image_link,
    "width": _integer,
    "height": _integer,
    "isCached": _boolean,
    **dict.fromkeys(["title", "attribution"] & IMAGE.by_name.keys(), _image_text),
}
CHECKS: dict[str, Callable[[Any], Any]] = {
    "title": _title,
    "excerpt": _excerpt,
    "published_at": _moment,
    "web_url": _link,
    "original_url": _link,
    "amp_url": _link,
    "cdn_amp_url": _link,
    "category": partial(_line, longest=SHORT),
    "type": partial(_line, longest=SHORT),
    "quality": _integer,
    "provider": _provider,
    "images": _images,
    "embed": _excerpt,
    "body": _body,
}
"""The columns that `articles.workflow.edit` takes, each with the check of its value."""
