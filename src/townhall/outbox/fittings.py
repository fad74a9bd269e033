"""What the outbox is handed by the house: who handles what, the time, chance, and whom to tell."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Handler(Protocol):
    """Delivers one event to one subscriber.

    It is called with no transaction held. Returning means done; it raises an error of
    `outbox.errors` otherwise. It may be called again with the same `key`, and must then have one
    effect.
    """

    def __call__(self, subject: str, argument: str, *, key: str, at: datetime) -> None:
        """`subject`: the event's. `argument`: what follows the colon of the subscriber's name."""


def only_the_operator(subject: str) -> tuple[str, ...]:
    """Whom to tell of trouble with a subject, where nobody knows better."""
    return ("operator",)


def no_references(subjects: Sequence[str]) -> Mapping[str, str]:
    """The public references of subjects, where nobody knows any."""
    return {}


def uncounted(subscriber: str, outcome: str) -> None:
    """What happened to a delivery, where nobody counts."""


@dataclass(frozen=True)
class Fittings:
    """The plugs of `project/wiring.py`.

    `handlers`: name before the colon -> handler. `clock`: the aware time now. `jitter`: a number in
    [0, 1). `watchers`: subject -> names of those to tell of trouble with it; each is told through
    the handler `tell`, as `tell:NAME`, with an alarm's id for subject. `references`: subjects ->
    the references that people know them by. `counted`: is told of each try: the subscriber as
    `called` gives it, and how it ended (`done` or an error class). `name` and `release`: what this
    process calls itself, and its version.
    """

    handlers: Mapping[str, Handler]
    clock: Callable[[], datetime]
    jitter: Callable[[], float] = field(default=random.SystemRandom().random)
    watchers: Callable[[str], tuple[str, ...]] = only_the_operator
    references: Callable[[Sequence[str]], Mapping[str, str]] = no_references
    counted: Callable[[str, str], None] = uncounted
    name: str = "worker"
    release: str = ""


NAMED = re.compile(r"[a-z]+(:[A-Za-z][A-Za-z0-9_-]*)?", re.ASCII)


def called(subscriber: str) -> str:
    """What a log or a count may call a subscriber: a literal address is never in either."""
    plug = subscriber.partition(":")[0]
    return subscriber if NAMED.fullmatch(subscriber) else f"{plug}:literal"


_installed: list[Fittings] = []


def install(fittings: Fittings) -> None:
    """Hand the plugs down. `project/wiring.py` calls this once, when Django is ready."""
    _installed[:] = [fittings]


def installed() -> Fittings:
    """The plugs. Raises LookupError before `install`."""
    if not _installed:
        raise LookupError("project/wiring.py has not installed the outbox's fittings")
    return _installed[0]
