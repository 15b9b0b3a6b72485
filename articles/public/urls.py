"""Addresses that readers use."""

from __future__ import annotations

from django.urls import path

from . import preview
from .open_urls import app_name
from .open_urls import urlpatterns as open_pages

__all__ = ["app_name", "urlpatterns"]

urlpatterns = [
    *open_pages,
    # For whom an editor shows it to: it is nowhere else.
    path("preview/<name:token>/", preview.shared, name="preview"),
]
