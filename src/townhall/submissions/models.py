"""Drafts and submissions: ids, times and sealed bytes. No answer stands here in clear."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from townhall.definitions.models import Version
from townhall.submissions.sealing import Wrapped, place


class Sealed(models.Model):
    """A record with a data key of its own, wrapped by a key from the environment.

    ``kind`` and the values of the fields in ``bound`` name its row to the encryption.
    """

    kind: ClassVar[str]
    bound: ClassVar[tuple[str, ...]]

    key_id = models.CharField(max_length=40, db_index=True)
    wrapped_key = models.BinaryField()

    class Meta:
        """Only a base."""

        abstract = True

    @property
    def place(self) -> bytes:
        """The associated data that binds its key, and what is sealed in it, to its row."""
        return place(self.kind, *(str(getattr(self, name)) for name in self.bound))

    @property
    def wrapped(self) -> Wrapped:
        """The data key as it is stored."""
        return Wrapped(self.key_id, bytes(self.wrapped_key))


class Submission(Sealed):
    """What was received, once and for all; ``draft`` makes receiving it twice impossible.

    The draft is named by its id alone, so that either may be deleted first.
    """

    kind = "submission"
    bound = ("id", "version_id", "reference")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    draft = models.UUIDField(unique=True)
    service = models.CharField(max_length=80)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=35)
    received_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        """An export reads a service in the order of receipt."""

        indexes: ClassVar = [
            models.Index(fields=["service", "received_at", "id"], name="submission_service")
        ]

    def __str__(self) -> str:
        """The reference."""
        return self.reference


class Milestone(models.Model):
    """Something that happened to a submission, from which its keeping may count (``closed``)."""

    # A constraint's index begins with it, which serves both; as below, where an index does.
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="milestones", db_index=False
    )
    event = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        """Each event happens once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "event"], name="milestone_once")
        ]

    def __str__(self) -> str:
        """The event's name."""
        return self.event


class Draft(Sealed):
    """The header of a draft. Its cookie's secret is stored as a hash only.

    ``active_at`` is when it was begun, extended or unlocked; a page saved while the draft was open
    counts too (``DraftPage.active_at``), so that saving a page takes one statement.
    """

    kind = "draft"
    bound = ("id", "version_id")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True)
    service = models.CharField(max_length=80)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    active_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    submission = models.OneToOneField(
        Submission, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    marks: str | None = None
    """What its pages were when it was read, for whoever reads it next; None where nobody asked."""

    class Meta:
        """Retention reads a version's drafts, oldest first."""

        indexes: ClassVar = [models.Index(fields=["version", "active_at"], name="draft_version")]

    def __str__(self) -> str:
        """The id."""
        return str(self.id)


class DraftPage(models.Model):
    """One page of a draft as last sent, for one item of a repeat or for none.

    ``revision`` rises through the whole draft: of two pages that ask one question, the newer wins.
    ``active_at`` is empty where the page came in after the idle limit: it is kept, and opens
    nothing.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="pages", db_index=False)
    page = models.CharField(max_length=80)
    item = models.CharField(max_length=40, blank=True)
    revision = models.PositiveIntegerField()
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()
    active_at = models.DateTimeField(null=True)

    class Meta:
        """A page has one row for each item."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "page", "item"], name="draft_page_once")
        ]

    def __str__(self) -> str:
        """The page's id."""
        return self.page


class Told(models.Model):
    """An acknowledgement that was sent, or may have been. A keyed mark stands for the address."""

    submission = models.UUIDField(primary_key=True)
    mark = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """The cap counts an address's latest."""

        indexes: ClassVar = [models.Index(fields=["mark", "at"], name="told_mark")]

    def __str__(self) -> str:
        """The submission's id."""
        return str(self.submission)
