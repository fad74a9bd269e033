"""Events and their deliveries, one row for each subscriber. They hold ids only, never an answer."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Where a delivery stands. The first two are open; `done` and `discarded` are the ends."""

    WAITING = "waiting", "Waiting"
    LEASED = "leased", "Being delivered"
    DEAD = "dead", "Dead"
    DONE = "done", "Delivered"
    DISCARDED = "discarded", "Discarded"


OPEN = (State.WAITING, State.LEASED)
UNFINISHED = (State.WAITING, State.LEASED, State.DEAD)


class Event(models.Model):
    """Something that happened, written in the same transaction as its cause."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """A subject's events are found by its id."""

        indexes: ClassVar = [models.Index(fields=["subject"], name="event_subject")]

    def __str__(self) -> str:
        """The name and the subject's id."""
        return f"{self.name} {self.subject}"


class Alarm(models.Model):
    """One telling of people that deliveries are in trouble."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    watcher = models.CharField(max_length=500)
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Who is told."""
        return self.watcher


class Heartbeat(models.Model):
    """A worker at work, and when it was last heard from. One that stops in good order takes its row
    away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    release = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Which worker."""
        return self.name


class Delivery(models.Model):
    """One event for one subscriber. `next_at` is when it may be claimed: its next try, or its
    lease's end.
    """

    id = models.BigAutoField(primary_key=True)
    # The index of `delivery_once` begins with it.
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    subscriber = models.CharField(max_length=500)
    subject = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_token = models.CharField(max_length=32, blank=True, default="")
    error_class = models.CharField(max_length=60, blank=True, default="")
    first_tried_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    alarms = models.ManyToManyField(Alarm, related_name="deliveries", blank=True)

    class Meta:
        """Partial indexes keep the worker's questions quick however many deliveries are done."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="delivery_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="delivery_open", condition=Q(state__in=OPEN)),
            models.Index(fields=["next_at"], name="delivery_due", condition=Q(state__in=OPEN)),
            models.Index(
                fields=["subscriber", "next_at"],
                name="delivery_leased",
                condition=Q(state="leased"),
            ),
            models.Index(
                fields=["subject", "subscriber", "id"],
                name="delivery_unfinished",
                condition=Q(state__in=UNFINISHED),
            ),
            models.Index(fields=["subject"], name="delivery_subject"),
        ]

    def __str__(self) -> str:
        """The number and the subscriber."""
        return f"{self.pk} {self.subscriber}"

    @property
    def key(self) -> str:
        """The idempotency key: the same at every try of this delivery, and of no other."""
        return str(uuid.uuid5(self.event_id, self.subscriber))

    @property
    def plug(self) -> str:
        """The handler's name: `deliver` of `deliver:pests-inbox`."""
        return self.subscriber.partition(":")[0]

    @property
    def argument(self) -> str:
        """What the handler is given: `pests-inbox` of `deliver:pests-inbox`."""
        return self.subscriber.partition(":")[2]
