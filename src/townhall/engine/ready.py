"""A page made ready to be walked: what is settled about it is worked out once, not at each walk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import final

from townhall.engine.conditions import Condition
from townhall.engine.deciding import Decider, Decision
from townhall.engine.kinds import KINDS
from townhall.engine.model import Page, Rule
from townhall.engine.question import Question, Repeat


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

    ``settled`` is whether it always asks the same questions with the same options. ``sees_itself``
    is whether its rules or limits look at what the page itself was sent.
    """

    page: Page
    questions: tuple[Question, ...]
    names: frozenset[str]
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
    return ReadyPage(
        page,
        questions,
        frozenset(one.id for one in questions),
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


def _decided(decider: Decider, condition: Condition | None) -> Decision | None:
    return None if condition is None else decider.decision(condition)
