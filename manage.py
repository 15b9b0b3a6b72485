#!/usr/bin/env python
"""The command line of the site."""

import atexit
import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    # What a command makes lives mostly to its end: to look through it seldom is enough, and not at
    # all once everything is freed at once. A first import takes a tenth less.
    gc.set_threshold(10_000)
    atexit.register(gc.freeze)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    # Imports and migrations take as long as they take.
    os.environ.setdefault("STATEMENT_SECONDS", "0")
    execute_from_command_line(sys.argv)
