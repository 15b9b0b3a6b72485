"""What a file that cannot be taken says about itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file: `line` from 1, `key` dotted (`images[0].url`) or empty."""

    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.line}: {self.key}: {self.message}"
            if self.key
            else f"{self.line}: {self.message}"
        )


class Refused(ValueError):
    """A file departs from the contract; `problems` holds at least one `Problem`, in line order."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("; ".join(map(str, self.problems)))
