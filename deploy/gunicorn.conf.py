"""How gunicorn serves the site: `gunicorn -c deploy/gunicorn.conf.py newsroom.wsgi`."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from prometheus_client import multiprocess

# Those that this process may run on; systems other than Linux do not say.
cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", len(cores) or os.cpu_count() or 1))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
# A file of the beating heart on a disk that is full would end workers that are well.
worker_tmp_dir = "/dev/shm"
timeout = 60
graceful_timeout = 30
keepalive = 5
# Whatever a library does not give back goes with its worker.
max_requests, max_requests_jitter = 20_000, 2_000
limit_request_line, limit_request_fields, limit_request_field_size = 8190, 100, 8190
# Each worker loads the code itself, so that HUP serves the new one without a gap.
preload_app = False
accesslog = None
# Only the proxy in front may say where a request comes from.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def pre_fork(server: Any, worker: Any) -> None:
    """Gives a worker the core that the fewest others have.

    Its threads take turns, and a turn that passes from core to core costs more than what it is for:
    a worker that stays on one answers half as many readers again. Fewer workers than cores may go
    where they like: containers of one machine would all choose the same core.
    """
    taken = [getattr(other, "core", None) for other in server.WORKERS.values()]
    worker.core = min(cores, key=taken.count) if 0 < len(cores) <= workers else None


def post_fork(_server: Any, worker: Any) -> None:
    """Keeps it there, where the system lets it."""
    if worker.core is not None:
        with suppress(OSError):
            os.sched_setaffinity(0, {worker.core})


def child_exit(_server: Any, worker: Any) -> None:
    """Figures of a worker that ended are kept with those of the others."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        gone: Any = multiprocess.mark_process_dead
        gone(worker.pid)
