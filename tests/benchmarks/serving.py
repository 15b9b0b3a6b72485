"""The site as a process to look at, kill and start again."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from .databases import MANAGE, environment
from .measure import ROOT

A_START = 60
"""Seconds within which a server must answer."""


class Server:
    """The site as a process that can be killed and started again; with `workers` gunicorn's."""

    def __init__(self, url: str, output: Path, *, workers: int = 0) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._env, self._output = site_environment(url), output
        at = f"127.0.0.1:{self.port}"
        self._command = [*MANAGE, "runserver", "--noreload", at]
        if workers:
            gunicorn = [sys.executable, "-m", "gunicorn", "newsroom.wsgi"]
            self._command = [*gunicorn, "--workers", str(workers), "--bind", at]
        self.start()

    def start(self) -> None:
        """Returns once it answers; raises TimeoutError."""
        with open(self._output, "ab") as said:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._env, stdout=said, stderr=said
            )
        until = monotonic() + A_START
        while monotonic() < until:
            try:
                urlopen(f"{self.address}/healthz").close()
            except URLError:
                sleep(0.1)
            else:
                return
        raise TimeoutError(self._output.read_text()[-1000:])

    def stop(self) -> None:
        """As an operator would, its workers too."""
        self._process.terminate()
        self._process.wait()

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()
        self._process.wait()


def site_environment(url: str) -> dict[str, str]:
    """What the site's processes here need beside the database."""
    # Static files without a manifest; all else as in production.
    own = {"DJANGO_SETTINGS_MODULE": "tests.settings", "ALLOWED_HOSTS": "127.0.0.1"}
    return environment(url) | own
