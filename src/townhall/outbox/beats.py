"""A worker's heartbeat: a row that it keeps fresh while it lives and takes away when it stops."""

import uuid
from datetime import datetime, timedelta

from townhall.outbox.models import Heartbeat

FORGOTTEN = timedelta(days=7)
"""How long the row of a worker that died stays, so that somebody can see that it did."""


def beat(worker: uuid.UUID, *, name: str, release: str, at: datetime) -> None:
    """Say that this worker lives. The first time, the rows of those long dead go."""
    if Heartbeat.objects.filter(pk=worker).update(at=at):
        return
    Heartbeat.objects.filter(at__lt=at - FORGOTTEN).delete()
    Heartbeat.objects.create(pk=worker, name=name, release=release, started_at=at, at=at)


def leave(worker: uuid.UUID) -> None:
    """Say that this worker has stopped in good order."""
    Heartbeat.objects.filter(pk=worker).delete()
