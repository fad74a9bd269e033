"""Runs the author's own tests: given these answers, these pages, this exit, this fee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.engine.answers import Answers, Item, Scope
from townhall.engine.fees import FeeTables
from townhall.engine.form import Form, Loop
from townhall.engine.kinds.base import Context, Raw
from townhall.engine.model import Example
from townhall.engine.problems import Problem
from townhall.engine.question import Question
from townhall.engine.route import Route, Step, rewalk, walk
from townhall.engine.submitted import fee_for
from townhall.engine.validation import parse_page

MAX_STEPS = 5_000


@dataclass(frozen=True)
class Run:
    """One example as it went: where it led, what it met, and what was filled in for it.

    ``failures`` are sentences; an empty tuple means that the example holds. ``samples`` maps each
    question that the example left out to the sample it was given, in words. ``typed`` is what the
    boxes of each page were sent, by their names.
    """

    example: Example
    route: Route
    failures: tuple[str, ...]
    samples: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    fee: Decimal | None = None
    answers: Answers = field(default_factory=Answers)
    typed: Mapping[Step, Raw] = field(default_factory=dict, repr=False)

    @property
    def visited(self) -> tuple[str, ...]:
        """The ids of the pages on the route, each once, in order, without list pages."""
        return tuple(dict.fromkeys(step.page for step in self.route.steps if not step.listing))


def run_examples(form: Form, fees: FeeTables, *, today: date) -> tuple[Run, ...]:
    """Run every example; ``today`` is the clock of those that do not fix their own with ``at``."""
    return tuple(
        run_example(form, example, fees, today=example.at.date() if example.at else today)
        for example in form.definition.examples
    )


def run_example(form: Form, example: Example, fees: FeeTables, *, today: date) -> Run:
    """Run one example to its end, an exit, or the first page whose answers have problems."""
    runner = _Runner(form, example.answers, today)
    route = runner.run()
    fee = None
    failures = list(runner.failures)
    if route.complete and form.definition.fee:
        try:
            fee = fee_for(form, route.scope, fees, on=today, today=today).pounds
        except KeyError as error:
            failures.append(f"the fee table has no price `{error.args[0]}` on {today}")
    typed = runner.typed
    run = Run(example, route, (), runner.samples, runner.problems, fee, runner.answers, typed)
    return replace(run, failures=(*failures, *_differences(run)))


class _Runner:
    """Answers page after page, as a person would who has the example in their hand."""

    def __init__(self, form: Form, given: Mapping[str, Any], today: date) -> None:
        self.form = form
        self.given = given
        self.today = today
        self.answers = Answers()
        self.samples: dict[str, str] = {}
        self.problems: tuple[Problem, ...] = ()
        self.typed: dict[Step, Raw] = {}
        self.failures: list[str] = []

    def run(self) -> Route:
        route = walk(self.form, self.answers, today=self.today)
        for _ in range(MAX_STEPS):
            stop = route.stop
            if stop is None or self.problems or self.failures:
                return route
            if stop.listing:
                self._list_page(stop)
            else:
                self._question_page(route, stop)
            route = rewalk(self.form, route, self.answers, stop, today=self.today)
        self.failures.append(f"it did not end within {MAX_STEPS:,} pages")
        return route

    def _list_page(self, step: Step) -> None:
        loop = self.form.loops[step.page]
        have = self.answers.items.get(loop.repeat.id, ())
        if len(have) < min(len(self._wanted(loop)), loop.repeat.max):
            self._new_item(loop, str(len(have) + 1))
        else:
            posted = self.answers.posted | {loop.repeat.id}
            self.answers = replace(self.answers, posted=posted)

    def _new_item(self, loop: Loop, id: str) -> None:
        have = self.answers.items.get(loop.repeat.id, ())
        items = {**self.answers.items, loop.repeat.id: (*have, Item(id))}
        self.answers = replace(self.answers, items=items)

    def _wanted(self, loop: Loop) -> list[Mapping[str, Any]]:
        wanted = self.given.get(loop.repeat.id, [])
        return (
            [one for one in wanted if isinstance(one, Mapping)] if isinstance(wanted, list) else []
        )

    def _question_page(self, route: Route, step: Step) -> None:
        visit = route.visits[step]
        given = self._given_at(step)
        raw: dict[str, list[str]] = {}
        for question in visit.asked:
            raw.update(self._sent(question, given, visit.before))
        self.typed[step] = raw
        page = self.form.pages_by_id[step.page]
        result = parse_page(self.form, page, raw, visit.before, self.today)
        if result.problems:
            self.problems = result.problems
            return
        self._store(step, result.values)

    def _given_at(self, step: Step) -> Mapping[str, Any]:
        loop = self.form.loop_of(step.page)
        if loop is None:
            return self.given
        wanted = self._wanted(loop)
        at = int(step.item) - 1
        return wanted[at] if at < len(wanted) else {}

    def _sent(
        self, question: Question, given: Mapping[str, Any], before: Scope
    ) -> dict[str, list[str]]:
        kind = self.form.kind(question)
        if question.type == "computed":
            return {}
        if question.id in given:
            return kind.as_posted(question, given[question.id])
        if not question.required:
            return {}
        sample = kind.sample(question, Context(self.today, before))
        self.samples[question.id] = ", ".join(kind.show(question, sample))
        return kind.refill(question, sample)

    def _store(self, step: Step, values: Mapping[str, Any]) -> None:
        loop = self.form.loop_of(step.page)
        if loop is None:
            self.answers = replace(
                self.answers,
                values={**self.answers.values, **values},
                posted=self.answers.posted | {step.page},
            )
            return
        if self.answers.item(loop.repeat.id, step.item) is None:
            self._new_item(loop, step.item)
        items = tuple(
            Item(one.id, {**one.values, **values}, one.posted | {step.page})
            if one.id == step.item
            else one
            for one in self.answers.items[loop.repeat.id]
        )
        self.answers = replace(self.answers, items={**self.answers.items, loop.repeat.id: items})


def _differences(run: Run) -> list[str]:
    example, found = run.example, []
    codes = {problem.question: str(problem.code) for problem in run.problems}
    if codes != example.fails:
        found.append(_about_problems(codes, example.fails))
    if example.visits is not None and run.visited != example.visits:
        found.append(f"it visits {', '.join(run.visited)}, not {', '.join(example.visits)}")
    left = run.route.exit.page if run.route.exit else None
    if example.exit != left and not run.problems:
        found.append(
            f"it ends on the exit page {left}" if left else f"it does not end on {example.exit}"
        )
    if example.fee is not None and run.fee != example.fee:
        found.append(f"its fee is £{run.fee or 0:.2f}, not £{example.fee:.2f}")
    return found


def _about_problems(found: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    def words(codes: Mapping[str, str]) -> str:
        return ", ".join(f"{name}: {code}" for name, code in codes.items()) or "none"

    return f"its answers have the problems {words(found)}, not {words(wanted)}"
