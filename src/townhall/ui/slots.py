"""Text with slots: drawn once with a mark where each value goes, and filled afterwards."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_MARK = f"th{secrets.token_hex(8)}"
_MARKS = re.compile(rf"{_MARK}x(\d+)x")


@dataclass(frozen=True)
class Slotted:
    """``texts`` stand around the slots, whose numbers are ``slots``; a slot may come twice."""

    texts: tuple[str, ...]
    slots: tuple[int, ...]

    def fill(self, values: Sequence[str]) -> Markup:
        """Put the values in, each escaped as Jinja escapes it: text is, Markup is not."""
        parts = [self.texts[0]]
        for slot, text in zip(self.slots, self.texts[1:], strict=True):
            parts += (escape(values[slot]), text)
        return Markup("".join(parts))  # noqa: S704 - drawn by our templates; every value is escaped

    @property
    def size(self) -> int:
        """How many characters it holds."""
        return sum(map(len, self.texts))


def mark(number: int) -> str:
    """Give what stands for a slot while the text is drawn: letters and digits, known to nobody."""
    return f"{_MARK}x{number}x"


def cut(drawn: str) -> Slotted:
    """Take a text that was drawn with marks apart."""
    pieces = _MARKS.split(drawn)
    return Slotted(tuple(pieces[::2]), tuple(map(int, pieces[1::2])))
