"""A queue for a morning: `with_django morning_fill COUNT SEED`."""

from __future__ import annotations

import random
from datetime import timedelta

from django.utils import timezone

from tests.factories import make_article, make_topic, make_user

WORDS = ("harbour", "crane", "ferry", "pilot", "quay", "tide", "lamp", "storm", "buoy", "anchor")
PERSON, PASSWORD = "ana", "gate-4-at-dawn"


def main(count: str, seed: str) -> None:
    chance = random.Random(int(seed))
    topics = [make_topic() for _ in range(8)]
    now = timezone.now()
    for number in range(int(count)):
        make_article(
            title=f"{' '.join(chance.sample(WORDS, 5)).capitalize()} {number:04}",
            excerpt=f"{' '.join(chance.choices(WORDS, k=25)).capitalize()}.",
            topics=chance.sample(topics, 2),
            quality=chance.randrange(100),
            arrived_at=now - timedelta(minutes=number),
        )
    make_user("publisher", username=PERSON, password=PASSWORD)
