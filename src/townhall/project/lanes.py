"""Threads for what machines ask: no page keeps a load balancer waiting, and none keeps a page.

Each such address has a thread, which asks the database by a connection of its own and soon gives
up; and whoever asks is answered in time, even where that thread hangs in the database for good.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread

from django.db import DEFAULT_DB_ALIAS, connections

from townhall.project.databases import hurried
from townhall.project.headers import HEADERS
from townhall.project.said import Said

log = logging.getLogger("townhall.door")


@dataclass(frozen=True)
class Bound:
    """In seconds: how long one statement may take, and one answer."""

    statement: int
    answer: float


# A load balancer asks every few seconds; Prometheus waits for ten.
READY = Bound(statement=2, answer=3.0)
METRICS = Bound(statement=4, answer=9.0)


class Lane:
    """One thread that answers one question at a time; the others wait their turn, and no longer."""

    def __init__(self, name: str, bound: Bound, too_late: bytes = b"") -> None:
        """``too_late`` is the body of the 503 to whoever was not answered in time."""
        self._bound, self._turn = bound, asyncio.Lock()
        self._asked: SimpleQueue[tuple[Callable[[], Said], Future[Said]]] = SimpleQueue()
        kind = "application/json" if too_late else "text/plain; charset=utf-8"
        self._too_late = Said(503, [*HEADERS.items(), ("Content-Type", kind)], too_late)
        Thread(target=self._work, name=name, daemon=True).start()

    async def ask(self, made: Callable[[], Said]) -> Said:
        """Have the thread make an answer; where it is not made in time, say so.

        At most one question is in the thread's hands, so that none pile up behind one that hangs.
        """
        try:
            async with asyncio.timeout(self._bound.answer):
                await self._turn.acquire()
                answer: Future[Said] = Future()
                waiting = asyncio.wrap_future(answer)
                waiting.add_done_callback(lambda _: self._turn.release())
                self._asked.put((made, answer))
                # Whoever asked may give up; the turn is over when the thread is free.
                return await asyncio.shield(waiting)
        except TimeoutError:
            return self._too_late

    def _work(self) -> None:
        _hurry(self._bound.statement)
        while True:
            made, answer = self._asked.get()
            try:
                answer.set_result(made())
            except Exception:
                log.exception("a request was not answered")
                answer.set_result(Said(500, [], b""))


def _hurry(seconds: int) -> None:
    """Give this thread a connection to the database that soon gives up."""
    mine = connections[DEFAULT_DB_ALIAS].copy()
    mine.settings_dict = hurried(mine.settings_dict, seconds)
    connections[DEFAULT_DB_ALIAS] = mine
