"""Answers to what the site cannot read or does not have.

Django's own check the token of a form first, and so read a body that perhaps cannot be read: they
would end as a fault.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, for whatever was wrong with it."""
    del exception
    return render(request, "400.html", {}, status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with what a page says of why."""
    why = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "404.html", {"exception": why}, status=404)
