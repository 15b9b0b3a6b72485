"""A network of the test's own: names that resolve as it says, and one real server behind them."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from articles.images.guard import Network

PUBLIC = "93.184.216.34"
Answer = tuple[int, dict[str, str], bytes]


class Hosts:
    """`connected` are the addresses that were connected to, `asked` the (host, path) pairs that
    reached the server. `names` says what a name resolves to, one answer after the other."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.names: dict[str, list[list[str]]] = {}
        self.pages: dict[str, Answer | Callable[[Any], None]] = {}
        self.connected: list[tuple[str, int]] = []
        self.asked: list[tuple[str, str]] = []

    @property
    def network(self) -> Network:
        return Network(self._resolve, self._connect)

    def _resolve(self, host: str, port: int) -> list[str]:
        answers = self.names.get(host)
        if answers is None:
            # As a real resolver reads what it is given: 127.1, 0x7f000001, 017700000001.
            try:
                return [socket.inet_ntoa(socket.inet_aton(host))]
            except OSError:
                return [PUBLIC]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self._port), seconds)

    def give(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """What the server answers at a path."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, named, body)


@contextmanager
def hosts() -> Iterator[Hosts]:
    """The server runs until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.headers["Host"], self.path))
            page = found.pages.get(self.path, (404, {}, b""))
            if callable(page):
                page(self)
                return
            status, headers, body = page
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Hosts(server.server_port)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
