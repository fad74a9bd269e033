"""A clock that a test moves, and fittings with handlers that a test scripts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from townhall.outbox import actions
from townhall.outbox.fittings import Fittings, install
from townhall.outbox.models import Delivery

START = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """The time, moved by hand."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class Far:
    """A handler that records its calls and does as it is told."""

    calls: list[tuple[str, str, str]] = field(default_factory=list)
    does: Callable[[], None] = lambda: None

    def __call__(self, subject: str, argument: str, *, key: str, at: datetime) -> None:
        self.calls.append((subject, argument, key))
        self.does()

    def fails_with(self, error: Exception) -> None:
        def fail() -> None:
            raise error

        self.does = fail

    def works(self) -> None:
        self.does = lambda: None


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def far() -> Far:
    return Far()


@pytest.fixture
def teller() -> Far:
    return Far()


@pytest.fixture
def fittings(clock: Clock, far: Far, teller: Far) -> Fittings:
    made = Fittings(
        handlers={"deliver": far, "acknowledge": far, "tell": teller},
        clock=clock,
        jitter=lambda: 0.5,
        references=lambda subjects: {subject: f"REF-{subject}" for subject in subjects},
    )
    install(made)
    return made


def put(subject: str, *subscribers: str, at: datetime = START) -> list[Delivery]:
    """Add an event and give its deliveries."""
    with transaction.atomic():
        event = actions.add("submission.received", subject, subscribers or ("deliver:a",), at=at)
    return list(Delivery.objects.filter(event=event).order_by("pk"))


def again(delivery: Delivery) -> Delivery:
    """The row as it is now."""
    return Delivery.objects.get(pk=delivery.pk)
