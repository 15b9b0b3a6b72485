"""Processes that live through simulated hours (`hours.py`) on the database of DATABASE_URL, killed
in some of them or in none."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from articles.exchange import Sync
from articles.workflow.roles import ensure_roles
from tests.content import Piece, put
from tests.exchange.dying import in_child
from tests.exchange.hours import Hours
from tests.exchange.repositories import Repositories, git, repositories
from tests.exchange.sites import snapshot
from tests.factories import make_user

HOURLY = """
import sys
from pathlib import Path
import django
django.setup()
from tests.exchange.hourly import main
main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
"""
"""To run by `python -c` with: a folder, a seed, how many hours, how many kills; LIVE_TEXT=take and
DATABASE_POOL=0."""

PEOPLE = ("Ana", "Bo", "Cy")
MOST_STEPS = 200
FEWEST_STEPS = 30
LONGEST = 0.4
"""Seconds of a sync, about."""


@dataclass(frozen=True)
class Killed(Repositories):
    """Every sync dies first, at a step or after a while, until there were enough of it."""

    chance: random.Random = field(default_factory=random.Random)
    wanted: int = 0
    deaths: list[str] = field(default_factory=list)

    def sync(self) -> Sync:
        if len(self.deaths) < self.wanted:
            connection.close()
            at, after = self.chance.randrange(MOST_STEPS), self.chance.uniform(0, LONGEST)
            how: dict[str, Any] = self.chance.choice([{"dies_at": at}, {"dies_after": after}])
            if not self.deaths:
                # The first one always comes so far.
                how = {"dies_at": self.chance.randrange(FEWEST_STEPS)}
            if in_child(lambda: super(Killed, self).sync() and None, **how) is None:
                self.deaths.append(str(how))
        return super().sync()


def main(folder: Path, seed: int, rounds: int, kills: int) -> None:
    """Prints JSON: faults by hour, a digest of both ends after each, and how often it died."""
    folder.mkdir(parents=True)
    ensure_roles()
    people = [make_user("superuser", first_name=name) for name in PEOPLE]
    pieces = [Piece(f"coast-{number}", quality=30 + number) for number in range(8)]
    made = repositories(folder, lambda where: put(where, *pieces))
    made.sync()
    dying = Killed(made.kept, made.robot, made.site, random.Random(seed + 1), kills)
    hours = Hours(dying, people, random.Random(seed))
    faults, digests = [], []
    for number in range(1, rounds + 1):
        faults += [(number, *fault) for fault in hours.round()]
        digests.append(_digest(made))
    died = dying.deaths
    print(json.dumps({"faults": faults, "digests": digests, "died": died, "acts": hours.done}))


def _digest(repos: Repositories) -> str:
    tree = git(repos.kept, "rev-parse", "main^{tree}")
    held = json.dumps([tree, snapshot()], default=str)
    return hashlib.sha256(held.encode()).hexdigest()[:16]
