"""A page made ready to be walked: what is settled about it is worked out once, not at each walk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, final

from townhall.engine.conditions import Condition
from townhall.engine.deciding import Decider, Decision
from townhall.engine.kinds import KINDS, AnyKind
from townhall.engine.model import Page, Rule
from townhall.engine.question import Question, Repeat


class Step(NamedTuple):
    """One page instance on a route; ``listing`` is a repeat's own page, named by its id."""

    page: str
    item: str = ""
    listing: bool = False


class Typed(NamedTuple):
    """A question that a person answers, with what each page that is sent looks up of it."""

    question: Question
    id: str
    kind: AnyKind


@dataclass(frozen=True)
class ReadyQuestion:
    """A question that may be asked, with the conditions of each of its options."""

    question: Question
    when: Decision | None
    options: tuple[Decision | None, ...]


@dataclass(frozen=True)
class ReadyRule:
    """A rule: where both hold, ``when`` and ``require``, nothing is wrong."""

    rule: Rule
    when: Decision | None
    require: Decision


@dataclass(frozen=True, eq=False)
class ReadyPage:
    """A page, its questions (groups opened), and the functions that its conditions became.

    ``name`` is the page's id, ``step`` its step outside repeats. ``ids`` and ``names`` are its
    questions' ids, ``typed`` those that a person answers. ``settled`` is whether it always asks the
    same questions with the same options. ``sees_itself`` is whether its rules or limits look at
    what the page itself was sent.
    """

    page: Page
    name: str
    step: Step
    is_exit: bool
    questions: tuple[Question, ...]
    ids: tuple[str, ...]
    names: frozenset[str]
    typed: tuple[Typed, ...]
    when: Decision | None
    next: tuple[tuple[Decision | None, str], ...]
    asking: tuple[ReadyQuestion, ...]
    rules: tuple[ReadyRule, ...]
    settled: bool
    computes: bool
    sees_itself: bool


@final
@dataclass(frozen=True, eq=False)
class ReadyLoop:
    """The pages of a repeat."""

    repeat: Repeat
    pages: tuple[ReadyPage, ...]


def ready_page(page: Page, questions: tuple[Question, ...], decider: Decider) -> ReadyPage:
    """Make a page with these questions ready."""
    decided = partial(_decided, decider)
    asking = tuple(
        ReadyQuestion(one, decided(one.when), tuple(decided(option.when) for option in one.options))
        for one in questions
    )
    ids = tuple(one.id for one in questions)
    return ReadyPage(
        page,
        page.page,
        Step(page.page),
        page.exit is not None,
        questions,
        ids,
        frozenset(ids),
        typed_among(questions),
        decided(page.when),
        tuple((decided(branch.when), branch.go) for branch in page.next),
        asking,
        tuple(
            ReadyRule(rule, decided(rule.when), decider.requirement(rule.require))
            for rule in page.rules
        ),
        not any(one.when or any(one.options) for one in asking),
        any(one.type == "computed" for one in questions),
        bool(page.rules) or any(KINDS[one.type].references(one) for one in questions),
    )


def typed_among(questions: Iterable[Question]) -> tuple[Typed, ...]:
    """Give those of some questions that a person answers: what is computed is nothing to type."""
    return tuple(
        [Typed(one, one.id, KINDS[one.type]) for one in questions if one.type != "computed"]
    )


def _decided(decider: Decider, condition: Condition | None) -> Decision | None:
    return None if condition is None else decider.decision(condition)
