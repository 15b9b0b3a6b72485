"""How gunicorn serves the site: `gunicorn -c deploy/gunicorn.conf.py newsroom.wsgi`."""

from __future__ import annotations

import os
from typing import Any

from prometheus_client import multiprocess

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", os.cpu_count() or 1))
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


def child_exit(_server: Any, worker: Any) -> None:
    """Figures of a worker that ended are kept with those of the others."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        gone: Any = multiprocess.mark_process_dead
        gone(worker.pid)
