"""Versions that never change, what is live now, and the list of decisions that made it so."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Immutable(Exception):
    """Someone tried to change or delete a published version or a decision."""


class KeptQuerySet(models.QuerySet[Any]):
    """Reads and adds; refuses the rest."""

    def update(self, **kwargs: Any) -> int:
        """Refuse."""
        raise Immutable("what was published stays as it was")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise Immutable("what was published stays as it was")


class Version(models.Model):
    """A definition as it was published: its canonical JSON, named by the SHA-256 of it.

    ``text`` is the whole service in plain words, as it was shown to whoever published it. The
    database itself refuses a change.
    """

    hash = models.CharField(primary_key=True, max_length=64)
    service = models.CharField(max_length=80, db_index=True)
    canonical = models.BinaryField()
    text = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)

    objects = KeptQuerySet.as_manager()

    def __str__(self) -> str:
        """The service and the start of the hash."""
        return f"{self.service} {self.hash[:12]}"


class Service(models.Model):
    """One service as it stands: its latest version, and how many have been received.

    ``received`` counts since ``opens`` (the live version's ``available.from``); ``limit`` is the
    live version's. Both stand here so that one statement can count and refuse (``take_place``).
    """

    slug = models.CharField(primary_key=True, max_length=80)
    live = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.BooleanField(default=False)
    limit = models.PositiveIntegerField(null=True)
    opens = models.DateField(null=True)
    received = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        """The slug."""
        return self.slug


class Decision(models.Model):
    """Somebody published or withdrew a service; never changed.

    ``version`` is what was published or withdrawn. With ``stops_drafts`` nobody goes on with a
    draft on it, and it can never be published again; ``reason`` is told to the people it stops.
    """

    class Kind(models.TextChoices):
        """What was decided."""

        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    service = models.CharField(max_length=80)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    stops_drafts = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    objects = KeptQuerySet.as_manager()

    class Meta:
        """A service's decisions are read in order."""

        indexes: ClassVar = [models.Index(fields=["service", "id"], name="decision_service")]

    def __str__(self) -> str:
        """What was decided about which service."""
        return f"{self.service} {self.kind}"
