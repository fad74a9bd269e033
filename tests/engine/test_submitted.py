"""What is kept, what it costs, whom it goes to, and why a page was shown."""

from datetime import date
from decimal import Decimal

import pytest
from tests.support.definitions import TODAY, answered, form_of, page, post, radios

from townhall.engine.answers import Answers, PageRow, Scope, dump_page, load_answers
from townhall.engine.examples import run_examples
from townhall.engine.explain import condition_words, explain
from townhall.engine.fees import FeeTables, read_prices
from townhall.engine.route import Step, walk
from townhall.engine.submitted import fee_for, lines, prune, recipients, route_lines, scope_of

PRICES = read_prices(
    {
        "prices": {
            "treatment": [
                {"from": "2026-04-01", "pounds": "45.00"},
                {"from": "2027-04-01", "pounds": "47.50"},
            ],
            "further": [{"from": "2026-04-01", "pounds": "15.00"}],
            "less": [{"from": "2026-04-01", "pounds": "-100.00"}],
        }
    }
)
NESTS = {
    "id": "nests",
    "ask": "How many nests are there?",
    "type": "number",
    "min": "1",
    "max": "9",
}
FEE = [
    {"line": "Treatment", "price": "treatment"},
    {
        "line": "Each further nest",
        "price": "further",
        "times": "nests",
        "after_first": "1",
        "when": {"pest": "wasps"},
    },
]
FORM = form_of(
    [
        page("which", radios("pest", "rats", "wasps")),
        page("how-many", NESTS, when={"pest": "wasps"}),
    ],
    fee=FEE,
    deliver=[{"to": "inbox"}, {"to": "wasp-system", "when": {"pest": "wasps"}}],
    examples=[
        {"name": "Two nests", "answers": {"pest": "wasps", "nests": "2"}, "fee": "60.00"},
        {"name": "Rats", "answers": {"pest": "rats"}, "visits": ["which"], "fee": "45.00"},
        {
            "name": "Too many",
            "answers": {"pest": "wasps", "nests": "10"},
            "fails": {"nests": "too_big"},
        },
    ],
)


def complete(values: dict[str, object], *pages: str) -> object:
    return prune(FORM, walk(FORM, answered(values, *pages), today=TODAY))


@pytest.mark.parametrize(
    ("on", "pest", "expected"),
    [
        (date(2026, 12, 7), "wasps", "75.00"),
        (date(2026, 12, 7), "rats", "45.00"),
        (date(2027, 4, 1), "rats", "47.50"),
    ],
)
def test_a_fee_takes_the_price_of_its_day(on: date, pest: str, expected: str) -> None:
    route = walk(
        FORM, answered({"pest": pest, "nests": Decimal(3)}, "which", "how-many"), today=TODAY
    )
    assert fee_for(FORM, route.scope, PRICES, on=on, today=TODAY).pounds == Decimal(expected)


def test_a_reduction_never_takes_a_fee_below_nothing() -> None:
    form = form_of([page("which", radios("pest", "rats"))], fee=[{"line": "Less", "price": "less"}])
    route = walk(form, answered({"pest": "rats"}, "which"), today=TODAY)
    assert fee_for(form, route.scope, PRICES, on=TODAY, today=TODAY).pounds == 0


def test_a_fee_may_be_multiplied_by_the_items_of_a_repeat() -> None:
    name = {"id": "name", "ask": "Which?", "type": "text", "personal": "none"}
    form = form_of(
        [page("nest", name, repeat={"id": "sites", "min": "0"})],
        fee=[{"line": "Each", "price": "further", "times": "sites"}],
    )
    for count, expected in ((0, 0), (1, 15), (2, 30)):
        scope = Scope(repeats={"sites": [{"name": "a"}] * count})
        assert fee_for(form, scope, PRICES, on=TODAY, today=TODAY).pounds == expected


def test_a_day_without_a_price_is_an_error_that_names_the_key() -> None:
    route = walk(FORM, answered({"pest": "rats"}, "which"), today=TODAY)
    with pytest.raises(KeyError, match="treatment"):
        fee_for(FORM, route.scope, FeeTables(), on=TODAY, today=TODAY)


def test_recipients_are_those_whose_condition_holds() -> None:
    submitted = complete({"pest": "rats"}, "which")
    assert [one.to for one in recipients(FORM, scope_of(submitted), today=TODAY)] == ["inbox"]  # type: ignore[arg-type]


def test_the_author_s_examples_are_run() -> None:
    runs = run_examples(FORM, PRICES, today=TODAY)
    assert [run.failures for run in runs] == [(), (), ()]


def test_a_failing_example_says_what_differs() -> None:
    form = form_of(
        [page("which", radios("pest", "rats", "wasps"))],
        examples=[
            {"name": "Wrong", "answers": {"pest": "rats"}, "visits": ["elsewhere"], "fee": "3.00"},
            {"name": "Filled in", "answers": {}},
        ],
    )
    wrong, filled = run_examples(form, PRICES, today=TODAY)
    assert wrong.failures == ("it visits which, not elsewhere", "its fee is £0.00, not £3.00")
    assert filled.samples == {"pest": "rats"}


def test_answers_are_given_in_words_in_page_order() -> None:
    route = walk(
        FORM, answered({"pest": "wasps", "nests": Decimal(2)}, "which", "how-many"), today=TODAY
    )
    shown = [(line.question.id, line.shown) for line in route_lines(FORM, route)]
    assert shown == [("pest", ("wasps",)), ("nests", ("2",))]
    assert [line.shown for line in lines(FORM, prune(FORM, route))] == [("wasps",), ("2",)]


def test_a_draft_is_stored_page_by_page_and_the_newest_answer_wins() -> None:
    rows = [
        PageRow("which", "", 1, dump_page(FORM, {"pest": "wasps"})),
        PageRow("how-many", "", 2, dump_page(FORM, {"nests": Decimal(2)})),
        PageRow("which", "", 3, dump_page(FORM, {"pest": "rats"})),
    ]
    loaded = load_answers(FORM, rows)
    assert loaded.values == {"pest": "rats", "nests": Decimal(2)}
    assert loaded.posted == {"which", "how-many"}


def test_a_page_that_the_definition_no_longer_has_is_passed_by() -> None:
    assert load_answers(FORM, [PageRow("gone", "", 1, {"x": "y"})]) == Answers()


LOOP = form_of(
    [
        page(
            "child", {"id": "age", "ask": "How old?", "type": "number"}, repeat={"id": "children"}
        ),
        page("total", {"id": "sum", "ask": "Ages", "type": "computed", "sum": ["children.age"]}),
    ]
)


def test_items_are_stored_under_their_ids_and_summed() -> None:
    answers = post(LOOP, Answers(), Step("child", "1"), {"age": Decimal(4)})
    answers = post(LOOP, answers, Step("child", "2"), {"age": Decimal(5)})
    rows = [
        PageRow("child", item.id, number, dump_page(LOOP, item.values))
        for number, item in enumerate(answers.items["children"])
    ]
    rows += [PageRow("children", "", 8, {}), PageRow("total", "", 9, {})]
    route = walk(LOOP, load_answers(LOOP, rows), today=TODAY)
    assert route.complete
    submitted = prune(LOOP, route)
    assert submitted.values == {"sum": Decimal(9)}
    assert submitted.items["children"] == ({"age": Decimal(4)}, {"age": Decimal(5)})
    numbers = [(line.item, line.shown) for line in lines(LOOP, submitted) if line.repeat]
    assert numbers == [(1, ("4",)), (2, ("5",))]


def test_why_a_page_was_or_was_not_shown_is_told_in_words() -> None:
    rats = answered({"pest": "rats"}, "which")
    assert explain(FORM, rats, "how-many", today=TODAY) == (
        "‘About how-many’ was not shown because ‘Which pest?’ was ‘rats’, "
        "and it would have to be that it is ‘wasps’."
    )
    wasps = answered({"pest": "wasps"}, "which")
    assert explain(FORM, wasps, "how-many", today=TODAY) == (
        "‘About how-many’ was shown because ‘Which pest?’ was ‘wasps’."
    )
    assert "comes first" in explain(FORM, Answers(), "how-many", today=TODAY)


def test_a_condition_is_told_in_words() -> None:
    when = FORM.page("how-many").when  # type: ignore[union-attr]
    assert condition_words(when, FORM) == "‘Which pest?’ is ‘wasps’"
