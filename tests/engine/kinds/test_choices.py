"""Radios, select, checkboxes, yes or no."""

import pytest
from tests.support.questions import NOW, OPTIONS, TICKS, codes, kind_of, parse, question

from townhall.engine.kinds.base import BadOperand, BadStored, Choice

RADIOS = question("radios", options=OPTIONS)
TICKED = question("checkboxes", options=TICKS)
YES_NO = question("yes-no")


def fault_codes(q):
    return [fault.code for fault in kind_of(q).faults(q)]


@pytest.mark.parametrize("sent", ["wasps", "Rats", "rats ", "\0", "rats\0", "__class__", "or"])
def test_what_is_not_on_offer_is_never_an_answer(sent):
    for type in ("radios", "select"):
        assert codes(parse(question(type, options=OPTIONS), sent)) == [("not_an_option", "")]
    assert codes(parse(TICKED, "rats", sent)) == [("not_an_option", "")]
    assert codes(parse(YES_NO, sent)) == [("not_an_option", "")]


def test_an_option_that_is_offered_no_longer_is_a_problem_at_receive():
    fewer = question("radios", options=OPTIONS[:1])
    assert codes(kind_of(fewer).problems(fewer, "mice", NOW)) == [("not_an_option", "")]
    fewer = question("checkboxes", options=OPTIONS[:1])
    assert codes(kind_of(fewer).problems(fewer, ("mice",), NOW)) == [("not_an_option", "")]


def test_one_of_several_that_were_sent_is_the_first():
    assert kind_of(RADIOS).parse(RADIOS, {"q": ["mice", "rats"]}, NOW) == "mice"


def test_ticks_are_kept_once_each_and_in_order():
    assert parse(TICKED, "mice", "rats", "mice", "") == ("rats", "mice")
    assert parse(TICKED, *["rats"] * 5_000) == ("rats",)


def test_choices_hold_words_hints_and_dividers():
    assert kind_of(TICKED).choices(TICKED) == (
        Choice("rats", "Rats"),
        Choice("mice", "Mice", "Or voles"),
        Choice("", "", divider="or"),
        Choice("none", "None of these", exclusive=True),
    )
    assert [choice.say for choice in kind_of(YES_NO).choices(YES_NO, "cy")] == ["Ie", "Na"]
    assert kind_of(question("text")).choices(question("text")) == ()


def test_answers_are_shown_in_the_options_words():
    assert kind_of(RADIOS).show(RADIOS, "mice") == ["Mice"]
    assert kind_of(TICKED).show(TICKED, ("rats", "mice")) == ["Rats", "Mice"]
    assert kind_of(YES_NO).show(YES_NO, "no", "cy-GB") == ["Na"]
    assert kind_of(RADIOS).show(RADIOS, "gone") == ["gone"]


def test_an_exclusive_choice_stands_alone():
    found = parse(TICKED, "rats", "none")
    assert codes(found) == [("not_with_others", "")]
    assert found[0].params == {"option": "None of these"}
    assert parse(question("checkboxes", options=TICKS, at_least=2), "none") == ("none",)


@pytest.mark.parametrize(
    ("keys", "sent", "code"),
    [
        ({"exactly": "2"}, ["rats"], "not_exactly"),
        ({"at_least": 2}, ["rats"], "too_few"),
        ({"at_most": 1}, ["rats", "mice"], "too_many"),
    ],
)
def test_how_many(keys, sent, code):
    q = question("checkboxes", options=TICKS, **keys)
    assert codes(parse(q, *sent)) == [(code, "")]


def test_a_sample_has_as_many_as_are_needed():
    q = question("checkboxes", options=TICKS, at_least=2)
    assert kind_of(q).sample(q, NOW) == ("rats", "mice")
    only = question("checkboxes", options=TICKS[3:])
    assert kind_of(only).sample(only, NOW) == ("none",)


def test_operands_are_option_ids():
    assert kind_of(RADIOS).operand(RADIOS, "rats") == "rats"
    assert kind_of(TICKED).operand(TICKED, "rats") == ("rats",)
    assert kind_of(YES_NO).operand(YES_NO, "True") == "yes"
    with pytest.raises(BadOperand, match="rats, mice, none"):
        kind_of(RADIOS).operand(RADIOS, "Rats")


@pytest.mark.parametrize("stored", [5, None, True, ["rats"], {}])
def test_only_an_id_loads(stored):
    with pytest.raises(BadStored):
        kind_of(RADIOS).load(RADIOS, stored)


@pytest.mark.parametrize("stored", [5, None, "rats", [1], {}])
def test_only_a_list_of_ids_loads(stored):
    with pytest.raises(BadStored):
        kind_of(TICKED).load(TICKED, stored)


def test_examples_write_ids_and_yes_in_any_way():
    assert kind_of(TICKED).as_posted(TICKED, ["rats", "mice"]) == {"q": ["rats", "mice"]}
    assert kind_of(TICKED).as_posted(TICKED, "rats") == {"q": ["rats"]}
    assert kind_of(YES_NO).as_posted(YES_NO, "Yes") == {"q": ["yes"]}
    assert kind_of(YES_NO).as_posted(YES_NO, False) == {"q": ["no"]}
    assert kind_of(YES_NO).as_posted(YES_NO, None) == {"q": [""]}


@pytest.mark.parametrize(
    ("type", "keys", "found"),
    [
        ("radios", {}, ["no_options"]),
        ("select", {"options": [{"divider": "or"}]}, ["no_options"]),
        ("radios", {"options": TICKS}, ["exclusive_alone"]),
        ("checkboxes", {}, ["no_options"]),
        ("checkboxes", {"options": TICKS, "exactly": 3}, ["too_few_options"]),
        ("checkboxes", {"options": TICKS, "at_least": 2, "at_most": 1}, ["limits_cross"]),
        ("checkboxes", {"options": TICKS, "exactly": 1, "at_most": 1}, ["two_counts"]),
        ("yes-no", {"options": OPTIONS}, ["options_not_used"]),
        ("yes-no", {}, []),
    ],
)
def test_options_and_counts_that_make_no_sense(type, keys, found):
    assert fault_codes(question(type, **keys)) == found
