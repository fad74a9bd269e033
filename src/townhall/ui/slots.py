"""Text with slots: drawn once with a mark where each value goes, and filled afterwards."""

from __future__ import annotations

import re
import secrets
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from sys import getsizeof
from typing import Generic, TypeVar

from markupsafe import Markup, escape

_MARK = f"th{secrets.token_hex(8)}"
_MARKS = re.compile(rf"{_MARK}x(\d+)x")
_SPECIAL = re.compile("[&<>'\"]").search
"""Finds what ``escape`` changes."""

MOST_BYTES = 16_000_000
"""Kept in all by one cache; beyond it the cache is begun again."""
# A page that sends back what somebody posted has as many slots as they please, so texts alone are
# no measure of it (tests/ui/test_shapes.py measures these).
SLOT = 350
KEY = 1_000


@dataclass(frozen=True)
class Slotted:
    """``texts`` stand around the slots, whose numbers are ``slots``; a slot may come twice."""

    texts: tuple[str, ...]
    slots: tuple[int, ...]

    def fill(self, values: Sequence[str]) -> str:
        """Put the values in, each escaped as Jinja escapes it: text is, Markup is not."""
        safe, parts = _all_escaped(values), self._apart.copy()
        parts[1::2] = [safe[slot] for slot in self.slots]
        return "".join(parts)

    @cached_property
    def _apart(self) -> list[str]:
        """The texts with a gap for each slot between them."""
        parts = [""] * (2 * len(self.slots) + 1)
        parts[::2] = self.texts
        return parts

    @property
    def size(self) -> int:
        """About how many bytes it takes with the key it is kept under, which grows as it does."""
        return KEY + sum(map(getsizeof, self.texts)) + SLOT * len(self.slots)


class Encoded:
    """The same in UTF-8, as it is sent: one curly quote would have all of a text copied twice."""

    def __init__(self, text: Slotted) -> None:
        """Encode it; ``size`` is about what it takes with its key."""
        self._apart, self._slots, self.size = [b""] * (2 * len(text.slots) + 1), text.slots, KEY
        self._apart[::2] = [one.encode() for one in text.texts]
        self.size += sum(map(getsizeof, self._apart)) + SLOT * len(text.slots)

    def fill(self, values: Sequence[str]) -> bytes:
        """Put the values in, each escaped as Jinja escapes it."""
        safe, parts = [value.encode() for value in _all_escaped(values)], self._apart.copy()
        parts[1::2] = [safe[slot] for slot in self._slots]
        return b"".join(parts)


def _all_escaped(values: Sequence[str]) -> Sequence[str]:
    """Most texts need no escaping, so all are looked through in one go."""
    special = _SPECIAL("".join([value for value in values if type(value) is not Markup]))
    return [_escaped(value) for value in values] if special else values


def _escaped(value: str) -> str:
    return value if type(value) is Markup or not _SPECIAL(value) else escape(value)


T = TypeVar("T", Slotted, Encoded)


class Kept(Generic[T]):
    """The texts kept by one process: a cache, never a record. It may be dropped at any time."""

    def __init__(self) -> None:
        """Begin with none; ``size`` is about how many bytes are kept."""
        self._kept: dict[Hashable, T] = {}
        self.size = 0

    def get(self, key: Hashable) -> T | None:
        """Give what is kept under a key."""
        return self._kept.get(key)

    def keep(self, key: Hashable, text: T) -> None:
        """Keep a text; where it would be too much, all others are dropped first."""
        if self.size + text.size > MOST_BYTES:
            self.forget()
        self._kept[key] = text
        self.size += text.size

    def forget(self) -> None:
        """Drop every text."""
        self._kept.clear()
        self.size = 0

    def __len__(self) -> int:
        """Count the texts that are kept."""
        return len(self._kept)


def mark(number: int) -> str:
    """Give what stands for a slot while the text is drawn: letters and digits, known to nobody."""
    return f"{_MARK}x{number}x"


def cut(drawn: str) -> Slotted:
    """Take a text that was drawn with marks apart."""
    pieces = _MARKS.split(drawn)
    return Slotted(tuple(pieces[::2]), tuple(map(int, pieces[1::2])))
