"""A run's report as a page shows it: filtered by outcome, a page of files at a time."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

FILES_A_PAGE = 100
SLUGS_SHOWN = 100


def read_report(packed: bytes | memoryview | None) -> dict[str, Any]:
    """The report (`exchange.Report.packed`); {} without one."""
    return json.loads(zlib.decompress(packed)) if packed else {}


def report_context(report: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """What `admin/articles/run/report.html` says; files that were simply unchanged stay out."""
    files = [
        file
        for file in report.get("files", [])
        if file.get("outcome") != "unchanged" or file.get("warnings")
    ]
    outcomes = Counter(file["outcome"] for file in files)
    wanted = request.GET.get("outcome", "")
    shown = [file for file in files if file["outcome"] == wanted] if wanted in outcomes else files
    return {
        "outcomes": sorted(outcomes.items()),
        "outcome": wanted if wanted in outcomes else "",
        "page": Paginator(shown, FILES_A_PAGE).get_page(request.GET.get("page")),
        "file_count": len(files),
        "has_conflicts": "conflict" in outcomes,
        "totals": _totals(report),
        "appeared": _slugs(report, "appeared"),
        "disappeared": _slugs(report, "disappeared"),
        "unknown": sorted((report.get("unknown") or {}).items()),
    }


def said(totals: dict[str, Any] | None) -> str:
    """`article: 3 created, 1 refused; topic: 1 updated`, empty when nothing was found."""
    lines = [
        f"{kind}: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
        for kind, counts in (totals or {}).items()
        if isinstance(counts, dict) and any(counts.values())
    ]
    return "; ".join(lines)


def _totals(report: dict[str, Any]) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (kind, [(outcome, count) for outcome, count in counts.items() if count])
        for kind, counts in report.get("totals", {}).items()
        if any(counts.values())
    ]


def _slugs(report: dict[str, Any], which: str) -> tuple[int, list[str]]:
    found = report.get(which) or []
    return len(found), found[:SLUGS_SHOWN]
