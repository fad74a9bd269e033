"""Questions of every kind, and strategies for answers to them."""

from datetime import date, time
from decimal import Decimal

from hypothesis import strategies as st

from townhall.engine.kinds import KINDS
from townhall.engine.kinds.base import Context
from townhall.engine.kinds.typed import is_blank
from townhall.engine.question import Question

TODAY = date(2026, 11, 23)
NOW = Context(TODAY)
OPTIONS = [
    {"id": "rats", "say": "Rats"},
    {"id": "mice", "say": "Mice", "hint": "Or voles"},
    {"divider": "or"},
    {"id": "none", "say": "None of these"},
]
TICKS = [*OPTIONS[:3], {"id": "none", "say": "None of these", "exclusive": True}]


def question(type: str, ask: str = "What is your answer?", **keys) -> Question:
    """A question as the model reads it from a file."""
    return Question.model_validate({"id": "q", "ask": ask, "type": type, **keys})


def kind_of(q: Question):
    return KINDS[q.type]


def parse(q: Question, *texts: str, ctx: Context = NOW):
    """What a kind makes of texts sent to its boxes, in order; limits included."""
    kind = kind_of(q)
    parts = kind.parts(q)
    raw = (
        {parts[0]: texts}
        if len(parts) == 1
        else dict(zip(parts, ([t] for t in texts), strict=False))
    )
    value = kind.parse(q, raw, ctx)
    if isinstance(value, list) or value is None:
        return value
    return kind.problems(q, value, ctx) or value


def codes(outcome) -> list[tuple[str, str]]:
    """The (code, part) of each problem; fails where there is none."""
    assert isinstance(outcome, list), outcome
    return [(str(problem.code), problem.part) for problem in outcome]


LINE = (
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)
    .map(str.strip)
    .filter(lambda text: not is_blank(text))
)
LINES = (
    st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=200)
    .map(lambda text: text.replace("\u2028", " ").strip())
    .filter(lambda text: not is_blank(text))
)
DAYS = st.dates(date(1800, 1, 1), date(2199, 12, 31))
IDS = ("rats", "mice", "none")


def decimals(places: int, low: int = -(10**15) + 1, high: int = 10**15 - 1):
    return st.integers(low * 10**places, high * 10**places).map(
        lambda number: Decimal(number).scaleb(-places)
    )


CASES = {
    "text": (question("text"), LINE),
    "text with affixes": (question("text", prefix="GB", suffix="kg"), LINE),
    "text with pattern": (
        question("text", pattern={"matches": "[A-Z]{2}[0-9]{6}", "say": "Enter 2 letters"}),
        st.from_regex(r"\A[A-Z]{2}[0-9]{6}\Z"),
    ),
    "text with lengths": (
        question("text", min_length="3", max_length="9"),
        st.text("abc123", min_size=3, max_size=9),
    ),
    "long-text": (question("long text"), LINES),
    "long-text in words": (question("long-text", max_words=3), st.just("one two\nthree")),
    "number": (question("number"), decimals(0)),
    "number with decimals": (question("number", decimals=3, suffix="metres"), decimals(3)),
    "number with limits": (question("number", min=2, max="9"), decimals(0, 2, 9)),
    "money": (question("money"), decimals(2, 0)),
    "whole pounds": (question("money", decimals=0, min="-5", max="-1"), decimals(0, -5, -1)),
    "percent": (question("percent", decimals="1"), decimals(1, 0, 100)),
    "date": (question("date"), DAYS),
    "birth date": (question("date", birth="yes", max="today"), st.dates(date(1900, 1, 1), TODAY)),
    "date with limits": (
        question("date", min="today + 2 working days", max="2027-01-31"),
        st.dates(date(2026, 11, 25), date(2027, 1, 31)),
    ),
    "month-year": (question("month and year"), DAYS.map(lambda day: day.replace(day=1))),
    "month-year with limits": (
        question("month-year", min="today", max="2027-02"),
        st.sampled_from([date(2026, 11, 1), date(2027, 2, 1)]),
    ),
    "time": (question("time"), st.builds(time, st.integers(0, 23), st.integers(0, 59))),
    "email": (
        question("email"),
        st.from_regex(r"\A[a-z0-9]+(\.[a-z0-9]+)?@([a-z0-9]{1,9}\.){1,3}[a-z]{2,9}\Z"),
    ),
    "phone": (question("phone"), st.from_regex(r"\A07[0-9]{3} [0-9]{6}\Z")),
    "mobile": (
        question("phone", mobile="true", international="no"),
        st.from_regex(r"\A\+44 7[0-9]{9}\Z"),
    ),
    "url": (question("url"), st.from_regex(r"\Ahttps?://[a-z]{1,9}\.[a-z]{2,5}(/[a-z]{0,9})?\Z")),
    "radios": (question("radios", options=OPTIONS), st.sampled_from(IDS)),
    "select": (question("select", options=OPTIONS), st.sampled_from(IDS)),
    "checkboxes": (
        question("checkboxes", options=TICKS),
        st.sampled_from([("rats",), ("mice",), ("rats", "mice"), ("none",)]),
    ),
    "two checkboxes": (
        question("checkboxes", options=TICKS, exactly=2),
        st.sampled_from([("rats", "mice"), ("none",)]),
    ),
    "yes-no": (question("yes/no"), st.sampled_from(["yes", "no"])),
    "name": (question("name"), LINE),
    "two names": (
        question("name", parts="first-last"),
        st.fixed_dictionaries({"first": LINE, "last": LINE}),
    ),
    "address": (
        question("address"),
        st.fixed_dictionaries(
            {"line1": LINE, "town": LINE, "postcode": st.sampled_from(["SK1 1AA", "BFPO 57"])},
            optional={"line2": LINE, "county": LINE},
        ),
    ),
    "postcode": (question("postcode"), st.sampled_from(["SW1A 2AA", "GIR 0AA", "M1 1AA"])),
    "declaration": (question("declaration"), st.just("yes")),
}
