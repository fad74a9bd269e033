"""Finds conditions that can meet *no answer*: a question that was not asked, or was left blank.

Every comparison with no answer is false, and ``not`` turns that round. Mostly this is what the
author meant, so it is a note; it is an error where a ``not`` lets in everybody who was not asked,
or where a person cannot go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from townhall.engine.conditions import PRESENCE, All, Any, Condition, Named, Not, Test, tests
from townhall.engine.model import Page
from townhall.proof.case import Case, Finding, Place, Use
from townhall.proof.logic import TooMany, logic_of
from townhall.proof.routes import routes_of


def meets_no_answer(case: Case) -> Iterator[Finding]:
    """Each condition that can meet no answer, once for each question it may miss."""
    answered = Answered(case)
    for use in case.uses:
        if "require" in use.path:
            yield from _in_rule(case, answered, use)
        else:
            yield from _in_condition(case, answered, use)
    if answered.logic.exhausted:
        yield Finding(
            "too-large-to-prove",
            ("pages",),
            "This service has too many conditions to examine every combination of them.",
            "What is listed is certain, but there may be more. Split the service in two, or make "
            "its conditions simpler.",
            "note",
        )


class Answered:
    """Says which questions are certain to have an answer, given what else must hold."""

    def __init__(self, case: Case) -> None:
        """Share one piece of reasoning among all the questions."""
        self.case = case
        self.logic = logic_of(case)
        self.routes = routes_of(case)

    def surely(self, name: str, given: tuple[Condition, ...], use: Use) -> bool:
        """Say whether ``name`` has an answer wherever ``given`` holds; unsure is no."""
        places = self.case.places.get(name, ())
        if len(places) != 1 or not places[0].question.required:
            return self._must_be_answered(name, given)
        return self._asked(places[0], given, use) or self._must_be_answered(name, given)

    def _must_be_answered(self, name: str, given: tuple[Condition, ...]) -> bool:
        try:
            ways = self.logic.ways(All(given)) if given else ()
        except TooMany:
            return False
        return bool(ways) and all(
            any(test.subject.question == name and wanted and test.operator != "not_asked"
                for test, wanted in way)
            for way in ways
        )  # fmt: skip

    def _asked(self, place: Place, given: tuple[Condition, ...], use: Use) -> bool:
        page = self.case.pages[place.page]
        needed = [one for one in (page.when, place.question.when) if one is not None]
        if not all(self.logic.always(one, *given) for one in needed):
            return False
        here = int(use.path[1]) if use.path[0] == "pages" else len(self.case.pages)
        over = [jump for jump in self.routes.jumps if jump.start < place.page < jump.target <= here]
        return all(self.logic.never(jump.when, *given) for jump in over)


def _given(case: Case, use: Use) -> tuple[Condition, ...]:
    """Give what must hold for a condition to be read at all: its page's and its question's."""
    if use.path[0] != "pages" or use.path[2:] == ("when",):
        return ()
    page = case.pages[int(use.path[1])]
    return (page.when,) if page.when is not None else ()


def _in_condition(case: Case, answered: Answered, use: Use) -> Iterator[Finding]:
    given = _given(case, use)
    for name, reversed_ in _found(answered, use, given).items():
        if reversed_:
            yield _reversed(use, name)
        elif _falls_through(case, use):
            yield _strands(use, name)
        else:
            yield Finding(
                "no-answer",
                use.path,
                f"{use.what} depends on `{name}`, which some people are not asked or leave blank; "
                "for them it counts as false.",
                f"If you mean them too, add {{{name}: {{answered: no}}}} as another way in.",
                "note",
            )


def _falls_through(case: Case, use: Use) -> bool:
    if "next" not in use.path:
        return False
    page: Page = case.pages[int(use.path[1])]
    return all(branch.when is not None for branch in page.next)


def _strands(use: Use, name: str) -> Finding:
    return Finding(
        "no-answer-no-way",
        use.path,
        f"{use.what} depends on `{name}`, which some people are not asked or leave blank, and no "
        "way on is left for them.",
        "End the list with a `go` that has no `when`.",
    )


def _reversed(use: Use, name: str) -> Finding:
    return Finding(
        "no-answer-reversed",
        use.path,
        f"{use.what} uses `not` on `{name}`, which some people are not asked or leave blank; `not` "
        "lets all of them in.",
        f"Use `is_not`, or add {{{name}: {{answered: yes}}}} beside the `not`. "
        f"If you mean them too, write any: [{{{name}: {{answered: no}}}}, …].",
    )


def _found(answered: Answered, use: Use, given: tuple[Condition, ...]) -> dict[str, bool]:
    """Give the questions that may have no answer, and whether a ``not`` turns that round."""
    found: dict[str, bool] = {}
    for name, turned in _missing(answered, use, use.condition, Reading(given)):
        found[name] = found.get(name, False) or turned
    return {} if answered.logic.exhausted else found


@dataclass(frozen=True)
class Reading:
    """One condition being read: what holds before it, what stands beside it, and its sign."""

    given: tuple[Condition, ...]
    beside: tuple[Condition, ...] = ()
    turned: bool = False

    def around(self, name: str) -> tuple[Condition, ...]:
        """Give what may be relied on; comparisons with ``name`` itself prove nothing about it.

        Under a ``not`` they do: `all: [{q: a}, {not: {q: b}}]` lets nobody in without an answer.
        """
        if self.turned:
            return self.given + self.beside
        return self.given + tuple(one for one in self.beside if not _compares(one, name))


def _compares(condition: Condition, name: str) -> bool:
    return any(
        test.subject.question == name and test.operator not in PRESENCE for test in tests(condition)
    )


def _missing(
    answered: Answered, use: Use, condition: Condition, reading: Reading
) -> Iterator[tuple[str, bool]]:
    """Walk (question, whether under a ``not``) of the comparisons that can meet no answer."""
    if isinstance(condition, Test):
        name = condition.subject.question
        if not _is_exempt(answered.case, condition) and not answered.surely(
            name, reading.around(name), use
        ):
            yield name, reading.turned
    elif isinstance(condition, Not):
        turned = replace(reading, turned=not reading.turned)
        yield from _missing(answered, use, condition.part, turned)
    elif isinstance(condition, Named):
        meant = answered.case.named(condition)
        if meant is not None and not isinstance(meant, Named):
            yield from _missing(answered, use, meant, reading)
    else:
        yield from _missing_parts(answered, use, condition, reading)


def _missing_parts(
    answered: Answered, use: Use, condition: All | Any, reading: Reading
) -> Iterator[tuple[str, bool]]:
    """A part of ``all`` matters only where the others hold; of ``any``, where they do not."""
    for at, part in enumerate(condition.parts):
        others = [other for number, other in enumerate(condition.parts) if number != at]
        beside = [one if isinstance(condition, All) else Not(one) for one in others]
        yield from _missing(
            answered, use, part, replace(reading, beside=(*reading.beside, *beside))
        )


def _is_exempt(case: Case, test: Test) -> bool:
    return (
        test.operator in PRESENCE
        or test.subject.question not in case.places
        or test.subject.quantity != "value"
        or test.subject.question == "item.number"
    )


def _in_rule(case: Case, answered: Answered, use: Use) -> Iterator[Finding]:
    """A rule about no answer requires nothing; under ``not`` it could never be met."""
    for name, reversed_ in _found(answered, use, _given(case, use)).items():
        if reversed_:
            yield Finding(
                "rule-cannot-be-met",
                use.path,
                f"This rule uses `not` on `{name}`, which some people are not asked or leave "
                "blank; they could never get past this page.",
                "Write the rule without `not`, for example with `is_not` or `not_before`.",
            )
