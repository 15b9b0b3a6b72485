"""The public site as files, for any static host."""

from .asking import NoAnswer
from .manifest import Manifest
from .site import Published, publish

__all__ = ["Manifest", "NoAnswer", "Published", "publish"]
