"""Published government forms, imported and walked over HTTP from start page to confirmation.

Not collected without the corpus. Each walk is a browser's: it fills in what the page shows.
"""

from __future__ import annotations

import random

import pytest
from tests.support.corpus import named
from tests.support.visitor import Visitor

from townhall.definitions import queries
from townhall.definitions.actions import Candidate, publish
from townhall.engine.form import Form
from townhall.engine.kinds.base import Context
from townhall.engine.library import Library
from townhall.engine.load import load_text
from townhall.engine.question import Question
from townhall.importers.convert import convert
from townhall.submissions.models import Submission

FORMS = sorted(named().items())
MAX_PAGES = 250


@pytest.fixture
def imported(request, clock) -> Form:
    """Import one named form and publish it, as demonstration mode allows."""
    name, file = request.param
    made = convert(file.read_text("utf-8"), file.name, name, {"from": "a published form"})
    assert made.text, made.problem
    definition = load_text(made.text, f"{name}.yaml", Library.shipped()).definition
    assert definition is not None
    candidate = Candidate(definition, text="In words.")
    publish(candidate, by="ann", at=clock.now, demonstration=True)
    return queries.live(definition.service, at=clock.now).form


class Walk:
    """Answers page after page at random, with the fields that the page shows."""

    def __init__(self, form: Form, seed: int, clock) -> None:
        self.form = form
        self.visitor = Visitor()
        self.dice = random.Random(seed)
        self.clock = clock
        self.pages: list[str] = []

    def to_its_end(self) -> str:
        """Go from the start page to confirmation or an exit; gives the last address."""
        self.visitor.start(self.form.definition.service)
        for _ in range(MAX_PAGES):
            here = self.visitor.path.split("/")[2]
            self.pages.append(here)
            if here == "confirmation" or self.visitor.page.select_one("form#page-form") is None:
                return here
            self.visitor.send({} if here == "check-answers" else self.answers(here))
            assert not self.visitor.errors, f"{here}: {self.visitor.errors}"
        pytest.fail(f"no end after {MAX_PAGES} pages: {self.pages[-5:]}")

    def answers(self, here: str) -> dict[str, object]:
        if here in self.form.loops:
            return self.add_another()
        shown = {one["name"] for one in self.visitor.page.select("form#page-form [name]")}
        answers: dict[str, object] = {}
        for question in self.form.leaves_of[here]:
            kind = self.form.kind(question)
            if shown & set(kind.parts(question)):
                answers |= self.fill(question)
        return answers

    def add_another(self) -> dict[str, object]:
        boxes = self.visitor.page.select("form#page-form input[type=radio]")
        if not boxes:
            return {}
        return {boxes[0]["name"]: "yes" if self.dice.random() < 0.3 else "no"}

    def fill(self, question: Question) -> dict[str, object]:
        kind = self.form.kind(question)
        if not question.required and self.dice.random() < 0.3:
            return {}
        offered = [choice.id for choice in kind.choices(question) if choice.id]
        if offered and question.type != "checkboxes":
            return {question.id: self.dice.choice(offered)}
        if offered and not question.settings.model_dump(exclude_none=True):
            alone = [option.id for option in question.offered if not option.exclusive]
            return {question.id: self.dice.sample(alone, self.dice.randint(1, len(alone)))}
        sample = kind.sample(question, Context(self.clock.now.date()))
        return dict(kind.refill(question, sample))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("imported", FORMS, indirect=True, ids=[name for name, _ in FORMS])
def test_a_published_form_runs_to_its_end(imported: Form, seed: int, clock) -> None:
    walk = Walk(imported, seed, clock)
    end = walk.to_its_end()
    exits = {page.page for page in imported.pages if page.exit}
    assert end == "confirmation" or end in exits
    assert Submission.objects.count() == (end == "confirmation")


@pytest.mark.parametrize("imported", FORMS, indirect=True, ids=[name for name, _ in FORMS])
def test_a_published_form_can_be_sent(imported: Form, clock) -> None:
    for seed in range(100, 140):
        if Walk(imported, seed, clock).to_its_end() == "confirmation":
            break
    assert Submission.objects.count() == 1
