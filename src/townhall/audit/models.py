"""The audit rows and the head of their chain. No row ever holds an answer."""

from __future__ import annotations

from datetime import UTC
from typing import Any, ClassVar

from django.db import models

from townhall.audit.chain import START, Line


class AppendOnly(Exception):
    """Someone tried to change or delete a row that stays as it was written."""


class AppendOnlyQuerySet(models.QuerySet["Entry"]):
    """Reads and adds; refuses the rest."""

    def update(self, **kwargs: Any) -> int:
        """Refuse."""
        raise AppendOnly("an audit row is never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise AppendOnly("an audit row is never deleted")


class Head(models.Model):
    """The last number and hash: one row, locked by whoever adds an entry."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=START)

    def __str__(self) -> str:
        """The last number."""
        return str(self.number)


class Entry(models.Model):
    """One thing that somebody did: who, what, to which record, when and why.

    The database itself refuses to change a row (and, on PostgreSQL, to delete one).
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    who = models.CharField(max_length=150)
    what = models.CharField(max_length=60)
    which = models.CharField(max_length=150)
    reason = models.CharField(max_length=500, blank=True)
    detail = models.TextField(blank=True)
    before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        """A record's history is found by its id."""

        indexes: ClassVar = [models.Index(fields=["which"], name="audit_which")]

    def __str__(self) -> str:
        """Say what happened, in a line."""
        return f"{self.number} {self.at:%Y-%m-%d %H:%M} {self.who} {self.what} {self.which}"

    @property
    def line(self) -> Line:
        """The row as the plain values that its hash covers."""
        return Line(
            number=self.number,
            at=self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            who=self.who,
            what=self.what,
            which=self.which,
            reason=self.reason,
            detail=self.detail,
            before=self.before,
            hash=self.hash,
        )
