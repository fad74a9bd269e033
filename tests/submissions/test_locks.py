"""What a locked draft asks for: something its person knows, and a stranger hardly guesses."""

from datetime import date
from decimal import Decimal

import pytest
from tests.support.definitions import TODAY, form_of, page, radios
from tests.support.house import SERVICES

from townhall.engine.answers import Answers, Item
from townhall.engine.examples import run_examples
from townhall.engine.form import compile_form
from townhall.engine.library import NOT_SERVICES, Library
from townhall.engine.load import load_service
from townhall.submissions.locks import challenge, holds_personal, same_answer

LIBRARY = Library.shipped().with_folder(SERVICES)
SHIPPED = [file for file in sorted(SERVICES.glob("*.yaml")) if file.name not in NOT_SERVICES]
OWN = {"personal": ["contact"]}
HEALTH = {"personal": ["special"]}
GUESSED = ("radios", "select", "checkboxes", "yes-no", "time", "number", "percent", "declaration")


def ask(kind, **more):
    return {"id": kind, "ask": "What is it?", "type": kind, **OWN, **more}


def chosen(answers, *asked, items=()):
    """The question whose answer is repeated where these are asked, and its item."""
    inner = page("each", ask("text", id="who"), repeat={"id": "people", "item": "person"})
    form = form_of([page("first", *asked), inner])
    held = tuple(Item(str(at), {"who": who}) for at, who in enumerate(items, start=1))
    found = challenge(form, Answers(answers, items={"people": held} if held else {}))
    return found and (found.question, found.item)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (ask("yes-no"), "yes"),
        (radios("radios", "One", "Two", "Three", **OWN), "one"),
        (radios("radios", *"ABCDEF", **OWN), "a"),
        (ask("checkboxes", options=["One", "Two", "Three"]), ("one",)),
        (ask("number"), Decimal(9)),
        (ask("number"), Decimal("42.0")),
        (ask("date", personal="none"), date(2026, 12, 6)),
        (ask("time"), "10:30"),
        (ask("text"), "4a"),
    ],
)
def test_what_five_tries_may_find_is_no_challenge(asked, answer):
    assert chosen({asked["id"]: answer}, asked) is None


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (ask("date"), date(1980, 2, 29)),
        (ask("number"), Decimal("4.85")),
        (ask("select", options=[f"Ward {n}" for n in range(60)]), "ward-1"),
        (ask("checkboxes", options=[f"Day {n}" for n in range(7)]), ("day-1",)),
        (ask("long-text"), "The whole of it"),
        (ask("postcode", personal="none"), "EV1 1AA"),
    ],
)
def test_what_is_hard_to_find_is_one(asked, answer):
    assert chosen({asked["id"]: answer}, asked) == (asked["id"], "")


def test_an_answer_in_a_list_is_one_before_a_long_text():
    words = ask("long-text")
    assert chosen({"long-text": "All of it"}, words, items=("Bo", "Daughter")) == ("who", "2")


def test_what_tells_of_health_is_named_last():
    asked = ask("text", id="illness", **HEALTH), ask("text", id="street")
    answers = {"illness": "Asthma", "street": "Mill Lane"}
    assert chosen(answers, *asked) == ("street", "")
    assert chosen({"illness": "Asthma"}, *asked) == ("illness", "")


def test_a_question_that_holds_another_answer_gives_way():
    asked = ask("text", id="kid"), ask("date", ask="When was {{ kid }} born?")
    answers = {"kid": "Bobbie", "date": date(2019, 3, 4)}
    assert chosen(answers, *asked) == ("kid", "")


@pytest.mark.parametrize("given", ["07700 900982", "+44 (0)7700 900-982", "0044 7700900982"])
def test_a_telephone_number_may_be_written_otherwise(given):
    assert same_answer("+44 7700 900982", given)
    assert not same_answer("+44 7700 900983", given)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_no_shipped_service_asks_what_a_stranger_guesses(file):
    form = compile_form(load_service(file, LIBRARY).definition)
    for run in run_examples(form, LIBRARY.fees, today=TODAY):
        seen = set()
        for step in run.route.steps:
            seen |= {step}
            answers = so_far(form, run.answers, seen)
            if not holds_personal(form, answers):
                continue
            found = challenge(form, answers)
            if found is None:
                assert kinds_in(form, answers) <= set(GUESSED), step
            else:
                assert form.question(found.question).type not in GUESSED, step


def kinds_in(form, answers):
    """The kinds of all that was answered."""
    items = (item.values for held in answers.items.values() for item in held)
    return {form.question(id).type for values in (answers.values, *items) for id in values}


def so_far(form, answers, seen):
    """What had been answered when these pages had been sent."""
    asked = {(one.id, step.item) for step in seen for one in form.leaves_of.get(step.page, ())}
    items = {
        repeat: tuple(
            Item(
                item.id, {id: value for id, value in item.values.items() if (id, item.id) in asked}
            )
            for item in held
        )
        for repeat, held in answers.items.items()
    }
    values = {id: value for id, value in answers.values.items() if (id, "") in asked}
    return Answers(values, items=items)
