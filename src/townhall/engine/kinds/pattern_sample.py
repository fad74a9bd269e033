"""Makes a text that fits a pattern, so that an example need not type each reference number."""

import re

from townhall.engine.kinds.patterns import matches

_CLASSES: dict[str, str] = {"d": "1", "D": "A", "w": "A", "W": "-", "s": " ", "S": "A"}
_ENDS = {"n": "\n", "t": "\t", "b": "", "A": "", "z": ""}
_COUNTED = re.compile(r"\{(\d{1,3})(,\d{0,3})?\}")
_PREFERRED = "A1a5E0Z9z -./"
_DEPTH = 20
_LENGTH = 2_000


class _UnknownPiece(Exception):
    """A piece of pattern that this small reader does not know."""


def sample_of(pattern: str, low: int, high: int) -> str | None:
    """A text of `low` to `high` characters that fits, or None where none was found."""
    for extra in (0, low, 1, 2, 5):
        try:
            made = _Reader(pattern, extra).alternatives(0)
        except (_UnknownPiece, IndexError, ValueError):
            return None
        fits = low <= len(made) <= high and made == made.strip() and bool(made)
        if fits and made.isprintable() and matches(pattern, made):
            return made
    return None


class _Reader:
    """Reads a pattern left to right and writes the plainest text each piece allows."""

    def __init__(self, pattern: str, extra: int) -> None:
        self.pattern, self.extra, self.at = pattern, extra, 0

    def alternatives(self, depth: int) -> str:
        """The first branch; the others are read and dropped."""
        if depth > _DEPTH:
            raise _UnknownPiece
        made = self.sequence(depth)
        while self.peek() == "|":
            self.at += 1
            self.sequence(depth)
        return made

    def sequence(self, depth: int) -> str:
        made = ""
        while self.peek() not in ("", "|", ")"):
            made += self.repeated(self.piece(depth))
            if len(made) > _LENGTH:
                raise _UnknownPiece
        return made

    def piece(self, depth: int) -> str:
        char = self.take()
        if char == "(":
            return self.group(depth)
        if char == "[":
            return self.one_of()
        if char == "\\":
            return self.escaped()
        return {"^": "", "$": "", ".": "A"}.get(char, char)

    def group(self, depth: int) -> str:
        if self.peek() == "?":
            found = re.compile(r"\?(?:P?<\w+>|[imsU-]*:)").match(self.pattern, self.at)
            if found is None:
                raise _UnknownPiece
            self.at = found.end()
        made = self.alternatives(depth + 1)
        self.take()
        return made

    def escaped(self) -> str:
        char = self.take()
        if char in _CLASSES:
            return _CLASSES[char]
        if char in _ENDS:
            return _ENDS[char]
        if char.isalnum():
            raise _UnknownPiece
        return char

    def one_of(self) -> str:
        end = self.pattern.index("]", self.at + (2 if self.peek() == "^" else 1))
        while self.pattern[self.at : end].count("[:") > self.pattern[self.at : end].count(":]"):
            end = self.pattern.index("]", end + 1)
        inside = self.pattern[self.at : end]
        self.at = end + 1
        for char in _PREFERRED + inside:
            if matches(f"[{inside}]", char):
                return char
        raise _UnknownPiece

    def repeated(self, piece: str) -> str:
        char = self.peek()
        found = _COUNTED.match(self.pattern, self.at)
        if found:
            self.at = found.end()
            times = int(found[1])
            most = int(found[2][1:] or times + self.extra) if found[2] else times
            made = piece * min(most, max(times, self.extra))
        elif char and char in "*+?":
            self.at += 1
            made = piece * {"*": self.extra, "+": max(1, self.extra), "?": min(1, self.extra)}[char]
        else:
            return piece
        if self.peek() == "?":
            self.at += 1
        return made

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]
