"""A definition made ready to run: indexed, and with the right side of every condition typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from townhall.engine import conditions
from townhall.engine.conditions import Condition, Test
from townhall.engine.deciding import Decider, Decision
from townhall.engine.faults import Fault, InvalidDefinition, Path, Place
from townhall.engine.kinds import KINDS, AnyKind
from townhall.engine.load import canonical, version_of
from townhall.engine.model import Definition, Page
from townhall.engine.question import Question, Repeat, leaves
from townhall.engine.ready import ReadyLoop, ReadyPage, ready_page
from townhall.engine.typing_operands import Operand, Typist


@dataclass(frozen=True)
class Loop:
    """Contiguous pages that are asked once for each item of a repeat."""

    repeat: Repeat
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Form:
    """A service ready to be asked questions; immutable, and safe to share between threads."""

    definition: Definition
    version: str
    pages_by_id: dict[str, Page]
    segments: tuple[Page | Loop, ...]
    loops: dict[str, Loop]
    questions: dict[str, Question]
    leaves_of: dict[str, tuple[Question, ...]]
    pages_of: dict[str, tuple[str, ...]]
    operands: dict[Test, Operand] = field(default_factory=dict)
    rule_operands: dict[Test, Operand] = field(default_factory=dict)

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages in file order."""
        return self.definition.pages

    def page(self, id: str) -> Page | None:
        """Give a page by its id."""
        return self.pages_by_id.get(id)

    def question(self, id: str) -> Question:
        """Give a question by its id; raises KeyError."""
        return self.questions[id]

    def kind(self, question: Question) -> AnyKind:
        """Give a question's kind."""
        return KINDS[question.type]

    def kind_of(self, id: str) -> AnyKind:
        """Give the kind of the question with this id; raises KeyError."""
        return self.kind(self.questions[id])

    def loop_of(self, page_id: str) -> Loop | None:
        """Give the loop that a page belongs to."""
        return self.loop_by_page.get(page_id)

    @cached_property
    def loop_by_page(self) -> dict[str, Loop]:
        """Page id → the loop that the page belongs to, for those in one."""
        return {page.page: loop for loop in self.loops.values() for page in loop.pages}

    @cached_property
    def ready(self) -> dict[str, ReadyPage]:
        """Every page by its id, made ready to be walked."""
        return {
            page.page: ready_page(page, self.leaves_of[page.page], self._decider)
            for page in self.pages
        }

    @cached_property
    def settled(self) -> frozenset[str]:
        """The pages that always ask the same questions with the same options."""
        return frozenset(page for page, ready in self.ready.items() if ready.settled)

    @cached_property
    def parts(self) -> tuple[ReadyPage | ReadyLoop, ...]:
        """The segments in order, their pages made ready."""
        ready = self.ready
        return tuple(
            ReadyLoop(one.repeat, tuple(ready[page.page] for page in one.pages))
            if isinstance(one, Loop)
            else ready[one.page]
            for one in self.segments
        )

    @cached_property
    def part_of(self) -> dict[str, int]:
        """The id of a page or of a repeat → which of ``parts`` it is in."""
        places: dict[str, int] = {}
        for place, one in enumerate(self.segments):
            pages = one.pages if isinstance(one, Loop) else (one,)
            places |= dict.fromkeys([page.page for page in pages], place)
            places |= {one.repeat.id: place} if isinstance(one, Loop) else {}
        return places

    def decision(self, condition: Condition) -> Decision:
        """Give the function that says whether a condition holds."""
        found = self._decisions.get(condition)
        if found is None:
            found = self._decisions[condition] = self._decider.decision(condition)
        return found

    @cached_property
    def _decider(self) -> Decider:
        return Decider(self.definition.conditions, self.operands, self.rule_operands)

    @cached_property
    def _decisions(self) -> dict[Condition, Decision]:
        return {}

    @cached_property
    def tells_from(self) -> dict[str, int]:
        """The id of a page or of a repeat → the first of ``parts`` that what is sent to it tells.

        That is its own part, or an earlier one that asks a question of it too.
        """
        return {
            id: min([part, *(self.part_of[page] for page in self.alike.get(id, ()))])
            for id, part in self.part_of.items()
        }

    @cached_property
    def alike(self) -> dict[str, frozenset[str]]:
        """Page id → the other pages that ask any of its questions, for those that have such."""
        found: dict[str, frozenset[str]] = {}
        for pages in self.pages_of.values():
            for page in pages:
                others = found.get(page, frozenset()) | set(pages) - {page}
                found |= {page: others} if others else {}
        return found

    def named(self, name: str) -> Condition:
        """Give a named condition; raises KeyError."""
        found: Condition = self.definition.conditions[name]
        return found


def compile_form(definition: Definition) -> Form:
    """Make a definition ready to run; raises InvalidDefinition with every fault that forbids it.

    The faults' places have the path of the value; a caller that has the file finds the line.
    """
    form = Form(
        definition,
        version_of(canonical(definition)),
        {page.page: page for page in definition.pages},
        tuple(_segments(definition.pages)),
        {
            segment.repeat.id: segment
            for segment in _segments(definition.pages)
            if isinstance(segment, Loop)
        },
        {leaf.id: leaf for page in definition.pages for leaf in leaves(page.questions)},
        {page.page: tuple(leaves(page.questions)) for page in definition.pages},
        _pages_of(definition),
    )
    typist = Typist(form.questions, {name: loop.pages for name, loop in form.loops.items()})
    faults = [*_unknown_names(definition), *_type_operands(form, typist), *_uneven_loops(form)]
    if faults:
        raise InvalidDefinition(tuple(faults))
    return form


def every_condition(definition: Definition) -> Iterator[tuple[Path, Condition]]:
    """Walk every condition of a definition (not its rules) with the path that leads to it."""
    for name, condition in definition.conditions.items():
        yield ("conditions", name), condition
    for number, page in enumerate(definition.pages):
        yield from _page_conditions(("pages", number), page)
    for key in ("fee", "deliver", "start"):
        for number, part in enumerate(getattr(definition, key)):
            if part.when is not None:
                yield (key, number, "when"), part.when
    for number, part in enumerate(definition.confirmation.content):
        if part.when is not None:
            yield ("confirmation", "content", number, "when"), part.when


def every_rule(definition: Definition) -> Iterator[tuple[Path, Page, Condition]]:
    """Walk what every rule requires, with its page."""
    for number, page in enumerate(definition.pages):
        for index, rule in enumerate(page.rules):
            yield ("pages", number, "rules", index, "require"), page, rule.require


def _page_conditions(path: Path, page: Page) -> Iterator[tuple[Path, Condition]]:
    if page.when is not None:
        yield (*path, "when"), page.when
    for number, branch in enumerate(page.next):
        if branch.when is not None:
            yield (*path, "next", number, "when"), branch.when
    for number, block in enumerate(page.content):
        if block.when is not None:
            yield (*path, "content", number, "when"), block.when
    for number, rule in enumerate(page.rules):
        if rule.when is not None:
            yield (*path, "rules", number, "when"), rule.when
    yield from _question_conditions(path, page.questions)


def _question_conditions(
    path: Path, questions: tuple[Question, ...]
) -> Iterator[tuple[Path, Condition]]:
    for number, question in enumerate(questions):
        here = (*path, "questions", number)
        if question.when is not None:
            yield (*here, "when"), question.when
        for index, option in enumerate(question.options):
            if option.when is not None:
                yield (*here, "options", index, "when"), option.when
        yield from _question_conditions(here, question.questions)


def _segments(pages: tuple[Page, ...]) -> Iterator[Page | Loop]:
    held: list[Page] = []
    repeat: Repeat | None = None
    for page in pages:
        if repeat is not None and (page.repeat is None or page.repeat.id != repeat.id):
            yield Loop(repeat, tuple(held))
            held = []
        repeat = page.repeat
        if repeat is None:
            yield page
        else:
            held.append(page)
    if repeat is not None:
        yield Loop(repeat, tuple(held))


def _pages_of(definition: Definition) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for page in definition.pages:
        for leaf in leaves(page.questions):
            found[leaf.id] = (*found.get(leaf.id, ()), page.page)
    return found


def _type_operands(form: Form, typist: Typist) -> Iterator[Fault]:
    for path, condition in every_condition(form.definition):
        yield from _typed(form.operands, typist, path, condition, in_rule=False)
    for path, _, condition in every_rule(form.definition):
        yield from _typed(form.rule_operands, typist, path, condition, in_rule=True)


def _typed(
    table: dict[Test, Operand], typist: Typist, path: Path, condition: Condition, *, in_rule: bool
) -> Iterator[Fault]:
    for test in conditions.tests(condition):
        outcome = typist.operand(test, in_rule=in_rule)
        if isinstance(outcome, Operand):
            table[test] = outcome
        else:
            yield Fault(*outcome, Place("", 1, path))


def _uneven_loops(form: Form) -> Iterator[Fault]:
    """A repeat's first page begins each item, so it may not depend on the item's number."""
    numbers = {page.page: number for number, page in enumerate(form.pages)}
    for loop in form.loops.values():
        first = loop.pages[0]
        tests = conditions.tests(first.when) if first.when is not None else ()
        if any(test.subject.question == "item.number" for test in tests):
            yield Fault(
                "repeat-first-page",
                f"`{first.page}` begins each {loop.repeat.item}, but is not shown for every one.",
                "Put a page that is always asked first in the repeat.",
                Place("", 1, ("pages", numbers[first.page], "when")),
            )


def _unknown_names(definition: Definition) -> Iterator[Fault]:
    rules = [(path, condition) for path, _, condition in every_rule(definition)]
    for path, condition in [*every_condition(definition), *rules]:
        for name in conditions.names(condition):
            if name not in definition.conditions or path[:1] == ("conditions",):
                yield Fault(
                    "unknown-condition",
                    f"There is no condition named `{name}` that may be used here.",
                    "Give it under `conditions:`; a named condition may not use another.",
                    Place("", 1, path),
                )
