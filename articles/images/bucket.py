"""Pictures in a bucket of S3, or of what speaks as it does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class Bucket(S3Storage):
    """A bucket that need be open to nobody: readers ask the site for what lies in it, which says
    how it is to be taken, unless a `custom_domain` stands before the bucket."""

    def url(self, name: str, *arguments: Any, **options: Any) -> str:
        if self.custom_domain:
            return str(super().url(name, *arguments, **options))
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
