"""The answers that stand on the route so far: all that a condition, a rule or a limit may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Values = Mapping[str, Any]
_NO_ANSWER = object()


@dataclass(eq=False, slots=True)
class Scope(Mapping[str, Any]):
    """The answers that stand on the route so far, which is all that a condition may see.

    ``given`` holds the answers outside repeats, ``asked`` the questions asked, ``repeats`` the
    finished items of each repeat that was asked. Inside an item ``inner`` holds that item's own
    answers and ``number`` counts from 1. Only the walk that made it adds to it, and only to
    ``given`` and ``asked``: it puts a new ``repeats`` or ``inner`` in place of the old.
    """

    given: dict[str, Any] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    repeats: Mapping[str, list[Values]] = field(default_factory=dict)
    inner: Mapping[str, Any] | None = None
    number: int | None = None

    def get(self, question: str, default: Any = None) -> Any:
        """Give a question's value, or the default where there is *no answer*."""
        if self.inner is not None and question in self.inner:
            return self.inner[question]
        if question == "item.number" and self.number is not None:
            return self.number
        return self.given.get(question, default)

    def __getitem__(self, question: str) -> Any:
        """Give a question's value; KeyError (None from ``get``) is *no answer*."""
        found = self.get(question, _NO_ANSWER)
        if found is _NO_ANSWER:
            raise KeyError(question)
        return found

    def __iter__(self) -> Iterator[str]:
        """Walk the ids of the questions that have an answer."""
        yield from {**self.given, **(self.inner or {})}

    def __len__(self) -> int:
        """Count the questions that have an answer."""
        return len({**self.given, **(self.inner or {})})

    def inside(self, number: int) -> Scope:
        """Give the scope of one item: it sees all that stands outside, and its own answers."""
        return Scope(self.given, set(self.asked), self.repeats, {}, number)

    def with_page(self, values: Values) -> Scope:
        """Give the scope as it would be with one more page's answers (for its own rules)."""
        if self.inner is None:
            return Scope({**self.given, **values}, self.asked, self.repeats)
        merged = {**self.inner, **values}
        return Scope(self.given, self.asked, self.repeats, merged, self.number)
