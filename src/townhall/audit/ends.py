"""Where the chain ends, as far as this process knows: SQLite compares, PostgreSQL never asks."""

from typing import NamedTuple


class Last(NamedTuple):
    """The last row of the chain, as its head tells it."""

    number: int
    hash: str


END = "(SELECT number || ' ' || hash FROM audit_head WHERE id = 1)"
"""SQL of where the chain ends, to be read by another statement of a writer on SQLite, behind whom
nobody else adds a row; ``expect`` is told what it gave."""

KNOWN: list[Last | None] = [None]
"""The last row that this process added or was told of."""


def expect(end: str) -> None:
    """Take the chain to end where ``END`` said."""
    number, hash = end.split()
    KNOWN[0] = Last(int(number), hash)
