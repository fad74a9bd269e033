"""What is drawn once is given to everyone, and shows nobody another's words."""

import tracemalloc
from datetime import date
from itertools import count

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.definitions import form_of, page, radios
from tests.ui.test_shapes import TEMPLATE, TEXT
from tests.ui.test_widgets import NASTY

from townhall.engine.answers import Answers, Item
from townhall.engine.route import walk
from townhall.engine.wording_names import lower_first
from townhall.ui import summary
from townhall.ui.content import content_html
from townhall.ui.drawn import Filled, Once
from townhall.ui.summary import summary_html
from townhall.ui.wording import Telling
from townhall.ui.words import words_in

TODAY = date(2026, 12, 7)
REPEAT = {"id": "children", "min": 0, "max": 3, "item": "child", "items": "{{ who }}’s children"}
PAGES = [
    page("who", {"id": "who", "ask": "Who?", "type": "text", "personal": "none"}, section="you"),
    page("home", {"id": "home", "ask": "Where?", "type": "address"}, section="you"),
    page("sure", radios("sure", "Yes", "No"), section="on"),
    page(
        "child",
        {"id": "name", "ask": "Their name?", "type": "name"},
        {"id": "ill", "ask": "Is {{ name }} of {{ who }} ill?", "type": "yes-no"},
        {"id": "more", "ask": "More?", "type": "long text", "required": False},
        repeat=REPEAT,
    ),
    page("end", {"id": "end", "ask": "{{ who }}, anything?", "type": "text", "required": False}),
]
SECTIONS = [{"section": "you", "title": "You"}, {"section": "on", "title": "About {{ who }}"}]
FORM = form_of(PAGES, sections=SECTIONS, languages=["en", "cy"])
WORDS = NASTY.map(lambda text: text.strip() or "x")
CHILD = st.fixed_dictionaries(
    {"name": WORDS, "ill": st.sampled_from(["yes", "no"])}, optional={"more": WORDS}
)
CHILDREN = st.tuples(st.integers(1, 2), st.lists(CHILD, max_size=2))
DRAFT = st.tuples(WORDS, st.sampled_from(["yes", "no"]), CHILDREN, WORDS)


def route_of(draft):
    who, sure, (first, children), line = draft
    home = {"line1": line, "town": who, "postcode": "AA1 1AA"}
    posted = frozenset({"who", "home", "sure", "children", "end"})
    items = [Item(str(n), one, frozenset({"child"})) for n, one in enumerate(children, first)]
    values = {"who": who, "home": home, "sure": sure}
    route = walk(FORM, Answers(values, posted, {"children": tuple(items)}), today=TODAY)
    assert route.complete, route
    return route


def told(draft, language):
    route = route_of(draft)
    tell = Telling(FORM, route.scope, words_in(language))
    return summary_html(route, tell, lambda step: f"/{step.page}/{step.item}")


@settings(max_examples=25)
@given(st.lists(st.tuples(DRAFT, st.sampled_from(["en", "cy"])), min_size=1, max_size=4))
def test_check_answers_never_mixes_two_drafts_or_two_languages(asked):
    """Drawn after others or first of all, it is the same; and it says each answer as typed."""
    after_others = [told(*one) for one in asked]
    for one, html in zip(asked, after_others, strict=True):
        summary._summaries.forget()
        assert told(*one) == html
        (who, _, (_, children), line), language = one
        said = BeautifulSoup(html, "html.parser").get_text("\n")
        for text in (who, line, *[child["name"] for child in children]):
            assert all(part.strip() in said for part in text.split("\n"))
        assert ("Change" in said) is (language == "en")


@given(st.lists(st.tuples(st.sampled_from("kl"), TEXT, st.lists(TEXT, max_size=3)), max_size=6))
def test_what_is_filled_is_what_is_drawn(asked):
    kept = Filled()
    for key, one, rows in asked:

        def live(texts, key=key):
            first, *rest = texts
            return TEMPLATE.render(a=key, b=first, rows=[{"text": text} for text in rest])

        assert kept.draw(key, [one, *rows], live) == live([one, *rows])


def test_what_is_kept_takes_no_more_than_it_is_said_to():
    kept = Filled()
    tracemalloc.start()
    for number in range(20):
        key = tuple((f"page{at}", str(number), False) for at in range(100))
        kept.draw(key, ["x"] * 500, "<p>".join)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(kept) == 20
    assert taken < kept.size


def test_a_thing_is_made_once_and_all_are_dropped_where_there_would_be_too_many():
    kept, made = Once(most=2), count()
    for key in "aabbcab":
        kept.get(key, lambda: next(made))
        assert len(kept) <= 2
    assert next(made) == 5


def test_a_thing_that_is_none_is_made_once_too():
    kept, made = Once(most=2), []
    for _ in range(2):
        assert kept.get("key", lambda: made.append(1)) is None
    assert made == [1]


def test_words_that_hold_an_answer_are_drawn_for_each_person():
    blocks = form_of([page("one", radios("a", "Yes"), content=[{"inset": "Dear {{ who }}"}])])
    for who in ("Bo", "Cy"):
        route = route_of((who, "yes", (1, []), "x"))
        tell = Telling(FORM, route.scope, words_in("en"))
        html = content_html(blocks.pages[0].content, tell.prose, tell.plain, tell.say)
        assert f"Dear {who}" in html


@pytest.mark.parametrize("first", ["What did {{ who }} see?", "What?"])
def test_a_question_asked_again_in_words_that_hold_an_answer_leaves_each_answer_in_its_row(first):
    """Of two places of one question only one may hold an answer in its words (``as``)."""
    last = "What?" if "{{" in first else "What did {{ who }} see?"
    asked = {"id": "what", "type": "text", "personal": "none"}
    form = form_of(
        [
            page("who", {"id": "who", "ask": "Who?", "type": "text"}),
            page("one", asked | {"ask": first}),
            page("between", {"id": "between", "ask": "Between?", "type": "text"}),
            page("two", asked | {"ask": last}),
        ]
    )
    posted = frozenset({"who", "one", "between", "two"})
    for who in ("Bo", "Cy"):
        values = {"who": who, "what": f"{who}’s dog", "between": "tea"}
        route = walk(form, Answers(values, posted), today=TODAY)
        tell = Telling(form, route.scope, words_in("en"))
        drawn = BeautifulSoup(
            summary_html(route, tell, lambda step: f"/{step.page}"), "html.parser"
        )
        rows = [row.get_text("|", strip=True) for row in drawn.select(".govuk-summary-list__row")]
        name = first.replace("{{ who }}", who)
        hidden = lower_first(name)
        assert rows == [
            f"Who?|{who}|Change|who?",
            f"{name}|{who}’s dog|Change|{hidden}",
            "Between?|tea|Change|between?",
        ]
