"""Every submission keeps to its version's published schema."""

from datetime import UTC, datetime

import jsonschema
from hypothesis import given
from tests.support.definitions import answered, form_of, journeys, page, radios

from townhall.engine.kinds import KINDS
from townhall.engine.kinds.base import Context
from townhall.engine.route import walk
from townhall.engine.submitted import Submitted, prune
from townhall.submissions.schema import body_of, schema_of

AT = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
CHECKER = jsonschema.Draft202012Validator


def body(form, submitted, **more):
    return body_of(
        form, submitted, reference="7KD4-M2HX-9RTF", received_at=AT, language="en", **more
    )


def proves(form, submitted):
    schema = schema_of(form)
    CHECKER.check_schema(schema)
    checker = CHECKER(schema, format_checker=CHECKER.FORMAT_CHECKER)
    checker.validate(body(form, submitted))


@given(journeys())
def test_every_submission_keeps_to_its_schema(journey):
    form, _, route = journey
    proves(form, prune(form, route))


def test_every_kind_keeps_to_its_schema():
    options = {"options": ["One", "Two"]}
    for name, kind in KINDS.items():
        if not kind.has_value or name in ("group", "computed"):
            continue
        question = {"id": "q", "ask": "What?", "type": name}
        form = form_of([page("p", {**question, **(options if kind.takes_options else {})})])
        sample = kind.sample(form.question("q"), Context(AT.date()))
        proves(form, Submitted({"q": sample}))


def test_holds_names_and_ids_and_never_words():
    form = form_of([page("p", radios("pest", "Rats and mice", name="pest_kind"))])
    submitted = prune(form, walk(form, answered({"pest": "rats-mice"}, "p"), today=AT.date()))
    assert body(form, submitted)["answers"] == {"pest_kind": "rats-mice"}


def test_leaves_out_what_the_reader_may_not_have():
    form = form_of([page("p", radios("pest", "Rats"))])
    made = body(form, Submitted({"pest": "rats"}), leave_out={"pest"})
    assert made["answers"] == {}


def test_refuses_a_word_for_an_option():
    form = form_of([page("p", radios("pest", "Rats"))])
    made = body(form, Submitted({"pest": "rats"}))
    made["answers"]["pest"] = "Rats"
    assert not CHECKER(schema_of(form)).is_valid(made)
