"""Files of articles that were erased: they are left, and said to be."""

from __future__ import annotations

from ..frontmatter import Problem
from ..models import Erasure
from .scan import Kind, Scan


def leave_erased(scanned: Scan) -> None:
    """Refuse the files of erased articles by their names, whatever they hold now."""
    keys = [found.key for found in scanned.found if found.kind is Kind.ARTICLE]
    rows = Erasure.objects.filter(stem__among=keys)
    erased = dict(rows.values_list("stem", "at")) if Erasure.objects.exists() else {}
    if not erased:
        return
    kept = []
    for found in scanned.found:
        at = erased.get(found.key) if found.kind is Kind.ARTICLE else None
        if at is None:
            kept.append(found)
        else:
            said = f"this article was erased on {at:%Y-%m-%d}; delete the file"
            scanned.refused.append((found, Problem(1, "", said)))
    scanned.found = kept
