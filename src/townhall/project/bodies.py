"""What is sent to us is held in memory until it is answered: so much at once, and no more.

The limits on how often one address may ask count what has arrived; this is about what has not yet.
"""

from __future__ import annotations

from typing import Self

# A page of answers is shorter than this, in any script, so it is never refused for what others
# send. With as many connections as there may be (web.CONNECTIONS) this comes to 25 MB,
OWN = 32_768
# and with what all of them share beyond it, to 65 MB a process: forty of the longest bodies.
SHARED = 40_000_000


class Room:
    """How much may still be held of all bodies together. Only the door's loop touches it."""

    def __init__(self, shared: int = SHARED, own: int = OWN) -> None:
        """Have room for ``own`` bytes of each body, and for ``shared`` beyond it of all."""
        self.left, self.own = shared, own

    def body(self) -> Body:
        """Hold a body for as long as the block in which it is used."""
        return Body(self)


class Body:
    """One body as it comes; of one that there is no room for, only how much has come is kept."""

    def __init__(self, room: Room) -> None:
        """Begin with nothing."""
        self.come, self.refused = 0, False
        self._room, self._beyond, self._held = room, 0, bytearray()

    def __enter__(self) -> Self:
        """Be held."""
        return self

    def __exit__(self, *_: object) -> None:
        """Be held no longer, whatever happened."""
        self.let_go()

    def add(self, piece: bytes) -> None:
        """Take in what has come."""
        self.come += len(piece)
        more = max(0, self.come - self._room.own) - self._beyond
        if more > self._room.left:
            self.refused = True
        if self.refused:
            self.let_go()
            return
        self._held += piece
        self._take(more)

    def whole(self) -> bytes:
        """Give it up as one; its room is taken until `let_go`."""
        held = bytes(self._held)
        self._held.clear()
        return held

    def let_go(self) -> None:
        """Give its room to others."""
        self._held.clear()
        self._take(-self._beyond)

    def _take(self, more: int) -> None:
        self._room.left -= more
        self._beyond += more
