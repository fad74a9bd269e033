"""What others may ask of retention: when it last ran, and how much is overdue."""

from datetime import datetime

from townhall.retention.models import LastRun, Overdue


def last_run() -> datetime | None:
    """When a run last came to its end; None where none ever has."""
    return LastRun.objects.values_list("at", flat=True).first()


def overdue() -> int:
    """How many records are due to be destroyed and wait for somebody to act."""
    return Overdue.objects.count()
