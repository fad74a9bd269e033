"""`/health/live` and `/health/ready`: for a load balancer: whether to send people here.

They answer under any host name and without TLS, as whoever asks stands beside us, and they tell
a stranger nothing but these words: `database`, `migrations`, `keys`, `stopping`.
"""

import logging
import threading
import time
from pathlib import Path

from django.conf import settings
from django.db import Error, ProgrammingError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from townhall.project import tables
from townhall.submissions import keys
from townhall.submissions.sealing import BadKeys

log = logging.getLogger("townhall.health")

ASKED = ("GET", "HEAD")
# However often anyone asks, the database is asked once in this many seconds by each process.
KEPT_FOR = 1.0


def live(request: HttpRequest) -> HttpResponse:
    """Answer that this process answers; nothing else is looked at."""
    if request.method not in ASKED:
        return HttpResponseNotAllowed(ASKED)
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 with `[]`, or 503 with what is not ready."""
    if request.method not in ASKED:
        return HttpResponseNotAllowed(ASKED)
    lacking = (["stopping"] if is_stopping() else []) + _looked.lacking()
    return JsonResponse(lacking, safe=False, status=503 if lacking else 200)


def is_stopping() -> bool:
    """Whether the server that this process belongs to was asked to stop (see `web.py`)."""
    return bool(settings.STOPPING) and Path(settings.STOPPING).exists()


def not_ready() -> list[str]:
    """Look at the database and the keys; give what is lacking, most serious first."""
    found = _database()
    try:
        keys.ring()
    except BadKeys:
        found.append("keys")
    return found


def _database() -> list[str]:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = tables.wanted() - tables.made()
    except Error as fault:
        if _is_no_table(fault):
            return ["migrations"]
        log.warning("the database does not answer", extra={"error": type(fault).__name__})
        return ["database"]
    return ["migrations"] if missing else []


def _is_no_table(fault: Error) -> bool:
    """Whether there is no such table, and not that it could not be read in time."""
    return isinstance(fault, ProgrammingError) or "no such table" in str(fault)


class _Looked:
    """What was found when this process last looked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Have the next question looked into afresh."""
        self._until = 0.0
        self._lacking: list[str] = []

    def lacking(self) -> list[str]:
        """Give what was found, looking again where that is too long ago."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._lacking = not_ready()
                self._until = time.monotonic() + KEPT_FOR
            return list(self._lacking)


_looked = _Looked()
