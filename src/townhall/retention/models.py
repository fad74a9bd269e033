"""What was deleted under which rule, and what could not be deleted yet. Never an answer."""

from typing import ClassVar

from django.db import models


class Purged(models.Model):
    """Something was deleted: what, when, and under which rule."""

    what = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    label = models.CharField(max_length=40, blank=True)
    service = models.CharField(max_length=80)
    rule = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        """A reference that is asked about is found."""

        indexes: ClassVar = [models.Index(fields=["label"], name="purged_label")]

    def __str__(self) -> str:
        """What was deleted."""
        return f"{self.what} {self.label or self.subject}"


class Overdue(models.Model):
    """Something is due to be deleted and may not be: its owner has to act first."""

    subject = models.CharField(primary_key=True, max_length=64)
    what = models.CharField(max_length=40)
    label = models.CharField(max_length=40, blank=True)
    service = models.CharField(max_length=80)
    rule = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    found_at = models.DateTimeField()
    why = models.CharField(max_length=200)
    owner = models.CharField(max_length=2_000)
    owner_email = models.CharField(max_length=2_000)

    def __str__(self) -> str:
        """What is overdue."""
        return f"{self.what} {self.label or self.subject}"


class LastRun(models.Model):
    """The latest retention run that came to its end: one row, which each run writes over."""

    at = models.DateTimeField()
    purged = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()
    scrubbed = models.BooleanField()

    def __str__(self) -> str:
        """When it was."""
        return f"{self.at:%Y-%m-%d %H:%M}"
