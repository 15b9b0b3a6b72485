"""Invented reports to compare: some of one event, some that only look like it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from articles.likeness import Piece

NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)

# (event or "", hours after noon, provider, title, excerpt)
REPORTS = [
    ("dam", 0, "valley.example", "Cracks found in Orsk dam, villages told to leave",
     "Engineers found cracks in the Orsk dam on Monday; 400 people were told to leave."),
    ("", 1, "market.example", "Global Kettle Market 2024: Key Players, Growth and Forecast",
     "The report covers drivers, trends and forecast of the global kettle market."),
    ("", 2, "market.example", "Global Ladder Market 2024: Key Players, Growth and Forecast",
     "The report covers drivers, trends and forecast of the global ladder market."),
    ("dam", 3, "herald.example", "Villages below Orsk dam evacuated after cracks are found",
     "About 400 people left their homes below the dam when engineers found cracks."),
    ("", 4, "cloud.example", "General availability: Quartz backups for Harbor databases",
     "Quartz backups keep Harbor databases safe. Now generally available."),
    ("", 4, "cloud.example", "General availability: Lantern alerts in the Meadow console",
     "Lantern alerts tell operators of the Meadow console what burns. Now generally available."),
    ("ferry", 5, "coast.example", "Ferry Lindholm aground off Sandvik with 212 aboard",
     "The ferry Lindholm ran aground near Sandvik; all 212 passengers are safe."),
    ("ferry", 7, "herald.example", "212 passengers safe after the Lindholm runs aground",
     "A ferry with 212 people aboard ran aground off Sandvik on Monday afternoon."),
    ("", 8, "valley.example", "Valley choir sings for a new roof", "One leaking hall."),
    ("", 9, "cloud.example", "Tulip storage will be retired on 31 August 2025",
     "Move your data from Tulip storage to Orchid storage."),
    ("", 9, "cloud.example", "Basil gateways will be retired on 31 August 2025",
     "Replace Basil gateways by Thyme gateways."),
    ("dam", 20, "coast.example", "Orsk dam: army pumps water as cracks widen",
     "The army is pumping water out of the reservoir behind the Orsk dam."),
    ("", 30, "herald.example", "Ferry prices to rise by a tenth in July",
     "Passengers of the island lines pay more from July."),
]  # fmt: skip


def piece(
    title: str, excerpt: str = "", domain: str = "one.example", hours: float = 0, link: str = ""
) -> Piece:
    """A piece published so many hours after noon."""
    return Piece(title, title, NOON + timedelta(hours=hours), excerpt, domain, link)


def reports() -> list[Piece]:
    """All of them, in the order in which they arrive."""
    return [piece(title, excerpt, domain, hours) for _, hours, domain, title, excerpt in REPORTS]


def events() -> list[str]:
    """The event of each; the title where it is alone."""
    return [event or title for event, _, _, title, _ in REPORTS]
