"""A question page that is kept whole is what its template draws, whoever it is filled for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.journeys.test_services import LIBRARY, SHIPPED
from tests.support.definitions import TODAY, form_of, journeys, page, post
from tests.ui.test_widgets import MORE

from townhall.engine.answers import Answers
from townhall.engine.form import compile_form
from townhall.engine.kinds import KINDS
from townhall.engine.kinds.base import Context
from townhall.engine.model import Help
from townhall.engine.route import Step
from townhall.runner import screens
from townhall.runner.journey import journey_of
from townhall.runner.screens import Asking, page_view, question_html
from townhall.submissions.locks import Lock
from townhall.submissions.opened import Opened
from townhall.ui import slots, whole
from townhall.ui.drawn import Once
from townhall.ui.page import Frame, Idle, Site, render_live
from townhall.ui.slots import mark
from townhall.ui.whole import plan_of

AT = datetime(2026, 12, 7, 9, tzinfo=UTC)
COUNCIL = LIBRARY.council
SITES = [Site(COUNCIL, COUNCIL.help, language, ("en", "cy")) for language in ("en", "cy")]
EVERYWAY = list(product(SITES, (False, True)))
HOSTILE = [
    "<b>&\"'</b>{{ x }}%s",
    "x" * 10_000 + "ŵ",
    "\n\nfirst\r\nlast",
    "a\nb",
    "\x00\x1b[31m\x85",
    mark(0) + mark(9),
    "  ",
]
NUMBERS = count()


@pytest.fixture(autouse=True)
def cold():
    whole.forget()


def asking(form, answers, visit, site=SITES[0], *, change=False):
    """One page as it is asked for, with what no other request brings."""
    opened = Opened(None, form, answers, Lock.OPEN, AT + timedelta(hours=1), None)
    one = next(NUMBERS)
    idle = Idle(f"Zq7x{one}", f"Zq7x{one}", "/a-service/continue")
    title = form.definition.title
    frame = Frame(site, f"Zq7x{one}", title, "/a", "/a/privacy", idle, f"/Zq7x{one}?<a>")
    return Asking(
        journey_of("a-service", opened, at=AT, today=TODAY, mark=lambda: "c0ffee"),
        visit,
        frame,
        change,
    )


def same(one):
    """The page as it is given, which is what its template draws."""
    given = question_html(one).decode()
    assert given == render_live(page_view(one))
    return given


def samples(form, visit, word="yes"):
    """Values of everything asked; ``word`` is what the first page of ``sheets`` is answered by."""
    values = {
        one.id: form.kind(one).sample(one, Context(TODAY))
        for one in visit.asked
        if one.type != "computed"
    }
    own = {"a-word": word, "a-yes": word, "a-number": Decimal(len(word))}
    return values | {name: own[name] for name in own if name in values}


def hostile(value, text):
    """A value of the same shape with that text in it, whether or not it would have been kept."""
    if isinstance(value, str):
        return text
    if isinstance(value, Mapping):
        return dict.fromkeys(value, text)
    return (*value, text) if isinstance(value, tuple) else value


def visits(form, word="yes"):
    """Every question page, as whoever answers with samples meets it, or as if they did."""
    answers = Answers()
    for _ in range(40):
        journey = asking(form, answers, None).journey
        route = journey.route
        if route.stop is None:
            break
        visit = route.visits[route.stop]
        answers = post(form, answers, route.stop, samples(form, visit, word))
    met = [*route.visits.values(), *map(journey.adding, form.loops.values())]
    pages = {visit.step.page for visit in met}
    met += [
        replace(met[0], step=Step(name), asked=asked, values={})
        for name, asked in form.leaves_of.items()
        if name not in pages
    ]
    for visit in met:
        if not visit.step.listing and not form.pages_by_id[visit.step.page].exit:
            yield answers, visit


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_page_of_a_shipped_service_is_what_its_template_draws(name):
    form = compile_form(SHIPPED[name])
    for number, (answers, visit) in enumerate(visits(form)):
        same(asking(form, Answers(), replace(visit, values={})))
        for at, (site, change) in enumerate(EVERYWAY):
            text = HOSTILE[(number + at) % len(HOSTILE)]
            values = {id: hostile(one, text) for id, one in samples(form, visit).items()}
            same(asking(form, answers, visit, site, change=change))
            same(asking(form, answers, replace(visit, values=values), site, change=change))
    asked = [one for one in form.pages if not one.exit]
    assert sum(plan_of(form, one) is None for one in asked) <= 1


FIRST = page(
    "first",
    {"id": "a-word", "ask": "First?", "type": "text"},
    {"id": "a-yes", "ask": "Sure?", "type": "yes-no"},
    {"id": "a-number", "ask": "How many?", "type": "number"},
)
SURE = {"a-yes": "yes"}
CONTENT = [[], ["Number {{ item.number }}"], ["*Plain*"], [{"heading": "Sure", "when": SURE}]]


@st.composite
def sheets(draw):
    """A page of any kinds of question, alone or in a group, in a repeat or a section, or not."""
    kinds = draw(st.lists(st.sampled_from(sorted(set(KINDS) - {"group"})), max_size=3))
    asked = [
        {"id": f"q{at}", "ask": f"What is {at}?", "type": kind, **MORE.get(kind, {})}
        for at, kind in enumerate(kinds)
    ]
    asked = [{**one, "sum": ["a-number"]} if one["type"] == "computed" else one for one in asked]
    if asked and draw(st.booleans()):
        asked[0]["when"] = SURE
    if asked and draw(st.booleans()):
        asked = [{"id": "group", "ask": "All?", "type": "group", "questions": asked}]
    more = {"title": draw(st.sampled_from(["About it", "Child 1", "Part {{ a-word }}"]))}
    if draw(st.booleans()):
        more["repeat"] = {"id": "r", "item": "child", "min": 1}
        more["content"] = draw(st.sampled_from(CONTENT))
    elif draw(st.booleans()):
        more["section"] = "s"
    title = draw(st.sampled_from(["A service", "Child 2"]))
    sections = [{"section": "s", "title": draw(st.sampled_from(["A part", "About it"]))}]
    return form_of([FIRST, page("p", *asked, **more)], title=title, sections=sections)


@settings(max_examples=20)
@given(sheets() | journeys().map(lambda drawn: drawn[0]), st.data())
def test_every_page_of_any_form_is_what_its_template_draws(form, data):
    texts = st.sampled_from(["", "one", "one\x01", *HOSTILE]) | st.text(max_size=8)
    for answers, visit in [*visits(form), *visits(form, "no")]:
        values = {
            id: hostile(one, data.draw(texts))
            for id, one in samples(form, visit).items()
            if data.draw(st.booleans())
        }
        site, change = data.draw(st.sampled_from(EVERYWAY))
        same(asking(form, answers, replace(visit, values=values), site, change=change))


@pytest.mark.parametrize("kind", ["long-text", "address", "checkboxes", "radios"])
def test_whatever_stands_in_a_box_of_a_group_is_drawn_as_it_is(kind):
    asked = {"id": "q", "ask": "What is it?", "type": kind, **MORE.get(kind, {})}
    form = form_of([page("p", {"id": "g", "ask": "All?", "type": "group", "questions": [asked]})])
    for text in (*HOSTILE, "", "one", "one\x01"):
        for answers, visit in visits(form):
            values = {id: hostile(one, text) for id, one in samples(form, visit).items()}
            same(asking(form, answers, replace(visit, values=values)))


ASKED = {"id": "q", "ask": "What?", "type": "radios", "options": ["One", "Two"]}
CHILD = {"repeat": {"id": "r", "item": "child", "min": 1}}
OTHERWISE = [
    page("p", ASKED, title="Part {{ a-word }}"),
    page("p", {**ASKED, "ask": "Why {{ a-word }}?"}),
    page("p", {**ASKED, "hint": "As {{ a-word }}"}),
    page("p", {**ASKED, "options": ["One", {"id": "two", "say": "{{ a-word }}"}]}),
    page("p", {**ASKED, "options": ["One", {"id": "two", "say": "Two", "when": SURE}]}),
    page("p", {**ASKED, "when": SURE}),
    page("p", ASKED, content=["Since you said {{ a-word }}"]),
    page("p", ASKED, content=[{"heading": "Sure", "when": SURE}]),
    page("p", {"id": "c", "ask": "So many", "type": "computed", "sum": ["a-number"]}),
    page("p", ASKED, content=["Number {{ item.number }}"], **CHILD),
]


@pytest.mark.parametrize("depends", OTHERWISE)
def test_a_page_that_depends_on_answers_is_not_kept(depends):
    form = form_of([FIRST, depends])
    assert plan_of(form, form.pages[0])
    assert plan_of(form, form.pages[1]) is None
    for word in ("yes", "no"):
        for answers, visit in visits(form, word):
            same(asking(form, answers, visit))


@pytest.mark.parametrize("named", ["heading", "title"])
def test_a_caption_that_the_title_holds_already_is_said_once(named):
    more = {named: "Child 1"} if named == "title" else {}
    heading = "Child 1" if named == "heading" else "About"
    form = form_of([page("p", ASKED, **{**CHILD, "title": heading})], **more)
    for answers, visit in visits(form):
        same(asking(form, answers, visit))


def test_a_state_met_again_is_not_drawn_again_and_holds_nothing_of_who_met_it_first(monkeypatch):
    form = compile_form(SHIPPED["compliments-and-complaints"])
    pairs = list(visits(form))

    def drawn(text):
        for answers, visit in pairs:
            values = {id: hostile(one, text) for id, one in samples(form, visit).items()}
            yield question_html(asking(form, answers, replace(visit, values=values))).decode()

    first = list(drawn("Ann Example"))
    assert any("Ann Example" in one for one in first)
    kept, held = whole.kept(), repr(vars(whole._pages))
    assert "Ann Example" not in held
    assert "Zq7x" not in held
    monkeypatch.setattr(screens, "page_view", None)
    for one in drawn("Bea Example"):
        assert "Ann Example" not in one
    assert whole.kept() == kept > 0


def test_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr(whole, "_plans", Once(3))
    for name in ("missed-bin", "dropped-kerb"):
        form = compile_form(SHIPPED[name])
        for answers, visit in visits(form):
            same(asking(form, answers, visit))
            assert len(whole._plans) <= 3
    most = whole._pages.size // 3
    monkeypatch.setattr(slots, "MOST_BYTES", most)
    for answers, visit in visits(form):
        same(asking(form, answers, visit, SITES[1]))
        assert whole._pages.size <= most


def test_a_page_for_another_council_is_never_taken_for_ours():
    form = compile_form(SHIPPED["compliments-and-complaints"])
    answers, visit = next(visits(form))
    helped = replace(SITES[0], help=Help(phone="01632 960999"))
    rehearsed = replace(SITES[0], rehearsal=True)
    for site in (*SITES, helped, rehearsed, replace(SITES[0], languages=())):
        same(asking(form, answers, visit, site))
    assert whole.kept() == 5
