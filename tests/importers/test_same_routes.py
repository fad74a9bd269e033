"""Our engine and an independent interpreter of the source agree on thousands of random journeys."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

import pytest

from tests.importers.answering import as_source, random_answers
from tests.importers.named_forms import NAMED, NamedForm
from tests.importers.source_interpreter import SourceEngine, Walked
from townhall.engine.answers import Answers
from townhall.engine.form import Form, compile_form
from townhall.engine.library import Library
from townhall.engine.load import load_text
from townhall.engine.route import Step, walk
from townhall.importers.convert import convert
from townhall.importers.definition import Built

TODAY = date(2026, 11, 23)
JOURNEYS = 2500


@dataclass
class Pair:
    """The same form twice: in the source's interpreter, and in our engine."""

    source: SourceEngine
    form: Form
    built: Built

    def theirs(self, answers: Answers) -> Walked:
        state = as_source(self.form, self.source.form, self.built.questions, answers)
        return self.source.walk(state)

    def ours(self, answers: Answers) -> Walked:
        """Walk our engine, in the source's names; pages that the import adds are left out."""
        route = walk(self.form, answers, today=TODAY)
        assert route.stop is None, (route.stop, route.problems)
        paths = {id: path for path, id in self.built.pages.items()}
        met = [self._page_of(step) for step in route.steps if not step.item]
        pages = [paths[page] for page in met if page in paths]
        if route.exit is None:
            return Walked(pages, "done")
        return Walked(pages, "exit" if route.exit.page in paths else "broken")

    def _page_of(self, step: Step) -> str:
        """Give a step's page; what is repeated counts once, where its list is finished."""
        return self.form.loops[step.page].pages[0].page if step.listing else step.page

    def comparable(self, walked: Walked) -> Walked:
        """Leave out pages that have none of their own in ours: start, sign-in and summary."""
        return Walked([page for page in walked.pages if page in self.built.pages], walked.end)


def pair(named: NamedForm) -> Pair:
    done = convert(named.path.read_text("utf-8"), str(named.path), "imported", {"from": "a test"})
    assert done.built is not None, done.problem
    loaded = load_text(done.text, "imported.yaml", Library.shipped())
    assert loaded.definition is not None
    return Pair(
        SourceEngine.read(named.path, named.dialect), compile_form(loaded.definition), done.built
    )


@pytest.mark.parametrize("named", NAMED, ids=str)
def test_the_same_pages_and_the_same_end(named: NamedForm) -> None:
    """Agreement would prove little if all journeys went one way, so they must meet every page."""
    both = pair(named)
    dice = random.Random(str(named))
    met: set[str] = set()
    for _ in range(JOURNEYS):
        answers = random_answers(both.form, dice, TODAY)
        ours = both.ours(answers)
        assert ours == both.comparable(both.theirs(answers))
        met.update(ours.pages)
    assert set(both.built.pages) - met == named.unreachable


def test_a_changed_route_is_noticed() -> None:
    """The comparison can fail: one way on is changed in the source and not in ours."""
    both = pair(NAMED[0])
    page = next(one for one in both.source.form["pages"] if one["path"] == "/agency-staff")
    dice = random.Random(1)
    answered = [random_answers(both.form, dice, TODAY) for _ in range(300)]
    page["next"] = [{"path": "/contact-details"}]
    assert any(both.ours(one) != both.comparable(both.theirs(one)) for one in answered)
