"""From text to a definition: faults with their line and remedy, and one canonical spelling."""

from pathlib import Path

import pytest
from hypothesis import given
from tests.support.definitions import define, page, plain_pages, radios

from townhall.engine.library import Library
from townhall.engine.load import (
    Loaded,
    canonical,
    definition_from_json,
    load_service,
    load_text,
    version_of,
)
from townhall.engine.question import Question

HEAD = """\
townhall: 1
service: a-thing
title: A thing
confirmation: {next: We will look at it.}
"""


def loaded(text: str, folder: Path | None = None) -> Loaded:
    return load_text(text, "thing.yaml", Library.shipped(), folder=folder)


def fault_of(text: str) -> str:
    found = loaded(text)
    assert found.definition is None
    return str(found.faults[0])


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        (
            "  - {page: a, questons: []}",
            "thing.yaml:6: unknown-key: `questons` is not a key",
        ),
        (
            "  - page: a\n    questions:\n      - {id: x, ask: Which?, type: radio buttons}",
            "thing.yaml:8: unknown-kind: `radio buttons` is not a kind of question. Did you mean",
        ),
        (
            "  - page: a\n    questions:\n      - {id: x, ask: Which?, type: number, mim: 3}",
            "thing.yaml:8: unknown-key: `mim` is not a key of the language here. Did you mean",
        ),
        (
            "  - page: a\n    when: {x: {like: y}}",
            "thing.yaml:7: bad-condition: `like` is not an operator. Use one of: is,",
        ),
        ("  - {title: No name}", "thing.yaml:6: missing-key: `page` is missing. Add `page:` here."),
        ("  - {use: nobody-home@1}", "thing.yaml:6: unknown-block: There is no shared block"),
    ],
)
def test_a_fault_names_its_line_and_its_remedy(pages: str, expected: str) -> None:
    assert fault_of(f"{HEAD}pages:\n{pages}\n").startswith(expected)


def test_a_wrong_setting_of_a_kind_is_a_fault_at_its_own_line() -> None:
    text = HEAD + (
        "pages:\n  - page: a\n    questions:\n      - id: x\n        ask: How many?\n"
        "        type: number\n        min: lots of them\n"
    )
    assert fault_of(text).startswith("thing.yaml:11: ")


def test_every_fault_is_reported_in_one_run() -> None:
    found = loaded("townhall: 2\nservice: A thing\npages:\n  - {page: X}\n")
    assert len(found.faults) >= 4


def test_the_words_are_the_characters_typed() -> None:
    text = HEAD + (
        "pages:\n  - page: a\n    questions:\n      - id: x\n        ask: Which one?\n"
        "        type: radios\n        options: [Yes, No, 0161, 1.10, null, 2026-12-01]\n"
    )
    definition = loaded(text).definition
    assert definition is not None
    says = [option.say for option in definition.pages[0].questions[0].options]
    assert says == ["Yes", "No", "0161", "1.10", "null", "2026-12-01"]


def test_options_without_an_id_are_remembered_as_made() -> None:
    text = HEAD + (
        "pages:\n  - page: a\n    questions:\n      - id: x\n        ask: Which one?\n"
        "        type: radios\n        options: [Rats & mice, {id: w, say: Wasps}]\n"
    )
    found = loaded(text)
    assert found.made_ids == {("x", "Rats & mice")}
    assert found.definition is not None
    assert found.definition.pages[0].questions[0].options[0].id == "rats-mice"


def test_a_question_declared_once_is_placed_under_other_words() -> None:
    text = HEAD + (
        "questions:\n  - {id: phone, ask: What is your phone number?, type: phone}\n"
        "pages:\n  - page: a\n    questions:\n      - {ask_again: phone}\n"
        "  - page: b\n    questions:\n      - {ask_again: phone, as: And your number?}\n"
    )
    definition = loaded(text).definition
    assert definition is not None
    first, second = (page.questions[0] for page in definition.pages)
    assert (first.id, second.id, second.ask) == ("phone", "phone", "And your number?")


def test_a_list_comes_from_a_file_beside_the_definition(tmp_path: Path) -> None:
    (tmp_path / "wards.csv").write_text("id,say\nheaton,Heaton Moor\nreddish,Reddish\n")
    text = HEAD + (
        "lists: {wards: {csv: wards.csv}}\npages:\n  - page: a\n    questions:\n"
        "      - {id: ward, ask: Which ward?, type: select, list: wards}\n"
    )
    definition = loaded(text, tmp_path).definition
    assert definition is not None
    assert [option.id for option in definition.pages[0].questions[0].options] == [
        "heaton",
        "reddish",
    ]


def test_a_part_that_is_missing_whole_is_asked_for_whole() -> None:
    text = HEAD + "pattern: report@1\npages: [{page: a}]\n"
    assert str(loaded(text).faults[0]) == (
        "thing.yaml:1: missing-key: `privacy` is missing. "
        "Add `privacy:` with purpose, power and consequence."
    )
    half = loaded(text + "privacy:\n  power: The Act\n")
    assert str(half.faults[0]).endswith(
        ":7: missing-key: `purpose` is missing. Add `purpose:` here."
    )


def test_a_slip_is_told_with_the_key_that_is_missing_beside_it() -> None:
    def remedies(question: str) -> set[str]:
        text = f"{HEAD}pages:\n  - page: a\n    questions:\n      - {{{question}}}\n"
        return {fault.remedy for fault in loaded(text).faults}

    assert "Did you mean `ask`?" in remedies("id: x, aks: Which?, type: date")
    assert "Did you mean `type`?" in remedies("id: x, ask: Which?, tpye: date")
    assert "Did you mean `hint`?" in remedies("id: x, ask: Which?, type: date, hnit: Words")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dropdown", "select"),
        ("dropdwn", "select"),
        ("Drop-down list", "select"),
        ("tickbox", "checkboxes"),
        ("radio buttons", "radios"),
        ("radois", "radios"),
        ("integer", "number"),
        ("textbox", "text"),
        ("telephone", "phone"),
        ("yes/no?", "yes-no"),
        ("boolean", "yes-no"),
        ("currency", "money"),
    ],
)
def test_a_word_that_people_use_for_a_kind_is_told_as_the_kind(typed: str, meant: str) -> None:
    asked = f"{{id: x, ask: Which?, type: {typed}}}"
    text = f"{HEAD}pages:\n  - page: a\n    questions:\n      - {asked}\n"
    fault = loaded(text).faults[0]
    assert fault.remedy.startswith(f"Did you mean `{meant}`? Kinds are: ")


@pytest.mark.parametrize("typed", ["zebra", "signature", "file", "x", "42"])
def test_where_no_kind_is_near_none_is_suggested(typed: str) -> None:
    asked = f"{{id: x, ask: Which?, type: {typed}}}"
    text = f"{HEAD}pages:\n  - page: a\n    questions:\n      - {asked}\n"
    assert loaded(text).faults[0].remedy.startswith("Kinds are: ")


def test_a_list_that_is_not_text_is_a_fault_of_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "wards.csv").write_bytes(b"id,say\nheaton,Caf\xe9\n")
    text = HEAD + "lists: {wards: {csv: wards.csv}}\npages: [{page: a}]\n"
    said = str(loaded(text, tmp_path).faults[0])
    assert said.startswith(f"{tmp_path / 'wards.csv'}:2: unreadable: ")


def test_a_list_holds_no_character_that_a_definition_may_not(tmp_path: Path) -> None:
    (tmp_path / "wards.csv").write_text("id,say\nheaton,He\u202eaton\n")
    text = HEAD + "lists: {wards: {csv: wards.csv}}\npages: [{page: a}]\n"
    said = str(loaded(text, tmp_path).faults[0])
    assert said.startswith(f"{tmp_path / 'wards.csv'}:2: bad-character: ")


@pytest.mark.parametrize("name", ["../secrets.csv", "/etc/passwd", "nowhere.csv"])
def test_a_list_never_comes_from_elsewhere(tmp_path: Path, name: str) -> None:
    text = HEAD + f"lists: {{wards: {{csv: {name}}}}}\npages: [{{page: a}}]\n"
    assert loaded(text, tmp_path).faults[0].code == "unknown-file"


def test_a_block_takes_the_condition_section_and_repeat_of_its_place() -> None:
    text = HEAD + (
        "pages:\n  - page: a\n    questions:\n      - {id: x, ask: Sure?, type: yes/no}\n"
        "  - use: about-you@1\n    when: {x: yes}\n    repeat: {id: people, max: 3}\n"
    )
    definition = loaded(text).definition
    assert definition is not None
    block = definition.pages[1]
    assert block.when is not None
    assert block.repeat is not None
    assert block.repeat.id == "people"


def test_a_pattern_fills_in_what_the_file_leaves_out_and_nothing_else() -> None:
    text = HEAD + "pattern: report@1\nsummary: Mine.\npages: [{page: a}]\n"
    assert str(loaded(text).faults[0]).startswith("thing.yaml:1: missing-key: `privacy` is ")
    with_pattern = loaded(text + "privacy: {purpose: To help, power: The Act}\n")
    assert with_pattern.definition is not None
    assert with_pattern.definition.summary == "Mine."
    assert with_pattern.definition.confirmation.next == "We will look at it."


def test_a_file_that_is_not_text_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    assert load_service(file, Library.shipped()).faults[0].code == "unreadable"
    assert load_service(tmp_path / "none.yaml", Library.shipped()).faults[0].code == "unreadable"


@given(plain_pages())
def test_the_canonical_form_is_read_back_and_keeps_its_version(pages: list[dict]) -> None:  # type: ignore[type-arg]
    definition = define(pages)
    stored = canonical(definition)
    again = definition_from_json(stored)
    assert again == definition
    assert version_of(canonical(again)) == version_of(stored)


def test_a_kind_settings_survive_storage() -> None:
    question = {"id": "n", "ask": "How many?", "type": "number", "min": "1", "max": "9"}
    definition = define([{"page": "a", "questions": [question]}])
    again = definition_from_json(canonical(definition)).pages[0].questions[0]
    assert isinstance(again, Question)
    assert again.settings == definition.pages[0].questions[0].settings
    assert again.model_dump(mode="json", by_alias=True)["max"] == "9"


def test_a_version_stored_before_a_key_was_added_loads_and_stays_itself():
    fee = [{"line": "Our visit", "price": "kerb.visit"}]
    stored = canonical(define([page("one", radios("pest", "Rats", "Wasps"))], fee=fee))
    assert b'"payment"' not in stored
    again = definition_from_json(stored)
    assert again.payment is None
    assert version_of(canonical(again)) == version_of(stored)


def test_a_payment_in_short_is_the_payment_in_full():
    pages = [page("one", radios("pest", "Rats", "Wasps"))]
    short, full = define(pages, payment="not taken"), define(pages, payment={"is": "not taken"})
    assert canonical(short) == canonical(full)
    assert definition_from_json(canonical(short)).payment == short.payment
