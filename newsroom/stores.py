"""Where a deployment keeps pictures and fonts, turned into values that settings can use."""

from __future__ import annotations

from collections.abc import Sequence
from glob import glob
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured


def picture_store(url: str) -> dict[str, Any]:
    """Django's STORAGES entry for pictures: local files for nothing, a bucket for `s3://NAME?…`,
    what stands behind `?` given to django-storages, which knows the names. Raises
    ImproperlyConfigured for others.
    """
    if not url:
        return {"BACKEND": "articles.images.store.WholeFiles"}
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname or parts.username or parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"PICTURE_STORE={url} should read like s3://bucket?endpoint_url=https://s3.example.org;"
            " keys are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    if not find_spec("storages"):
        raise ImproperlyConfigured(
            "PICTURE_STORE needs one more package: pip install 'django-storages[s3]'."
        )
    own = {
        "bucket_name": parts.hostname,
        "querystring_auth": False,
        "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
    }
    return {
        "BACKEND": "articles.images.bucket.Bucket",
        "OPTIONS": own | {key: _SWITCHES.get(said, said) for key, said in parse_qsl(parts.query)},
    }


_SWITCHES: dict[str, Any] = {"true": True, "false": False}


def picture_hosts(url: str) -> list[str]:
    """The origins beside the site's own that its pages show pictures from."""
    domain = dict(parse_qsl(urlsplit(url).query)).get("custom_domain", "")
    return [f"https://{domain.partition('/')[0]}"] if domain else []


def card_fonts(patterns: Sequence[str]) -> list[str]:
    """The font files that these patterns name, in their order, each once; raises
    ImproperlyConfigured for a pattern that names none."""
    found: dict[str, None] = {}
    for pattern in patterns:
        files = sorted(glob(pattern))
        if not files:
            raise ImproperlyConfigured(f"CARD_FONTS={pattern} names no file.")
        found |= dict.fromkeys(files)
    return list(found)
