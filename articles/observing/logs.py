"""Lines of JSON for machines: what happened where, and nothing of anybody's text.

Messages of exceptions quote rows and files, so a line names an exception by its type and the places
it came through. Addresses that are secrets lose what makes them so.
"""

from __future__ import annotations

import re
import traceback
from logging import LogRecord
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from . import context

_SECRET = re.compile(r"(/preview/|/join/)[^\s\"']+")
_ASKED = re.compile(r"\?\S*")
_ALLOWED = frozenset({"method", "route", "status", "seconds", "queries", "database_seconds"})
"""What a line may say beside its message: records of others carry requests and arguments."""


class JSONLines(JsonFormatter):
    """One object a line: time, level, logger, message, and where it was written."""

    def __init__(self) -> None:
        super().__init__("{levelname}{name}{message}", style="{", timestamp="time")

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        known = {"time", "message", *_ALLOWED}
        said = {key: value for key, value in log_data.items() if key in known}
        said["level"], said["logger"] = log_data.get("levelname"), log_data.get("name")
        said["message"] = plain(str(said.get("message", "")))
        if "exception" in log_data:
            said["exception"], said["trace"] = log_data["exception"], log_data["trace"]
        return said | context.said()

    def format(self, record: LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        record.exc_text = None
        if error is not None:
            record.exception = f"{type(error).__module__}.{type(error).__qualname__}"
            frames = traceback.extract_tb(error.__traceback__)
            record.trace = [f"{one.filename}:{one.lineno} {one.name}" for one in frames]
            record.exc_info = None
        return super().format(record)


def plain(message: str) -> str:
    """A message without what was asked, and without the secret of an address."""
    return _ASKED.sub("", _SECRET.sub(r"\1…", message))
