"""What the source's engine finds where a question has no answer: a throw, nothing, or null.

A question passed over is unknown to the older engines, which throw; unless it stands in a section
of which some page was passed, whose missing member is undefined. A question left blank is null.
DEFRA's engines find null in every case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from townhall.engine.conditions import Condition, Not, Subject, Test
from townhall.importers.book import Asked, Book
from townhall.importers.logic import ALWAYS, NEVER, all_of, any_of, unanswered


class Standing(Protocol):
    """What is known of earlier answers at the place where a condition is read."""

    def visible(self, asked: Asked) -> bool:
        """Whether it can have been asked by then."""

    def met(self, asked: Asked) -> bool:
        """Whether it has surely been asked by then, if not answered."""


@dataclass(frozen=True)
class Gaps:
    """The gaps at one place."""

    book: Book
    standing: Standing

    @property
    def are_null(self) -> bool:
        """Whether every gap is null."""
        return self.book.form.gaps_are_null

    def answered(self, asked: Asked) -> Condition:
        """It has an answer."""
        if not self.standing.visible(asked):
            return NEVER
        if asked.required and self.standing.met(asked):
            return ALWAYS
        return Test(Subject(asked.id), "answered", "yes")

    def blank(self, asked: Asked) -> Condition:
        """It was asked, and left blank."""
        if asked.required:
            return NEVER
        return all_of(self._asked(asked), unanswered(Subject(asked.id)))

    def passed_over(self, asked: Asked) -> Condition:
        """It was not asked, in a section of which some other page was passed."""
        if self.standing.met(asked):
            return NEVER
        there = self.section_there(asked.key[0], asked)
        if not self.standing.visible(asked):
            return there
        return all_of(Test(Subject(asked.id), "not_asked", "yes"), there)

    def section_there(self, section: str, besides: Asked | None = None) -> Condition:
        """Some question of a section was asked, besides the one given."""
        found = [one for one in self.book.asked.values() if section and one.key[0] == section]
        return any_of(*(self._asked(one) for one in found if one is not besides))

    def null(self, asked: Asked) -> Condition:
        """It has no answer, for whatever reason."""
        if not self.standing.visible(asked):
            return ALWAYS
        if asked.required and self.standing.met(asked):
            return NEVER
        return unanswered(Subject(asked.id))

    def readable(self, asked: Asked) -> Condition:
        """A comparison with it does not throw."""
        if self.are_null:
            return ALWAYS
        return any_of(self._asked(asked), self.passed_over(asked))

    def _asked(self, asked: Asked) -> Condition:
        if not self.standing.visible(asked) or asked.repeated:
            return NEVER
        if self.standing.met(asked):
            return ALWAYS
        if asked.required:
            return Test(Subject(asked.id), "answered", "yes")
        return Not(Test(Subject(asked.id), "not_asked", "yes"))
