"""Articles that wait, or do no more, as their indexes and the queries that use them both say it."""

from __future__ import annotations

from django.db.models import Q

from ..states import State

# SQLite takes a partial index only where a query repeats its condition, and knows an `OR` of
# parameters again but not an `IN`: these are written once, for index and query alike.
UNDECIDED = (Q(state=State.NEW) | Q(state=State.IN_REVIEW)) & Q(is_lead=True)
"""Leads that nobody has decided about: the queue and the backlog."""

QUEUE_DAYS = 14
"""After so many days an article that nobody decided about is backlog."""

WAITING = UNDECIDED & Q(is_backlog=False)
"""Those of them that nobody has put aside."""

TAKEN_OFF = Q(state=State.UNPUBLISHED) | Q(state=State.SPIKED) | Q(state=State.WITHDRAWN)
"""Articles that are no candidates for readers any more."""

LEFT_READERS = TAKEN_OFF & Q(is_lead=True, first_published_at__isnull=False)
"""Leads that readers knew and that are public no more."""

AWAITS_ADMISSION = Q(file_state=State.PUBLISHED, touched_at__isnull=True) & (
    Q(state=State.NEW) | Q(state=State.UNPUBLISHED)
)
"""Articles that their file wants published, while nobody here has acted."""
