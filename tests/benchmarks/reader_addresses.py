"""Prints the addresses of the pages that are measured, by name: `with_django reader_addresses`."""

from __future__ import annotations

import json

from .reader_asking import pages


def main() -> None:
    print(json.dumps(pages(0)))
