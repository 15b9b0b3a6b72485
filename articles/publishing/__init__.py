"""The public site as files, for any static host."""

from .asking import NoAnswer
from .manifest import Manifest
from .memory import Memory
from .site import Published, publish

__all__ = ["Manifest", "Memory", "NoAnswer", "Published", "publish"]
