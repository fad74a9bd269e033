"""Our engine and the interpreter agree on forms that nobody wrote, gaps and blanks included."""

from __future__ import annotations

import random
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importers.answering import as_source, random_answers
from tests.importers.made_forms import Raw, converted, made_forms
from tests.importers.source_interpreter import SourceEngine
from townhall.engine.route import walk

TODAY = date(2026, 11, 23)


@settings(max_examples=120)
@given(made_forms("xgov"), st.integers(0, 10_000))
def test_the_same_way_through_by_sections(raw: Raw, seed: int) -> None:
    _agree(raw, seed, "xgov")


@settings(max_examples=80)
@given(made_forms("defra1"), st.integers(0, 10_000))
def test_the_same_way_through_with_nulls(raw: Raw, seed: int) -> None:
    _agree(raw, seed, "defra1")


def _agree(raw: Raw, seed: int, dialect: str) -> None:
    found = converted(raw)
    built = found.done.built
    assert built is not None
    source = SourceEngine.of(raw, dialect)
    paths = {id: path for path, id in built.pages.items()}
    dice = random.Random(seed)
    for _ in range(12):
        answers = random_answers(found.form, dice, TODAY)
        theirs = source.walk(as_source(found.form, raw, built.questions, answers))
        route = walk(found.form, answers, today=TODAY)
        assert route.stop is None
        ours = [paths[step.page] for step in route.steps if step.page in paths]
        end = "done" if route.exit is None else "broken"
        assert (ours, end) == ([one for one in theirs.pages if one in built.pages], theirs.end)
