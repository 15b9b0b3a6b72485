"""What a run wrote that no manifest names yet: the run after a killed one knows it by this."""

from __future__ import annotations

from pathlib import Path

NAME = ".newsroom-written"


class Journal:
    """A file beside the pages, there while a run writes; a path a line."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def left(self) -> set[str] | None:
        """The new files of a run that did not come to its end; None when the last one did."""
        try:
            return set(self._path.read_text(encoding="utf-8").splitlines())
        except FileNotFoundError:
            return None

    def begin(self) -> None:
        self._path.touch()

    def note(self, path: str) -> None:
        """Before the file is written."""
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(f"{path}\n")

    def end(self) -> None:
        self._path.unlink()
