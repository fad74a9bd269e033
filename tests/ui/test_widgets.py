"""Every kind is drawn, its errors stand where a person finds them, and nothing becomes markup."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from tests.support.definitions import form_of, page

from townhall.engine.answers import Scope
from townhall.engine.kinds import KINDS
from townhall.engine.kinds.base import Context
from townhall.engine.validation import asked, parse_page
from townhall.ui.questions import Drawing, Sheet, refilled
from townhall.ui.widgets import WIDGETS, install
from townhall.ui.wording import Telling
from townhall.ui.words import words_in

TODAY = date(2026, 12, 7)
OPTIONS = ["One", "Two", {"divider": "or"}, {"id": "none", "say": "None", "hint": "Of these"}]
MORE = {
    "radios": {"options": OPTIONS},
    "checkboxes": {"options": OPTIONS},
    "select": {"options": ["One", "Two"]},
    "computed": {"sum": ["count"]},
    "group": {"questions": [{"id": "inner", "ask": "Inside?", "type": "text"}]},
}
COUNT = {"id": "count", "ask": "How many?", "type": "number"}
NASTY = st.text(alphabet=st.sampled_from(list("<>&\"'{}%/ \n=()ab")), min_size=1, max_size=40)


def form_with(kind, **more):
    question = {"id": "q", "ask": "What is it?", "type": kind, **MORE.get(kind, {}), **more}
    return form_of([page("one", COUNT, question)])


def drawn(form, raw, problems=(), language="en"):
    one = form.pages[0]
    questions = asked(form, one, Scope(), TODAY)
    sheet = Sheet(one, questions, raw, tuple(problems))
    return Drawing(form, sheet, Telling(form, Scope(), words_in(language)))


def soup(drawing):
    return BeautifulSoup(str(drawing.html()), "html.parser")


def test_every_kind_has_a_widget_and_no_widget_is_left_over():
    assert set(WIDGETS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"computed", "group"}))
def test_what_is_filled_in_reads_back_as_the_same_answer(kind):
    form = form_with(kind)
    question = form.question("q")
    value = form.kind(question).sample(question, Context(TODAY))
    page = soup(drawn(form, refilled(form, [question], {"q": value})))
    posted = _posted(page)
    assert form.kind(question).parse(question, posted, Context(TODAY)) == value


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"computed"}))
@pytest.mark.parametrize("language", ["en", "cy"])
def test_each_error_links_to_a_control_and_stands_beside_it(kind, language):
    form = form_with(kind)
    result = parse_page(form, form.pages[0], {}, Scope(), TODAY)
    drawing = drawn(form, {}, result.problems, language)
    page = soup(drawing)
    assert drawing.errors()[0]["href"] == "#count"
    for error in drawing.errors():
        control = page.select_one(error["href"])
        assert control.name in ("input", "select", "textarea")
        beside = page.select(".govuk-error-message")
        assert any(error["text"] in message.text for message in beside)
    assert page.select_one(".govuk-error-message .govuk-visually-hidden").text.strip("\n: ") == (
        "Error" if language == "en" else "Gwall"
    )


def test_only_the_wrong_part_of_a_date_is_marked():
    form = form_with("date")
    raw = {"q-day": ["31"], "q-month": ["2"], "q-year": ["99"], "count": ["1"]}
    result = parse_page(form, form.pages[0], raw, Scope(), TODAY)
    drawing = drawn(form, raw, result.problems)
    marked = [box["id"] for box in soup(drawing).select("input.govuk-input--error")]
    assert marked == ["q-year"]
    assert drawing.errors()[0]["href"] == "#q-year"


def test_an_optional_question_says_so():
    page = soup(drawn(form_with("text", required=False), {}))
    assert page.select_one("label[for=q]").text.strip() == "What is it? (optional)"


def test_a_group_holds_its_questions_under_one_legend():
    page = soup(drawn(form_with("group"), {}))
    assert page.select_one("fieldset legend").text.strip() == "What is it?"
    assert page.select_one("fieldset input#inner") is not None


def test_numbers_never_use_the_number_type():
    for kind in ("number", "money", "percent", "date", "month-year", "time"):
        assert not soup(drawn(form_with(kind), {})).select("[type=number]")


def test_only_a_kind_that_nobody_draws_may_be_added():
    with pytest.raises(ValueError, match="already"):
        install({"text": WIDGETS["text"]})


@given(text=NASTY)
@pytest.mark.parametrize("kind", ["text", "long-text", "name", "email", "number"])
def test_nothing_typed_becomes_markup(kind, text):
    form = form_with(kind)
    page = soup(drawn(form, {"q": [text]}))
    control = page.select_one("#q")
    held = control.get_text().removeprefix("\n") if kind == "long-text" else control["value"]
    assert held == text
    assert not page.select("b, a, script, img")


@given(text=NASTY)
def test_an_earlier_answer_in_a_label_is_text(text):
    first = {"id": "who", "ask": "Who?", "type": "text"}
    form = form_of([page("one", first), page("two", {**first, "id": "q", "ask": "And {{ who }}?"})])
    scope = Scope({"who": text})
    one = form.pages[1]
    sheet = Sheet(one, asked(form, one, scope, TODAY), {})
    html = Drawing(form, sheet, Telling(form, scope, words_in("en"))).html()
    label = BeautifulSoup(str(html), "html.parser").select_one("label")
    assert " ".join(label.text.split()) == " ".join(f"And {text}?".split())
    assert not label.find_all()


def test_the_pages_only_question_is_its_heading():
    form = form_of([{"page": "one", "questions": [COUNT]}])
    page = soup(drawn(form, {}))
    assert page.h1.text.strip() == "How many?"


def test_an_authors_autocomplete_stands_over_the_kinds():
    page = soup(drawn(form_with("email", autocomplete="work email"), {}))
    assert page.select_one("#q")["autocomplete"] == "work email"


def _posted(page):
    posted = {}
    for control in page.select("input, select, textarea"):
        if control.get("type") in ("radio", "checkbox") and not control.has_attr("checked"):
            continue
        if control.name == "select":
            value = control.select_one("option[selected]")["value"]
        elif control.name == "textarea":
            value = control.get_text().removeprefix("\n")
        else:
            value = control.get("value", "")
        posted.setdefault(control["name"], []).append(value)
    return posted


def test_why_a_contact_is_required_is_said_at_the_question():
    form = form_with("email", reason="We send the decision there.")
    assert "We send the decision there." in soup(drawn(form, {})).select_one("#q-hint").text
    form = form_with("email", hint="Look in your letter.", reason="We send the decision there.")
    said = soup(drawn(form, {})).select_one("#q-hint").text.strip()
    assert said == "Look in your letter. We send the decision there."
