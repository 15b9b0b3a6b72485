"""What is deployed with: files that are what they say, and a server that restarts without a gap."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
UNITS = sorted((ROOT / "docs/systemd").glob("newsroom*"))
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    "SECRET_KEY": "tests-sign-with-this-key-and-nothing-else-ever-should",
    "SECURE_SSL": "0",
    "ALLOWED_HOSTS": "127.0.0.1",
    "WEB_WORKERS": "2",
}


def _port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _asked(address: str) -> int:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return int(answer.status)


@contextmanager
def _serving(
    tmp_path: Path, migrated: Path, **own: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The site under gunicorn as deployed, but for TLS, and its address."""
    site = shutil.copyfile(migrated, tmp_path / "site.sqlite3")
    said = {**os.environ, **SETTINGS, "DATABASE_URL": f"sqlite:///{site}", **own}
    said["BIND"] = f"127.0.0.1:{_port()}"
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "newsroom.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, env=said, stderr=subprocess.DEVNULL)
    address = f"http://{said['BIND']}"
    for _ in range(300):
        try:
            _asked(f"{address}/healthz")
            break
        except OSError:
            time.sleep(0.1)
    yield server, address
    server.terminate()
    server.wait(timeout=60)


@pytest.fixture
def served(tmp_path: Path, migrated: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with _serving(tmp_path, migrated) as found:
        yield found


@pytest.fixture
def two_cores() -> Iterator[set[int]]:
    """All that what is started meanwhile may run on."""
    before = os.sched_getaffinity(0)
    if len(before) < 2:
        pytest.skip("there is one core")
    both = set(sorted(before)[:2])
    os.sched_setaffinity(0, both)
    yield both
    os.sched_setaffinity(0, before)


def _children(pid: int) -> set[str]:
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def test_a_reload_serves_new_workers_and_loses_no_request(
    served: tuple[subprocess.Popen[bytes], str],
):
    server, address = served
    is_over, answers, lost = Event(), [], []

    def read() -> None:
        while not is_over.is_set():
            try:
                answers.append(_asked(f"{address}/healthz"))
            except OSError as error:
                lost.append(error)

    before = _children(server.pid)
    readers = [Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    server.send_signal(signal.SIGHUP)
    for _ in range(600):
        now = _children(server.pid)
        if now and not now & before:
            break
        time.sleep(0.1)
    is_over.set()
    for reader in readers:
        reader.join()
    assert not now & before
    assert lost == []
    assert set(answers) == {200}


def _cores(server: subprocess.Popen[bytes]) -> list[tuple[int, ...]]:
    """Those that each worker may run on, all its threads alike."""
    found = []
    for worker in _children(server.pid):
        threads = [int(thread.name) for thread in Path(f"/proc/{worker}/task").iterdir()]
        [cores] = {tuple(os.sched_getaffinity(thread)) for thread in threads}
        found.append(cores)
    return sorted(found)


def test_each_worker_has_a_core_of_its_own_and_so_has_the_one_after_it(
    tmp_path: Path, migrated: Path, two_cores: set[int]
):
    with _serving(tmp_path, migrated, WEB_WORKERS="2") as (server, address):
        apart = [(core,) for core in sorted(two_cores)]
        assert _cores(server) == apart
        for worker in sorted(_children(server.pid)):
            os.kill(int(worker), signal.SIGKILL)
            for _ in range(300):
                now = _children(server.pid)
                if len(now) == 2 and worker not in now and _asked(f"{address}/healthz") == 200:
                    break
                time.sleep(0.1)
            assert _cores(server) == apart


def test_fewer_workers_than_cores_go_where_they_like(
    tmp_path: Path, migrated: Path, two_cores: set[int]
):
    with _serving(tmp_path, migrated, WEB_WORKERS="1") as (server, _):
        assert _cores(server) == [tuple(sorted(two_cores))]


def test_a_server_that_is_told_to_stop_ends_in_peace(served: tuple[subprocess.Popen[bytes], str]):
    server, _ = served
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=60) == 0


def _services() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    return said


def test_our_containers_write_nowhere_and_may_nothing():
    ours = {name: one for name, one in _services().items() if one.get("image") == "newsroom"}
    assert ours.keys() == {"migrate", "app", "worker"}
    for one in ours.values():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in one["security_opt"]
        assert "ports" not in one


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, one in _services().items() if "ports" in one] == ["proxy"]


def test_the_image_runs_as_nobody_in_particular_and_holds_no_secret():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["newsroom"]
    assert sum(line.startswith("FROM ") for line in lines) == 2
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    assert not any(".env" in line or "db." in line for line in ignored)


def test_everything_that_the_image_is_made_of_is_there():
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            assert (ROOT / line.split()[1]).exists(), line


def test_the_proxy_writes_anew_who_somebody_is():
    said = (ROOT / "deploy/nginx.conf").read_text()
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in said
    assert "$proxy_add_x_forwarded_for" not in said
    assert said.count("{") == said.count("}")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_every_unit(tmp_path: Path):
    copies = []
    for unit in UNITS:
        copy = tmp_path / unit.name
        copy.write_text(unit.read_text().replace("/srv/newsroom/site", str(ROOT)))
        copies.append(str(copy))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *copies],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "newsroom" in line]
    assert ours == []
