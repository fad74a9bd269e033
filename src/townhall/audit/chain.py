"""The hash that ties each audit row to the one before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from json.encoder import encode_basestring_ascii
from typing import NamedTuple

START = "0" * 64


class Line(NamedTuple):
    """One audit row as plain values, with the hash of the row before and its own."""

    number: int
    at: str
    who: str
    what: str
    which: str
    reason: str
    detail: str
    before: str
    hash: str = ""


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and in what way."""

    number: int
    why: str


def hash_of(line: Line) -> str:
    """Give the SHA-256, in hex, of everything in a row but its own hash."""
    return hash_of_values(line.number, *line[1:-1])


def hash_of_values(number: int, *texts: str) -> str:
    """Give that of a row's values in their order, written as JSON writes a list, all ASCII."""
    return sha256(f"[{number}, {listed(*texts)}]".encode()).hexdigest()


def listed(*texts: str) -> str:
    """Write some of those values as they stand in that list."""
    return ", ".join(map(encode_basestring_ascii, texts))


def first_break(lines: Iterable[Line], last_number: int, last_hash: str) -> Break | None:
    """Find the first row that was changed, added or taken away; None when all rows are there.

    ``lines`` come in order of their numbers; the last number and hash are those the head recorded.
    """
    number, before = 0, START
    for line in lines:
        if line.number != number + 1:
            return Break(number + 1, "is missing")
        if line.before != before or line.hash != hash_of(line):
            return Break(line.number, "was changed")
        number, before = line.number, line.hash
    if (number, before) == (last_number, last_hash):
        return None
    return Break(
        number + 1, "is missing" if number < last_number else "is not the last one recorded"
    )
