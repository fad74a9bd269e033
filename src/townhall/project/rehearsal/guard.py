"""Refuses every connection of a rehearsal's process but those to the rehearsal itself.

Its settings already lead every message to the stand-in. This is for what does not ask them: a
part added later, a library's own call home. It sees what Python's sockets do (PEP 578), so it
cannot be gone round by any code of ours.
"""

import ipaddress
import logging
import sys
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from townhall.notify import standin_address

log = logging.getLogger("townhall.rehearsal")

Door = tuple[str, int]
TO_AN_ADDRESS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
OF_A_NAME = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
OF_A_NUMBER = frozenset({"socket.gethostbyaddr", "socket.getnameinfo"})
WATCHED = TO_AN_ADDRESS | OF_A_NAME | OF_A_NUMBER
HERE = ("127.0.0.1", "::1")

_own: set[Door] = set()


class RefusedInRehearsal(PermissionError):
    """A connection out of a rehearsal."""


def allow(host: str, port: int) -> None:
    """Let this process reach pages that the rehearsal itself serves."""
    _own.update((name, port) for name in (host, *HERE))


def stand_guard(data: Path) -> None:
    """Refuse from now on and for good, but for the stand-in that files in ``data``."""
    sys.addaudithook(partial(_refuse, lambda: _own | standin_address.doors(data)))


def is_outside(event: str, arguments: tuple[object, ...], doors: Collection[Door]) -> bool:
    """Whether an audit event is a step towards anything that is not one of ``doors``."""
    if event in TO_AN_ADDRESS:
        address = arguments[1]
        # Without an address it is sent where the socket was connected to, which was looked at.
        return address is not None and not _is_door(address, doors)
    if event in OF_A_NUMBER:
        return arguments[0] not in HERE
    return event in OF_A_NAME and not _is_plain(arguments[0], doors)


def _refuse(doors: Callable[[], Collection[Door]], event: str, given: tuple[object, ...]) -> None:
    if event in WATCHED and is_outside(event, given, doors()):
        log.error("a rehearsal refused to reach out: %s", event)
        raise RefusedInRehearsal("a rehearsal reaches nothing but its own stand-in")


def _is_door(address: object, doors: Collection[Door]) -> bool:
    return isinstance(address, tuple) and address[:2] in doors


def _is_plain(name: object, doors: Collection[Door]) -> bool:
    """Whether nobody has to be asked what a name stands for."""
    if name is None or name in {"", "localhost", *(host for host, _ in doors)}:
        return True
    try:
        ipaddress.ip_address(str(name))
    except ValueError:
        return False
    return True
