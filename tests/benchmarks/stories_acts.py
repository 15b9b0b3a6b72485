"""Random acts on stories and undos: `with_django stories_acts STEPS SEED` on a fresh database.

Most acts are taken back, some after an import; after every twentieth is the robot's hour. The laws
are checked after each.
"""

from __future__ import annotations

import json
import tempfile
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter

from django.core.management import call_command

from tests.stories.newsroom import Newsroom

HOUR = 20
"""Acts between two imports."""


def main(steps: str, seed: str) -> None:
    call_command("migrate", verbosity=0)
    call_command("roles", verbosity=0)
    random, started = Random(int(seed)), perf_counter()
    with tempfile.TemporaryDirectory(prefix="newsroom-acts-") as folder:
        (Path(folder) / "_news").mkdir()
        newsroom = Newsroom(Path(folder))
        newsroom.begin(random)
        for step in count():
            if newsroom.steps >= int(steps):
                break
            if step % HOUR == 0:
                newsroom.import_something(random)
            newsroom.act(random)
            newsroom.check()
    found = {"wrong": newsroom.wrong, "done": newsroom.done, "seconds": perf_counter() - started}
    print(json.dumps(found))
