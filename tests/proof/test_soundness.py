"""What the checker says nobody can reach, nobody reaches: every small journey is walked."""

import json
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.proof.base import LIBRARY, TODAY

from townhall.engine.answers import Answers
from townhall.engine.form import Form, compile_form
from townhall.engine.load import load_text
from townhall.engine.route import walk
from townhall.proof.check import check

OPTIONS = ("x", "y", "z")
MAX_JOURNEYS = 3_000


@dataclass
class Walked:
    """What some journey met: pages shown, whether one finished, and (page, chosen option) pairs."""

    pages: set[str]
    finished: bool = False
    stuck: bool = False


def journeys(form: Form) -> Walked:
    """Walk every journey, each question answered in every way or left blank where it may be."""
    met = Walked(set())
    waiting = [Answers()]
    seen = 0
    while waiting and seen < MAX_JOURNEYS:
        answers = waiting.pop()
        seen += 1
        route = walk(form, answers, today=TODAY)
        met.pages |= {step.page for step in route.steps}
        met.finished |= route.complete
        if route.stop is None:
            continue
        asked = route.visits[route.stop].asked
        posted = answers.posted | {route.stop.page}
        if not asked:
            waiting.append(replace(answers, posted=posted))
        for question in asked:
            ways = [{question.id: option.id} for option in question.offered]
            ways += [] if question.required else [{}]
            met.stuck |= not ways
            waiting += [
                replace(answers, values={**answers.values, **way}, posted=posted) for way in ways
            ]
    assert seen < MAX_JOURNEYS
    return met


def comparisons_on(names: list[str]) -> st.SearchStrategy:
    return st.tuples(st.sampled_from(names), st.sampled_from(OPTIONS), st.integers(0, 4)).map(
        lambda drawn: [
            {drawn[0]: drawn[1]},
            {drawn[0]: {"is_not": drawn[1]}},
            {drawn[0]: {"one_of": [drawn[1], "x"]}},
            {drawn[0]: {"answered": "yes"}},
            {drawn[0]: {"not_asked": "yes"}},
        ][drawn[2]]
    )


def conditions_on(names: list[str]) -> st.SearchStrategy:
    return st.recursive(
        comparisons_on(names),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts})
            | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts})
            | inner.map(lambda part: {"not": part})
        ),
        max_leaves=4,
    )


@st.composite
def services(draw) -> str:
    count = draw(st.integers(2, 6))
    pages = []
    for number in range(count):
        earlier = [f"q{n}" for n in range(number)]
        page: dict = {"page": f"p{number}"}
        if earlier and draw(st.booleans()):
            page["when"] = draw(conditions_on(earlier))
        if number and draw(st.integers(0, 5)) == 0:
            pages.append({**page, "exit": f"The end {number}", "content": ["Words"]})
            continue
        page["questions"] = [draw(questions(number, earlier))]
        if number < count - 1 and draw(st.integers(0, 2)) == 0:
            page["next"] = draw(ways_on(number, count, [*earlier, f"q{number}"]))
        pages.append(page)
    return json.dumps(
        {"townhall": 1, "service": "s", "title": "S", "confirmation": {"next": "N"}, "pages": pages}
    )


@st.composite
def questions(draw, number: int, earlier: list[str]) -> dict:
    options = [{"id": one, "say": one} for one in OPTIONS]
    if earlier and draw(st.integers(0, 3)) == 0:
        for option in options[: draw(st.integers(1, 3))]:
            option["when"] = draw(conditions_on(earlier))
    question = {"id": f"q{number}", "ask": "Q", "type": "radios", "options": options}
    return {**question, "required": draw(st.booleans())}


@st.composite
def ways_on(draw, number: int, count: int, names: list[str]) -> list[dict]:
    ways = []
    for _ in range(draw(st.integers(1, 3))):
        way: dict = {"go": f"p{draw(st.integers(number + 1, count - 1))}"}
        if draw(st.integers(0, 3)):
            way["when"] = draw(conditions_on(names))
        ways.append(way)
    return ways


def asks_only_what_there_is(text: str) -> bool:
    """A page that became an exit asks nothing, and a condition may name what it would ask."""
    return not any(fault.code == "unknown-question" for fault in check(text, LIBRARY, today=TODAY))


@given(services().filter(asks_only_what_there_is))
@settings(max_examples=100)
def test_what_is_said_to_be_unreachable_is(text):
    loaded = load_text(text, "definition.yaml", LIBRARY)
    assert loaded.definition is not None
    met = journeys(compile_form(loaded.definition))
    found = check(text, LIBRARY, today=TODAY)
    for fault in found:
        path = fault.where.path
        if fault.code in ("page-never-shown", "page-never-reached"):
            assert loaded.definition.pages[int(path[1])].page not in met.pages
        if fault.code == "no-way-to-finish":
            assert not met.finished
    if met.stuck:
        assert "no-option-left" in {fault.code for fault in found}
