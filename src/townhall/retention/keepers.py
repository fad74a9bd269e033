"""What retention is handed by the house: who keeps what, and how it is destroyed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class Due:
    """One record whose keeping has ended; ``label`` is what people call it (a reference)."""

    what: str
    subject: str
    service: str
    rule: str
    at: datetime
    label: str = ""
    owner: str = ""
    owner_email: str = ""


class MayNotYet(Exception):
    """A record may not be destroyed yet; the message says why, without ids or answers."""


@dataclass(frozen=True)
class Happened:
    """An event from which keeping counts, the day it happened, and the records it happened to."""

    event: str
    on: date
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Noted:
    """An event as it stands for one record; ``new`` is False where it had been noted before.

    ``due`` is when the record's keeping then ends; None where it never does.
    """

    label: str
    on: date
    new: bool
    due: datetime | None


class CannotNote(Exception):
    """An event was noted for none of the records; the message says why, a line each."""


@dataclass(frozen=True)
class Waiting:
    """So many records that count from an event nobody has noted, though they are older than what
    they would be kept for after it.
    """

    service: str
    rule: str
    event: str
    count: int


class Note(Protocol):
    """Notes an event for all the records or none, with why; raises CannotNote."""

    def __call__(
        self, happened: Happened, *, by: str, reason: str, at: datetime
    ) -> Sequence[Noted]:
        """Note it, and give how it stands for each."""


def _nobody(at: datetime) -> Iterator[Waiting]:
    return iter(())


@dataclass(frozen=True)
class Keeper:
    """A keeping rule of a room.

    ``due`` gives the records whose keeping has ended by an instant. ``destroy_key`` makes one
    unreadable, or raises MayNotYet and changes nothing; ``delete`` then takes away every row of it,
    and says whether there was one. Both may be called again after a crash in between, and by two
    runs at once. ``note`` notes an event that its records' keeping counts from, where it has any,
    and ``waiting`` counts those which have waited long for one.
    """

    due: Callable[[datetime], Iterator[Due]]
    destroy_key: Callable[[Due], None]
    delete: Callable[[Due], bool]
    note: Note | None = None
    waiting: Callable[[datetime], Iterator[Waiting]] = _nobody


_installed: list[Keeper] = []


def install(keepers: Sequence[Keeper]) -> None:
    """Hand the keepers down. `project/wiring.py` calls this once, when Django is ready."""
    _installed[:] = keepers


def installed() -> tuple[Keeper, ...]:
    """Give the keepers."""
    return tuple(_installed)
