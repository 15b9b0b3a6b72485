"""The site as a WSGI application, under the path of SITE_URL."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def under(prefix: str, application: WSGIApplication) -> WSGIApplication:
    """`application` answering at `prefix` ("/press", or "" for the root) as well as without it.

    Django takes FORCE_SCRIPT_NAME off an address under ASGI but not under WSGI.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return application(environ, start_response)

    return answer if prefix else application


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
application = under(settings.SITE_PATH, get_wsgi_application())
