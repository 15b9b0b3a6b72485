"""What the files of providers and topics should be now, where the desk changed them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from providers.models import Provider

from ..frontmatter import ABSENT, patch, read, write
from ..frontmatter.merge import same
from ..models import Topic
from . import bases
from .catalogue import CATALOGUES, Catalogue
from .scan import SUFFIXES, Kind


@dataclass(slots=True)
class ChangedRow:
    """A provider or topic that was edited here, and its base if it has one."""

    row: Any
    catalogue: Catalogue
    data: bytes | None

    def target(self) -> bytes:
        """The bytes its file should have; raises `Refused` or `Unpatchable`."""
        if self.data is None:
            ours = self.catalogue.values_of(self.row, {})
            return write(self._new(ours), self.catalogue.schema)
        base = read(self.data, self.catalogue.schema).values
        ours = self.catalogue.values_of(self.row, base)
        changes = {
            key: ours.get(key, ABSENT)
            for key in self.catalogue.columns
            if not same(ours.get(key), base.get(key))
        }
        return patch(self.data, changes, self.catalogue.schema)

    def _new(self, ours: dict[str, Any]) -> dict[str, Any]:
        if self.catalogue.kind is Kind.PROVIDER:
            named = {"taxonomy": "organization", "_id": self.row.domain, "domain": self.row.domain}
        else:
            named = {"taxonomy": "topic", "_id": self.row.slug}
        return named | {"name": self.row.name} | ours


def changed_rows(kind: Kind) -> dict[str, ChangedRow]:
    """Rows edited here by the key of their file, which a new one gets from its identity."""
    catalogue = CATALOGUES[kind]
    model: type[Provider] | type[Topic] = Provider if kind is Kind.PROVIDER else Topic
    rows = {key_of(row, catalogue): row for row in model._default_manager.filter(is_edited=True)}
    if not rows:
        return {}
    sources = bases.load(kind, rows)
    found = {}
    for key, row in rows.items():
        source = sources.get(key)
        data = source.base_bytes if source else None
        found[key] = ChangedRow(row, catalogue, data)
    return found


def key_of(row: Any, catalogue: Catalogue) -> str:
    """The stem of a row's file."""
    return str(row.stem or getattr(row, catalogue.identity))


def file_of_row(kind: Kind, key: str) -> str:
    """The name of a file that never was."""
    return key + SUFFIXES[kind][0]
