"""How often one client may ask: a rule without a clock, and a table for it that never grows."""

import struct
from array import array
from threading import Lock

MINUTE = 60_000_000_000
ROWS = 4
CELLS = 65_536
_packed = struct.Struct("<Q").pack
_parts = struct.Struct("<4H").unpack


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

    A client has a cell in each of four rows, each chosen by 16 bits of a hash, and has used what
    the least used of them says (a count-min sketch with conservative update). So nobody is let in
    beyond their allowance; and somebody is refused for what others do only if each of the four
    cells is shared with a client that is refused itself. No address or hash of one is kept.

    The hash is Python's own of bytes, SipHash, which is made for what a stranger may choose (PEP
    456). `secret` stands before it, so that it cannot be foreseen where PYTHONHASHSEED is set.
    """

    def __init__(self, secret: bytes, cells: int = CELLS) -> None:
        """Start with nobody having used anything; `secret` is 16 to 64 random bytes.

        ``cells`` of a row: a power of two, 65,536 at the most.
        """
        self._secret = secret
        self._rows = [array("q", bytes(8 * cells)) for _ in range(ROWS)]
        self._mask = sum(cells - 1 << 16 * row for row in range(ROWS))
        self._held = Lock()

    def take(self, client: bytes, now: int, a_minute: int) -> int:
        """Let one request in and give 0, or give the nanoseconds that this client has to wait."""
        first, second, third, fourth = self._rows
        one, two, three, four = _parts(_packed(hash(self._secret + client) & self._mask))
        # A loop over the rows takes twice as long, at every request.
        with self._held:
            a, b, c, d = first[one], second[two], third[three], fourth[four]
            due, wait = take(min(a, b, c, d), now, a_minute)
            if a < due:
                first[one] = due
            if b < due:
                second[two] = due
            if c < due:
                third[three] = due
            if d < due:
                fourth[four] = due
        return wait
