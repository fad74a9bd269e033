"""What a check is given: a loaded definition, and an index of where each question stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from townhall.engine.conditions import Condition, Named, Test, names, tests
from townhall.engine.council import Council
from townhall.engine.faults import Path
from townhall.engine.fees import FeeTables
from townhall.engine.kinds import AnyKind, kind_named
from townhall.engine.model import CHECK_ANSWERS, Content, Definition, Delivery, FeeLine, Page
from townhall.engine.question import Question
from townhall.proof.wordlists import spoken

Level = Literal["error", "note"]


@dataclass(frozen=True)
class Finding:
    """A fault before its line is known; ``path`` leads to the value in the definition's tree."""

    code: str
    path: Path
    message: str
    remedy: str
    level: Level = "error"


@dataclass(frozen=True)
class Place:
    """Where a question is asked: its page's number, its way in the tree, and its repeat if any."""

    question: Question
    page: int
    path: Path
    repeat: str = ""


@dataclass(frozen=True)
class Use:
    """One condition of a definition: where it stands, and the first page that is too late for it.

    A question on a page numbered ``before`` or higher is not yet answered when it is read.
    """

    condition: Condition
    path: Path
    before: int
    what: str
    repeat: str = ""


@dataclass(frozen=True)
class Case:
    """A definition to be proved, with the council it is for and London's date.

    ``memory`` is where reasoning that several checks share is kept, by the name of its module.
    """

    definition: Definition
    council: Council | None
    fees: FeeTables
    today: date
    asked_again: frozenset[str] = frozenset()
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages in file order."""
        return self.definition.pages

    @cached_property
    def page_numbers(self) -> dict[str, int]:
        """Each page's number by its id (the first, of two alike); check answers comes last."""
        numbers: dict[str, int] = {CHECK_ANSWERS: len(self.pages)}
        for number, page in enumerate(self.pages):
            numbers.setdefault(page.page, number)
        return numbers

    @cached_property
    def placed(self) -> tuple[Place, ...]:
        """Every question that takes an answer, in file order; a group gives way to its parts."""
        return tuple(self._placed())

    @cached_property
    def places(self) -> dict[str, tuple[Place, ...]]:
        """Every place of each question, by its id: several where it is asked again."""
        found: dict[str, tuple[Place, ...]] = {}
        for place in self.placed:
            found[place.question.id] = (*found.get(place.question.id, ()), place)
        return found

    def question(self, id: str) -> Question | None:
        """Give the question with this id, as its first place has it."""
        places = self.places.get(id)
        return places[0].question if places else None

    @cached_property
    def spoken(self) -> tuple[tuple[Path, str], ...]:
        """Every sentence that a resident may read, with the path that leads to it."""
        return tuple(spoken(self.definition))

    @cached_property
    def repeats(self) -> dict[str, int]:
        """The number of the last page of each repeat, by the repeat's id."""
        return {
            page.repeat.id: number
            for number, page in enumerate(self.pages)
            if page.repeat is not None
        }

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every condition of the definition, in file order."""
        return tuple(_uses(self.definition))

    def kind(self, question: Question) -> AnyKind:
        """Give the question's kind; the model has refused unknown ones."""
        kind = kind_named(question.type)
        if kind is None:
            raise LookupError(question.type)
        return kind

    def classes(self, question: Question) -> tuple[str, ...]:
        """Give the classes of data that an answer may hold: the author's, or else its kind's."""
        return question.personal or self.kind(question).classes(question)

    def expanded(self, condition: Condition) -> Iterator[Test]:
        """Walk every comparison in a condition, named conditions included, each once."""
        yield from tests(condition)
        for name in self._reached_names(condition):
            yield from tests(self.definition.conditions[name])

    def names_in(self, condition: Condition) -> list[str]:
        """Give the named conditions that a condition mentions, each once."""
        return self._reached_names(condition)

    def _reached_names(self, condition: Condition) -> list[str]:
        seen: list[str] = []
        waiting = list(names(condition))
        while waiting:
            name = waiting.pop()
            if name in seen or name not in self.definition.conditions:
                continue
            seen.append(name)
            waiting.extend(names(self.definition.conditions[name]))
        return seen

    def named(self, condition: Named) -> Condition | None:
        """Give what a named condition stands for, or None when no such name is given."""
        found: Condition | None = self.definition.conditions.get(condition.name)
        return found

    def _placed(self) -> Iterator[Place]:
        for number, page in enumerate(self.pages):
            repeat = page.repeat.id if page.repeat else ""
            path = ("pages", number, "questions")
            yield from _leaves(page.questions, number, path, repeat)


def _leaves(questions: tuple[Question, ...], page: int, path: Path, repeat: str) -> Iterator[Place]:
    for at, question in enumerate(questions):
        if question.questions:
            yield from _leaves(question.questions, page, (*path, at, "questions"), repeat)
        else:
            yield Place(question, page, (*path, at), repeat)


def _uses(definition: Definition) -> Iterator[Use]:
    for number, page in enumerate(definition.pages):
        yield from _page_uses(page, number)
    end = len(definition.pages)
    confirmed = definition.confirmation.content
    yield from _each(definition.fee, ("fee",), end, "This fee line")
    yield from _each(definition.deliver, ("deliver",), end, "This delivery")
    yield from _each(confirmed, ("confirmation", "content"), end, "This text at the end")
    yield from _each(definition.start, ("start",), 0, "This text on the start page")


def _each(
    parts: Sequence[FeeLine | Delivery | Content], path: Path, before: int, what: str
) -> Iterator[Use]:
    for at, part in enumerate(parts):
        if part.when is not None:
            yield Use(part.when, (*path, at, "when"), before, what)


def _page_uses(page: Page, number: int) -> Iterator[Use]:
    path: Path = ("pages", number)
    repeat = page.repeat.id if page.repeat else ""
    if page.when is not None:
        yield Use(page.when, (*path, "when"), number, f"The page `{page.page}`", repeat)
    for at, content in enumerate(page.content):
        if content.when is not None:
            what = f"This text on the page `{page.page}`"
            yield Use(content.when, (*path, "content", at, "when"), number, what, repeat)
    yield from _question_uses(page.questions, (*path, "questions"), number, repeat)
    for at, rule in enumerate(page.rules):
        yield Use(rule.require, (*path, "rules", at, "require"), number + 1, "This rule", repeat)
        if rule.when is not None:
            yield Use(rule.when, (*path, "rules", at, "when"), number + 1, "This rule", repeat)
    for at, branch in enumerate(page.next):
        if branch.when is not None:
            what = f"This way on from the page `{page.page}`"
            yield Use(branch.when, (*path, "next", at, "when"), number + 1, what, repeat)


def _question_uses(
    questions: tuple[Question, ...], path: Path, number: int, repeat: str
) -> Iterator[Use]:
    for at, question in enumerate(questions):
        here = (*path, at)
        if question.when is not None:
            what = f"The question `{question.id}`"
            yield Use(question.when, (*here, "when"), number, what, repeat)
        for n, option in enumerate(question.options):
            if option.when is not None:
                what = f"The option `{option.id}` of `{question.id}`"
                yield Use(option.when, (*here, "options", n, "when"), number, what, repeat)
        yield from _question_uses(question.questions, (*here, "questions"), number, repeat)
