"""Servers of our own, to be stopped and started: PostgreSQL and Redis, each on a free port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import psycopg

A_START = 60.0
"""Seconds within which a server must answer."""

OWNER = "postgres"
"""Who runs the cluster where we are root, which PostgreSQL refuses."""


class NotInstalled(RuntimeError):
    """The server's program is not here; the message says which."""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def program(name: str) -> str:
    """Where a program is; raises NotInstalled."""
    found = shutil.which(name) or next(
        (str(one) for one in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))[::-1]), ""
    )
    if not found:
        raise NotInstalled(f"{name} is not installed")
    return found


class Cluster:
    """A PostgreSQL in a folder of its own, without a password, that survives what is done to it."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self._as_owner = _as_owner(data.parent)

    @classmethod
    def made(cls, folder: Path) -> Cluster:
        """A new one, which runs."""
        folder.mkdir(parents=True)
        own = cls(folder / "data", free_port())
        made = [program("initdb"), "-D", str(own.data), "-U", OWNER, "-A", "trust", "-E", "UTF8"]
        own._run([*made, "--locale", "C"])
        own.start()
        return own

    @property
    def url(self) -> str:
        """Of its first database."""
        return f"postgres://{OWNER}@127.0.0.1:{self.port}/postgres"

    def database(self, name: str, folder: Path | None = None) -> str:
        """The address of a new one, whose tables lie in `folder`."""
        with psycopg.connect(self.url, autocommit=True) as server:
            where = ""
            if folder:
                folder.mkdir()
                give(folder)
                server.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
                where = f" TABLESPACE {name}"
            server.execute(f"CREATE DATABASE {name}{where}")
        return f"{self.url.removesuffix('postgres')}{name}"

    def start(self) -> None:
        """Returns once it answers."""
        said = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        log = str(self.data / "log.txt")
        self._control("start", "-w", "-t", str(int(A_START)), "-o", said, "-l", log)

    def stop(self, mode: str = "fast") -> None:
        """`fast` ends what is at work, `immediate` ends as a power cut does."""
        self._control("stop", "-m", mode, "-w", "-t", str(int(A_START)))

    def _control(self, *words: str) -> None:
        self._run([program("pg_ctl"), "-D", str(self.data), *words])

    def _run(self, command: Sequence[str]) -> None:
        # Not into a pipe: the server would keep it open.
        subprocess.run([*self._as_owner, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _as_owner(folder: Path) -> list[str]:
    """What begins a command that root must not run."""
    if os.getuid():
        return []
    give(folder)
    return [program("setpriv"), f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups"]


def give(folder: Path) -> None:
    """Let the cluster work in a folder, which root has to hand over."""
    if os.getuid():
        return
    shutil.chown(folder, OWNER, OWNER)
    for above in folder.parents:
        if not above.stat().st_mode & 0o001:
            above.chmod(above.stat().st_mode | 0o011)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A PostgreSQL of its own; raises NotInstalled."""
    own = Cluster.made(folder)
    try:
        yield own
    finally:
        own.stop("immediate")


class Redis:
    """A Redis that keeps nothing over its death."""

    def __init__(self) -> None:
        self.port = free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Returns once it answers; raises TimeoutError."""
        said = ["--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self._process = subprocess.Popen(
            [program("redis-server"), *said], stdout=subprocess.DEVNULL, cwd="/"
        )
        until = monotonic() + A_START
        while monotonic() < until:
            with socket.socket() as asking:
                if not asking.connect_ex(("127.0.0.1", self.port)):
                    return
            sleep(0.02)
        raise TimeoutError("Redis does not answer")

    def freeze(self) -> None:
        """It takes what is asked and says nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()
        self._process.wait()
