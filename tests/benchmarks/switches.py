"""Switches for the checks of the desk: each can be turned off, and tells when it refused.

Where a check stood, the source that `desk_checks` writes calls one of these. They notice the tests
in which a check mattered: in all others its removal changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

View = Callable[..., Any]

off: int | None = None
"""The number of the check that is taken away now."""

refused: set[int] = set()
"""The numbers of those that refused somebody something since it was emptied."""


def holds(number: int, test: Any) -> Any:
    """The condition of a refusal."""
    return number != off and _noted(number) if test else test


def runs(number: int, check: Callable[[], Any]) -> None:
    """A call that raises where somebody may not."""
    if number == off:
        return
    try:
        check()
    except Exception:
        _noted(number)
        raise


def grants(number: int) -> Callable[[View], View]:
    """A function that answers whether somebody may."""

    def switched(function: View) -> View:
        @wraps(function)
        def answer(*args: Any, **kwargs: Any) -> Any:
            return number == off or function(*args, **kwargs) or not _noted(number)

        return answer

    return switched


def around(number: int, guard: Callable[[View], View]) -> Callable[[View], View]:
    """What lets a request through to a view, or answers it instead."""

    def switched(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Any:
            passed = []

            @wraps(view)
            def marked(*args: Any, **kwargs: Any) -> Any:
                passed.append(True)
                return view(*args, **kwargs)

            if number == off:
                return view(*args, **kwargs)
            try:
                return guard(marked)(*args, **kwargs)
            finally:
                if not passed:
                    _noted(number)

        return answer

    return switched


def _noted(number: int) -> bool:
    refused.add(number)
    return True
