"""The source's conditions as a tree, and a reader for those it keeps as expr-eval strings.

The grammar is the part of expr-eval 2 that a form can use: comparisons, ``in``, ``and``, ``or``,
``not``, ``length()`` and the relative dates. Nothing is ever evaluated from text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_LENGTH = 20_000
MAX_DEPTH = 60


@dataclass(frozen=True)
class Relative:
    """A date or time so many units from now; a negative count is in the past."""

    count: float
    unit: str


Literal = str | float | bool | Relative


@dataclass(frozen=True)
class Compare:
    """A field against a value, typed as JavaScript is: ``==``, ``!=``, ``<`` and so on."""

    field: str
    operator: str
    value: Literal


@dataclass(frozen=True)
class Contains:
    """Whether a field that holds several values has this one among them."""

    field: str
    value: Literal


@dataclass(frozen=True)
class Length:
    """The length of a field's text against a number."""

    field: str
    operator: str
    value: float


@dataclass(frozen=True)
class Name:
    """A field, or another condition, by its name alone."""

    name: str


@dataclass(frozen=True)
class Both:
    """True when every part is, read from the left."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Either:
    """True when some part is, read from the left."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Inverse:
    """Ordinary negation."""

    part: Expression


@dataclass(frozen=True)
class Constant:
    """True or false whatever was answered."""

    value: bool


Expression = Compare | Contains | Length | Name | Both | Either | Inverse | Constant


class Unreadable(ValueError):
    """A condition that the reader does not understand; the message says which part."""


_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<word>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$-]*)*)|(?P<sign>==|!=|>=|<=|[<>()!,+-]))"
)
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_COMPARISONS = frozenset(_FLIPPED)


def read_expression(text: str) -> Expression:
    """Read an expr-eval string. Raises Unreadable for anything outside the grammar."""
    if len(text) > MAX_LENGTH:
        raise Unreadable("the expression is too long")
    reader = _Reader(_tokens(text))
    found = reader.either(0)
    if reader.peek() is not None:
        raise Unreadable(f"`{reader.peek()}` is not expected there")
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise Unreadable(f"`{text[at : at + 20].strip()}` is not understood")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._at = tokens, 0

    def peek(self) -> str | None:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise Unreadable("the expression ends too soon")
        self._at += 1
        return self._tokens[self._at - 1]

    def _skip(self, sign: str) -> None:
        if self._take()[1] != sign:
            raise Unreadable(f"`{sign}` is missing")

    def either(self, depth: int) -> Expression:
        parts = [self._both(depth)]
        while self.peek() == "or":
            self._take()
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self, depth: int) -> Expression:
        parts = [self._comparison(depth)]
        while self.peek() == "and":
            self._take()
            parts.append(self._comparison(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _comparison(self, depth: int) -> Expression:
        left = self._factor(depth)
        sign = self.peek()
        if sign in _COMPARISONS:
            self._take()
            return _compared(left, str(sign), self._factor(depth))
        if sign == "in":
            self._take()
            return _contained(left, self._factor(depth))
        return _truth(left)

    def _factor(self, depth: int) -> Expression | Literal | _Measured:
        if depth > MAX_DEPTH:
            raise Unreadable("the expression is nested too deep")
        kind, text = self._take()
        if text in ("not", "!"):
            return Inverse(_truth(self._factor(depth + 1)))
        if text == "(":
            inner = self.either(depth + 1)
            self._skip(")")
            return inner
        if text == "-":
            return -_number(self._factor(depth + 1))
        if kind == "number":
            return float(text)
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        return self._word(text, depth)

    def _word(self, text: str, depth: int) -> Expression | Literal | _Measured:
        if text in ("true", "false"):
            return text == "true"
        if self.peek() != "(":
            if not re.match(r"[A-Za-z_$]", text):
                raise Unreadable(f"`{text}` is not expected there")
            return Name(text)
        return self._call(text, depth)

    def _call(self, function: str, depth: int) -> Relative | _Measured:
        self._skip("(")
        first = self._factor(depth + 1)
        if function == "length" and isinstance(first, Name):
            self._skip(")")
            return _Measured(first.name)
        if function not in ("dateForComparison", "timeForComparison"):
            raise Unreadable(f"`{function}` is not a function we know")
        self._skip(",")
        unit = self._factor(depth + 1)
        self._skip(")")
        return Relative(_number(first), str(unit))


@dataclass(frozen=True)
class _Measured:
    field: str


def _number(value: object) -> float:
    if isinstance(value, float):
        return value
    raise Unreadable("a number is expected")


def _truth(value: object) -> Expression:
    if isinstance(value, bool):
        return Constant(value)
    if isinstance(value, Compare | Contains | Length | Name | Both | Either | Inverse | Constant):
        return value
    raise Unreadable("a comparison is expected")


def _compared(left: object, sign: str, right: object) -> Expression:
    if not isinstance(left, Name | _Measured):
        left, right, sign = right, left, _FLIPPED[sign]
    if isinstance(left, _Measured):
        return Length(left.field, sign, _number(right))
    if isinstance(left, Name) and isinstance(right, str | float | bool | Relative):
        return Compare(left.name, sign, right)
    raise Unreadable("only a question can be compared with a value")


def _contained(left: object, right: object) -> Expression:
    if isinstance(right, Name) and isinstance(left, str | float | bool):
        return Contains(right.name, left)
    raise Unreadable("`in` needs a value and a question")
