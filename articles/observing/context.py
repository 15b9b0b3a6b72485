"""What every line of the log says of where it was written."""

from __future__ import annotations

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
user_id: ContextVar[int | None] = ContextVar("user_id", default=None)
run_id: ContextVar[int | None] = ContextVar("run_id", default=None)
"""The import or export that this process is at, or was last."""


def said() -> dict[str, str | int]:
    """What is known of the moment, by name; what is not known is left out."""
    found = {"request": request_id.get(), "user": user_id.get(), "run": run_id.get()}
    return {name: value for name, value in found.items() if value}
