"""The public site as files, for any static host."""

from .manifest import Manifest
from .site import Published, publish

__all__ = ["Manifest", "Published", "publish"]
