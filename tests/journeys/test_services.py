"""Every service of the repository, walked over HTTP by its own examples, as a browser would.

The folder says what is walked, so that a service added later is held to its examples too.
"""

from __future__ import annotations

from datetime import UTC

import pytest
from tests.support.house import SERVICES
from tests.support.visitor import Visitor

from townhall.definitions import queries
from townhall.engine.answers import unmarked
from townhall.engine.form import Form
from townhall.engine.kinds.base import Context
from townhall.engine.library import NOT_SERVICES, Library
from townhall.engine.load import load_service
from townhall.engine.model import Example
from townhall.engine.question import Question
from townhall.submissions.models import Submission

MAX_PAGES = 60
LIBRARY = Library.shipped().with_folder(SERVICES)
SHIPPED = {
    file.stem: load_service(file, LIBRARY).definition
    for file in sorted(SERVICES.glob("*.yaml"))
    if file.name not in NOT_SERVICES
}
EXAMPLES = [(name, example) for name, made in SHIPPED.items() for example in made.examples]
PRICED = [(name, example) for name, example in EXAMPLES if example.fee]
UNPAID = "You do not pay anything now."


# The three that show the language's length and breadth.
FULLER = {"compliments-and-complaints", "library-volunteering", "missed-bin"}


class Walk:
    """Goes through a service with an example in the hand; what it leaves out is a sample."""

    def __init__(self, form: Form, example: Example, clock) -> None:
        self.form, self.given = form, example.answers
        self.today = clock.now.date()
        self.visitor = Visitor()
        self.visited: list[str] = []
        self.cost = ""
        self.told = ""

    def to_its_end(self) -> str:
        """Go on to confirmation, an exit or a page with problems; gives that page."""
        self.visitor.start(self.form.definition.service)
        for _ in range(MAX_PAGES):
            here, item = (*self.visitor.path.split("/")[2:], "")[:2]
            if here not in self.form.loops and here not in self.visited:
                self.visited.append(here)
            if self.visitor.errors or self.visitor.page.select_one("form#page-form") is None:
                return here
            self.visitor.send(self.answers(here, item))
        pytest.fail(f"no end after {MAX_PAGES} pages: {self.visited}")

    def answers(self, here: str, item: str) -> dict[str, object]:
        """Give what goes into the boxes that this page shows."""
        if here == "check-answers":
            self.note_cost()
            return {}
        if here in self.form.loops:
            return self.another(here)
        given = self.given if not item else self.of_item(here, int(unmarked(item)))
        boxes = {one["name"] for one in self.visitor.page.select("form#page-form [name]")}
        filled: dict[str, object] = {}
        for question in self.form.leaves_of[here]:
            filled |= self.fill(question, given)
        return {name: value for name, value in filled.items() if name in boxes}

    def fill(self, question: Question, given) -> dict[str, list[str]]:
        kind = self.form.kind(question)
        if question.id in given:
            return kind.as_posted(question, given[question.id])
        if not question.required or question.type == "computed":
            return {}
        return kind.refill(question, kind.sample(question, Context(self.today)))

    def of_item(self, here: str, number: int):
        wanted = self.given.get(self.form.loop_of(here).repeat.id, [])
        return wanted[number - 1] if number <= len(wanted) else {}

    def another(self, repeat: str) -> dict[str, object]:
        have = len({a["href"] for a in self.visitor.page.select("main a") if "Remove" in a.text})
        if not self.visitor.page.select("[name=another]"):
            return {}
        return {"another": "yes" if have < len(self.given.get(repeat, [])) else "no"}

    def note_cost(self) -> None:
        self.told = self.visitor.text
        rows = [" ".join(row.get_text(" ").split()) for row in self.visitor.page.select("tr")]
        self.cost = next((row for row in rows if row.startswith("Total £")), "")


@pytest.fixture
def walk(request, clock, put_service) -> Walk:
    """A walk of one example, on its day."""
    name, example = request.param
    if example.at:
        clock.now = example.at.replace(tzinfo=UTC)
    form = queries.live(put_service(name), at=clock.now).form
    return Walk(form, example, clock)


def holds(walk: Walk, example: Example, end: str) -> None:
    """The pages, the exit and the fee are those that the example gives."""
    assert end == (example.exit or "confirmation"), walk.visitor.errors
    assert Submission.objects.count() == (end == "confirmation")
    if example.visits is not None:
        ends = ("check-answers", "confirmation")
        assert [page for page in walk.visited if page not in ends] == list(example.visits)
    if example.fee is not None:
        assert walk.cost == (f"Total £{example.fee:,.2f}" if example.fee else "")


@pytest.mark.parametrize(
    ("walk", "example"),
    [(one, one[1]) for one in EXAMPLES],
    indirect=["walk"],
    ids=[f"{name}: {example.name}" for name, example in EXAMPLES],
)
def test_an_example_leads_where_it_says(walk: Walk, example: Example) -> None:
    end = walk.to_its_end()
    if not example.fails:
        holds(walk, example, end)
        return
    at = {href.lstrip("#") for _, href in walk.visitor.errors}
    assert len(at) == len(example.fails)
    for question in example.fails:
        parts = walk.form.kind_of(question).parts(walk.form.question(question))
        assert at & {question, *parts}, at
    assert Submission.objects.count() == 0


@pytest.mark.parametrize("name", sorted(set(SHIPPED) - FULLER))
def test_a_service_is_a_page_or_two_that_someone_can_read(name: str) -> None:
    length = len((SERVICES / f"{name}.yaml").read_text("utf-8").splitlines())
    assert 30 <= length <= 120


@pytest.mark.parametrize("name", SHIPPED)
def test_a_service_says_what_everyone_asks_first(name: str) -> None:
    made = SHIPPED[name]
    assert all([made.owner, made.summary, made.privacy.purpose, made.privacy.power])
    assert len(made.search) >= 3


@pytest.mark.parametrize("name", SHIPPED)
def test_every_exit_has_an_example(name: str) -> None:
    made = SHIPPED[name]
    assert len(made.examples) >= 3
    assert {page.page for page in made.pages if page.exit} == {
        example.exit for example in made.examples if example.exit
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_the_start_page_has_what_someone_needs_first(name: str, put_service, visitor) -> None:
    visitor.open(f"/{put_service(name)}")
    made = SHIPPED[name]
    assert visitor.heading == made.title
    assert made.summary in visitor.text
    if made.urgent:
        assert visitor.text.index(made.urgent.phone) < visitor.text.index("Start now")


@pytest.mark.parametrize(
    "walk",
    PRICED,
    indirect=True,
    ids=[f"{name}: {example.name}" for name, example in PRICED],
)
def test_where_there_is_a_fee_the_pages_show_it_and_that_nothing_is_paid(walk: Walk) -> None:
    walk.visitor.open(f"/{walk.form.definition.service}")
    assert "You do not pay now" in walk.visitor.text
    assert walk.to_its_end() == "confirmation"
    later = walk.form.definition.payment.say
    for told, words in ((walk.told, UNPAID), (walk.visitor.text, "You have not paid anything.")):
        assert f"{words} {later}" in told
        assert f"Total {walk.cost.removeprefix('Total ')}" in told


def test_every_service_with_a_fee_has_an_example_of_it() -> None:
    assert {name for name, made in SHIPPED.items() if made.fee} == {name for name, _ in PRICED}
