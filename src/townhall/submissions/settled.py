"""Nobody is told that a submission was received before it is on the disk (decision 17).

Whoever sent it has waited for that. Another tab, or another process, may see it in between.
"""

from __future__ import annotations

import uuid
from threading import Lock

from townhall.store.transactions import settle

MOST = 10_000


class Settled:
    """The submissions of which this process knows it, latest last."""

    def __init__(self, most: int = MOST) -> None:
        """Begin with none; ``most`` are remembered."""
        self._known: dict[uuid.UUID, None] = {}
        self._lock = Lock()
        self._most = most

    def note(self, submission: uuid.UUID) -> None:
        """Remember one that was waited for."""
        with self._lock:
            self._known[submission] = None
            if len(self._known) > self._most:
                del self._known[next(iter(self._known))]

    def make_sure(self, submission: uuid.UUID) -> None:
        """Wait for one that was read, unless that has been done.

        Raises OperationalError where it does not come to the disk.
        """
        if submission not in self._known:
            settle()
            self.note(submission)


SETTLED = Settled()
