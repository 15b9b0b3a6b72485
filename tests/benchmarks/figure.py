"""One measured figure beside the one to reach."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`got` is None where it could not be measured; `note` then says what is missing."""

    name: str
    got: float | None
    reach: float
    unit: str = ""
    ok: bool = False
    note: str = ""

    @classmethod
    def at_most(cls, name: str, got: float, reach: float, unit: str = "") -> Figure:
        return cls(name, got, reach, unit, ok=got <= reach)

    @classmethod
    def at_least(cls, name: str, got: float, reach: float, unit: str = "") -> Figure:
        return cls(name, got, reach, unit, ok=got >= reach)

    @classmethod
    def missing(cls, name: str, reach: float, why: str, unit: str = "") -> Figure:
        return cls(name, None, reach, unit, note=why)

    @property
    def verdict(self) -> str:
        if self.got is None:
            return "missing"
        return "ok" if self.ok else "short"

    @property
    def line(self) -> str:
        """`name  got  reach  ok|short|missing`, in columns."""
        got = "–" if self.got is None else f"{self.got:,.4g}"
        note = f"  ({self.note})" if self.note else ""
        return f"{self.name:<52} {got:>10} {self.reach:>10,.4g} {self.unit:<6} {self.verdict}{note}"
