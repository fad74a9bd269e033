"""How often one client may ask: a rule without a clock, and a table for it that never grows."""

import struct
from array import array
from hashlib import blake2b
from threading import Lock

MINUTE = 60_000_000_000
ROWS = 4
CELLS = 65_536
_NUMBERS = struct.Struct(f"<{ROWS}I").unpack


def take(due: int, now: int, a_minute: int) -> tuple[int, int]:
    """Ask for one of `a_minute` requests; all of them may come at once. Times are nanoseconds.

    `due` is when the client's allowance will be whole again. Gives what `due` becomes, and how long
    to wait: 0 where the request is let in. This is the generic cell rate algorithm as a virtual
    schedule (ITU-T I.371, annex A).
    """
    after = (due if due > now else now) + MINUTE // a_minute
    return (due, after - now - MINUTE) if after - now > MINUTE else (after, 0)


class Table:
    """What every client has used, in 2 MB however many there are.

    A client has a cell in each of four rows, chosen by a hash with `secret` as its key, and has
    used what the least used of them says (a count-min sketch with conservative update). So nobody
    is let in beyond their allowance; and somebody is refused for what others do only if each of the
    four cells is shared with a client that is refused itself. No address or hash of one is kept.
    """

    def __init__(self, secret: bytes, cells: int = CELLS) -> None:
        """Start with nobody having used anything; `secret` is 16 to 64 random bytes."""
        self._secret = secret
        self._width = cells
        self._rows = [row * cells for row in range(ROWS)]
        self._due = array("q", bytes(8 * ROWS * cells))
        self._held = Lock()

    def take(self, client: bytes, now: int, a_minute: int) -> int:
        """Let one request in and give 0, or give the nanoseconds that this client has to wait."""
        digest = blake2b(client, digest_size=4 * ROWS, key=self._secret).digest()
        width, used = self._width, self._due
        cells = [
            start + number % width
            for start, number in zip(self._rows, _NUMBERS(digest), strict=True)
        ]
        with self._held:
            due, wait = take(min([used[cell] for cell in cells]), now, a_minute)
            for cell in cells:
                if used[cell] < due:
                    used[cell] = due
        return wait
