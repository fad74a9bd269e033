"""How long a body is waited for: one look a second at all that are coming, no timer for each."""

from __future__ import annotations

import asyncio

from townhall.project.arrival import SLOWEST
from townhall.project.bodies import Body

BETWEEN_LOOKS = 1.0


class Wait:
    """Somebody who waits for a body: which task, since when, and whether it was ended."""

    __slots__ = ("began", "body", "late", "task")

    def __init__(self, body: Body, began: float) -> None:
        """Whoever calls it waits."""
        self.body, self.began, self.late = body, began, False
        self.task = asyncio.current_task()


class Patience:
    """Cancels whoever waits too long. Only the door's loop touches it.

    Only what has come buys more time: what is merely said to come would hold a place for minutes.
    """

    def __init__(self, seconds: float) -> None:
        """``seconds`` is how long a body may take that is short."""
        self._seconds, self._waiting, self._looks = seconds, set[Wait](), False

    def begin(self, body: Body) -> Wait:
        """Wait for a body from now on."""
        loop = asyncio.get_running_loop()
        wait = Wait(body, loop.time())
        self._waiting.add(wait)
        if not self._looks:
            self._looks = True
            loop.call_later(BETWEEN_LOOKS, self._look, loop)
        return wait

    def end(self, wait: Wait) -> None:
        """Wait no longer, whatever has come."""
        self._waiting.discard(wait)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        # First: were one not to be ended, the others would never be looked at again.
        self._looks = bool(self._waiting)
        if self._looks:
            loop.call_later(BETWEEN_LOOKS, self._look, loop)
        now = loop.time()
        for wait in self._waiting:
            allowed = self._seconds + wait.body.come / SLOWEST
            if now - wait.began > allowed and not wait.late and wait.task:
                wait.late = True
                wait.task.cancel()
