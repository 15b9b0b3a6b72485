"""The site behind a real server with a thread for each request, and what went wrong in it."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.signals import got_request_exception
from django.core.wsgi import get_wsgi_application


class Quiet(WSGIRequestHandler):
    """Answers without a line in the log."""

    def log_message(self, format: str, *arguments: Any) -> None:
        """The races are told by their laws."""


class Site:
    """A site that is served; `errors` are the exceptions that nobody caught."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self._server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        self._server.daemon_threads = False
        self._server.set_app(get_wsgi_application())
        self.port: int = self._server.server_address[1]

    def note(self, **_: Any) -> None:
        self.errors.append(traceback.format_exc(limit=-6))

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def served() -> Iterator[Site]:
    """The site on a port of its own, until every request is answered."""
    site = Site()
    got_request_exception.connect(site.note)
    thread = Thread(target=site.serve)
    thread.start()
    try:
        yield site
    finally:
        site.close()
        thread.join()
        got_request_exception.disconnect(site.note)
