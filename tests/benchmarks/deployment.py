"""Sites behind gunicorn as it is deployed, and what their workers cost."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM
from subprocess import Popen
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from .databases import MANAGE, environment
from .measure import ROOT, run
from .serving import A_START, free_port

SITE, EMPTY = "newsroom.wsgi", f"{__package__}.peers.empty_peer.wsgi"
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def deployed(url: str, folder: Path, **own: str) -> dict[str, str]:
    """The environment of a site on that database, its files in `folder`; what it says itself goes
    before."""
    return (
        environment(url)
        | {
            "DJANGO_SETTINGS_MODULE": f"{__package__}.deployed",
            "NEWSROOM_BENCH_FOLDER": str(folder),
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
        }
        | own
    )


def collect(env: Mapping[str, str], output: Path) -> None:
    """The static files, as a deployment has them."""
    run([*MANAGE, "collectstatic", "--noinput", "--verbosity", "0"], env, output)


class Gunicorn:
    """A site behind gunicorn with the configuration of `deploy`; `address` is where it answers."""

    def __init__(self, process: Popen[bytes], port: int) -> None:
        self.process, self.address = process, f"http://127.0.0.1:{port}"

    @property
    def workers(self) -> list[int]:
        """The process ids of its workers."""
        pid = self.process.pid
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(worker) for worker in found]

    @property
    def cpu(self) -> float:
        """Seconds that its workers were busy."""
        return sum(cpu_of(worker) for worker in self.workers)

    @property
    def memory(self) -> int:
        """Bytes of its workers in memory that they share with nobody."""
        return sum(memory_of(worker) for worker in self.workers)


def cpu_of(process: int) -> float:
    """Seconds that a process was busy, in and out of the kernel."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(process: int) -> int:
    """Bytes in memory, shared ones apart."""
    _, resident, shared, *_ = Path(f"/proc/{process}/statm").read_text().split()
    return (int(resident) - int(shared)) * PAGE


@contextmanager
def gunicorn(
    site: str,
    env: Mapping[str, str],
    output: Path,
    *own: str,
    workers: int = 1,
    core: int | None = None,
) -> Iterator[Gunicorn]:
    """A site as it is deployed, for as long as the block runs; `own` are arguments of gunicorn that
    go before its configuration, `core` the only one that it may use. Raises TimeoutError."""
    port = free_port()
    said_to = {**env, "BIND": f"127.0.0.1:{port}", "WEB_WORKERS": str(workers)}
    confined = [] if core is None else ["taskset", "--cpu-list", str(core)]
    served = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", *own, site]
    with open(output, "ab") as said:
        process = Popen([*confined, *served], cwd=ROOT, env=said_to, stdout=said, stderr=said)
    try:
        server = Gunicorn(process, port)
        answers(f"{server.address}/healthz", output)
        yield server
    finally:
        process.send_signal(SIGTERM)
        process.wait()


def answers(address: str, output: Path) -> None:
    """Returns once something answers there, anything; raises TimeoutError with what was said."""
    until = monotonic() + A_START
    while monotonic() < until:
        try:
            urlopen(address).close()
        except HTTPError:
            return
        except (URLError, ConnectionError):
            sleep(0.1)
        else:
            return
    raise TimeoutError(output.read_text(errors="replace")[-1000:])
