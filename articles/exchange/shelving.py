"""Takes provider and topic files into the database, by the same three-way merge as articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..frontmatter import Problem, Record
from ..frontmatter.merge import merge, same
from ..frontmatter.record import Values
from ..models import Run, Source
from . import bases
from .catalogue import CATALOGUES, Catalogue, by_former_name
from .loading import Loaded, Reader
from .report import FileReport
from .scan import Found, Kind


class CatalogueIntake:
    """Stores parsed provider or topic files of one run, inside the caller's transaction."""

    def __init__(self, kind: Kind, run: Run, reader: Reader, at: datetime) -> None:
        self._catalogue: Catalogue = CATALOGUES[kind]
        self._run, self._reader, self._at = run, reader, at
        self._taken: list[Any] = []

    def store(self, parsed: Sequence[tuple[Loaded, Record]]) -> list[FileReport]:
        """Take these files; answers what was done to each."""
        sources = bases.load(self._catalogue.kind, [one.found.key for one, _ in parsed])
        rows = self._rows(parsed)
        reports, agreed = [], []
        refused: list[tuple[Found, bytes, tuple[Problem, ...]]] = []
        for loaded, record in parsed:
            report = FileReport(loaded.found.path, self._catalogue.kind, "updated")
            reports.append(report)
            row = self._row(loaded, record, rows)
            if row.stem not in ("", loaded.found.key):
                problem = self._taken_already(row, record)
                report.outcome = "refused"
                report.errors += (problem,)
                refused.append((loaded.found, loaded.digest, (problem,)))
                continue
            if self._take(row, loaded, record, sources.get(loaded.found.key), report):
                agreed.append((loaded.found, loaded.data, loaded.digest))
        self._save()
        bases.agree(self._run, agreed, sources)
        self._refuse(refused, reports)
        return reports

    def _save(self) -> None:
        """Store the rows that took something, new ones in bulk."""
        fresh = [row for row in self._taken if row.pk is None]
        for row in self._taken:
            if row.pk is not None:
                row.save()
        self._catalogue.model._default_manager.bulk_create(fresh)

    def _refuse(
        self,
        refused: Sequence[tuple[Found, bytes, tuple[Problem, ...]]],
        reports: Sequence[FileReport],
    ) -> None:
        known = bases.known(self._catalogue.kind, [found.key for found, _, _ in refused])
        standing = {
            found.path
            for found, digest, _ in refused
            if found.key in known and known[found.key].refused_digest == digest
        }
        for report in reports:
            report.is_standing = report.outcome == "refused" and report.path in standing
        bases.refuse(self._run, refused, known, self._at)

    def _read(self, data: bytes) -> Values:
        return self._reader.one(data, self._catalogue.kind).values

    def _rows(self, parsed: Sequence[tuple[Loaded, Record]]) -> dict[str, dict[str, Any]]:
        """Rows that these files may mean: by stem, by identity and, for topics, by name."""
        rows: list[Any] = list(self._catalogue.model._default_manager.all())
        found = {
            name: {getattr(row, name): row for row in reversed(rows) if getattr(row, name)}
            for name in ("stem", self._catalogue.identity, "name")
        }
        if self._catalogue.kind is Kind.TOPIC:
            # A first file of a topic that was renamed here may still call it as it was.
            renamed = by_former_name(row for row in rows if not row.stem)
            found["name"] = renamed | found["name"]
        return found

    def _row(self, loaded: Loaded, record: Record, rows: dict[str, dict[str, Any]]) -> Any:
        catalogue = self._catalogue
        identity = catalogue.identify(record.values, loaded.found.key)
        row = rows["stem"].get(loaded.found.key) or rows[catalogue.identity].get(identity)
        if row is None and catalogue.kind is Kind.TOPIC:
            row = rows["name"].get(record.values["name"])
        if row is None:
            row = catalogue.new(identity)
        if not row.stem and identity not in rows[catalogue.identity]:
            setattr(row, catalogue.identity, identity)
        rows[catalogue.identity][identity] = row
        return row

    def _taken_already(self, row: Any, record: Record) -> Problem:
        key = "domain" if self._catalogue.kind is Kind.PROVIDER else "_id"
        line = record.lines.get(key) or record.lines.get("_id") or 1
        return Problem(line, key, f"{row.stem} is the file of this one already; keep one of them")

    def _take(
        self, row: Any, loaded: Loaded, record: Record, source: Source | None, report: FileReport
    ) -> bool:
        """Merge one file into its row; answers whether file and row agree now."""
        catalogue = self._catalogue
        base: Values = {} if row.is_edited else catalogue.values_of(row, {})
        if source:
            base = bases.agreed(source, self._read) or base
        ours = catalogue.values_of(row, base)
        if row.stem:
            report.changed = tuple(
                key
                for key in catalogue.schema.by_name
                if not same(base.get(key), record.values.get(key))
            )
        else:
            report.outcome = "created"
        result = merge(catalogue.schema, base, record.values, ours)
        catalogue.put(row, result.taken)
        row.name = row.name or getattr(row, catalogue.identity)
        row.stem = loaded.found.key
        self._taken.append(row)
        if result.clashes:
            report.outcome = "conflict"
            report.warnings += tuple(f"{one.key}: {one.message}" for one in result.clashes)
            waiting = source or bases.opened(loaded.found, self._run)
            bases.wait(waiting, loaded.data, loaded.digest, result.clashes, self._run)
            return False
        if source:
            bases.settle([source], self._at)
        return True
