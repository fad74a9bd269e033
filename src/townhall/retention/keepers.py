"""What retention is handed by the house: who keeps what, and how it is destroyed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime


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
class Keeper:
    """A keeping rule of a room.

    ``due`` gives the records whose keeping has ended by an instant. ``destroy_key`` makes one
    unreadable, or raises MayNotYet and changes nothing; ``delete`` then takes away every row of it,
    and says whether there was one. Both may be called again after a crash in between, and by two
    runs at once.
    """

    due: Callable[[datetime], Iterator[Due]]
    destroy_key: Callable[[Due], None]
    delete: Callable[[Due], bool]


_installed: list[Keeper] = []


def install(keepers: Sequence[Keeper]) -> None:
    """Hand the keepers down. `project/wiring.py` calls this once, when Django is ready."""
    _installed[:] = keepers


def installed() -> tuple[Keeper, ...]:
    """Give the keepers."""
    return tuple(_installed)
