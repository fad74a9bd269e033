"""What submissions are handed by the house: the council's settings and its ways to send."""

from collections.abc import Callable
from dataclasses import dataclass

from townhall.engine.council import Council
from townhall.notify.senders import Senders


@dataclass(frozen=True)
class Fittings:
    """The plugs of `project/wiring.py`.

    ``council`` gives its settings as they are now; ``senders`` how messages leave.
    """

    council: Callable[[], Council]
    senders: Callable[[], Senders]


_installed: list[Fittings] = []


def install(fittings: Fittings) -> None:
    """Hand the plugs down. `project/wiring.py` calls this once, when Django is ready."""
    _installed[:] = [fittings]


def installed() -> Fittings:
    """The plugs. Raises LookupError before `install`."""
    if not _installed:
        raise LookupError("project/wiring.py has not installed the fittings of submissions")
    return _installed[0]
