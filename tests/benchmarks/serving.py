"""The site as a process to look at, kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from .databases import MANAGE, environment
from .measure import ROOT

A_START = 60
"""Seconds within which a server must answer."""


def free_port() -> int:
    """A port of the loopback that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


class Server:
    """The site as a process that can be killed and started again; with `workers` gunicorn's, which
    are back at once where the code `is_preloaded`. `environ` is beside what every site needs,
    `prefix` a command that starts it, `manage` one in the place of manage.py."""

    def __init__(
        self,
        url: str,
        output: Path,
        *,
        workers: int = 0,
        is_preloaded: bool = False,
        environ: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
        manage: Sequence[str] = MANAGE,
    ) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._env, self._output = site_environment(url) | dict(environ or {}), output
        at = f"127.0.0.1:{self.port}"
        self._command = [*manage, "runserver", "--noreload", at]
        if workers:
            gunicorn = [sys.executable, "-m", "gunicorn", "newsroom.wsgi"]
            self._command = [*gunicorn, "--workers", str(workers), "--bind", at]
            warmed = ["--preload", "--config", "python:tests.benchmarks.warmed"]
            self._command += warmed if is_preloaded else []
        self._command = [*prefix, *self._command]
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

    def kill_workers(self) -> None:
        """Who answers, gunicorn's workers, as a power cut would; others take their place."""
        own = self._process.pid
        for child in Path(f"/proc/{own}/task/{own}/children").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()
        self._process.wait()


def site_environment(url: str) -> dict[str, str]:
    """What the site's processes here need beside the database."""
    # Static files without a manifest; all else as in production.
    own = {"DJANGO_SETTINGS_MODULE": "tests.settings", "ALLOWED_HOSTS": "127.0.0.1"}
    return environment(url) | own
