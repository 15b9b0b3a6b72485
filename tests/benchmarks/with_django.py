"""Runs `main` of a module here once Django is set up: `with_django MODULE ARGUMENT…`."""

from __future__ import annotations

import sys
from importlib import import_module

import django


def main(module: str, *arguments: str) -> None:
    django.setup()
    import_module(f"{__package__}.{module}").main(*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
