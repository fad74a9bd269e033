"""What the runner is handed by the house: the time, the council's settings and its prices."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from townhall.engine.council import Council
from townhall.engine.fees import FeeTables


def uncounted(what: str, service: str) -> None:
    """Something happened with a service, where nobody counts."""


def new_mark() -> str:
    """Six signs by which an item that is added differs from any other."""
    return secrets.token_hex(3)


@dataclass(frozen=True)
class Fittings:
    """The plugs of `project/wiring.py`: ``clock`` gives the aware time now.

    ``counted`` is told of each draft that was "begun" and each submission that was "received".
    ``mark`` gives an item that is added its mark (``engine.answers.marked``).
    """

    clock: Callable[[], datetime]
    council: Callable[[], Council]
    fees: Callable[[], FeeTables]
    counted: Callable[[str, str], None] = uncounted
    mark: Callable[[], str] = new_mark


_installed: list[Fittings] = []


def install(fittings: Fittings) -> None:
    """Hand the plugs down. `project/wiring.py` calls this once, when Django is ready."""
    _installed[:] = [fittings]


def installed() -> Fittings:
    """The plugs. Raises LookupError before `install`."""
    if not _installed:
        raise LookupError("project/wiring.py has not installed the runner's fittings")
    return _installed[0]
