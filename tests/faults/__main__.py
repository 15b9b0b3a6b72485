"""Tries the faults named on the command line, or all: `python -m tests.faults [NAME…]`.

NEWSROOM_FAULTS_SCALE=0.1 tries a tenth; NEWSROOM_FAULTS_SEED says where the chances begin. Every
figure is a line; build/faults.txt tells each thing that went wrong.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import django


def main(asked: list[str]) -> int:
    """Exit code 1 when anything went wrong, 2 for a fault that is not known."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    every = import_module(f"{__package__}.every")
    unknown = set(asked) - set(every.FAULTS)
    if unknown:
        known = ", ".join(every.FAULTS)
        print(f"No such fault: {', '.join(sorted(unknown))}. There is: {known}.")
        return 2
    is_short = False
    for figure in every.figures(asked or every.FAULTS):
        print(figure.line, flush=True)
        is_short = is_short or figure.verdict == "short"
    return int(is_short)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
