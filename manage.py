#!/usr/bin/env python
"""The command line of the site."""

import atexit
import gc
import os
import sys


def main() -> None:
    # What a command makes lives mostly to its end, its modules first of all: to look through it
    # seldom is enough, and not at all once everything is freed at once.
    gc.set_threshold(10_000)
    atexit.register(gc.freeze)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    # Imports and migrations take as long as they take.
    os.environ.setdefault("STATEMENT_SECONDS", "0")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
