"""Labels and sentences are exactly the characters typed, or the corrected line is given."""

import pytest
from tests.proof.base import LIBRARY, broken, faults

from townhall.engine.load import load_text
from townhall.proof.quoting import risky

LEATHER = "          - id: leather\n            say: Leather\n"


@pytest.mark.parametrize(
    "words",
    [
        "Yes",
        "No",
        "0161",
        "1.10",
        "null",
        "2026-12-01",
        "on",
        "1e3",
        "0x1F",
        "C#",
        "a,b",
        "(size, colour)",
    ],
)
def test_plain_words_survive(words):
    text = broken("say: Leather", f"say: {words}")
    definition = load_text(text, "definition.yaml", LIBRARY).definition
    assert definition is not None
    assert definition.pages[0].questions[0].options[1].say == words


@pytest.mark.parametrize(
    ("typed", "code", "corrected"),
    [
        ("say: Which pest, if any: rat or mouse?", "not-yaml",
         'say: "Which pest, if any: rat or mouse?"'),
        ("say: Leather # of bins", "cut-by-hash", 'say: "Leather # of bins"'),
        ("say: # of bins", "cut-by-hash", 'say: "# of bins"'),
    ],
)  # fmt: skip
def test_a_cut_sentence_is_given_back_whole(typed, code, corrected):
    found = [fault for fault in faults(broken("say: Leather", typed)) if fault.code == code]
    assert len(found) == 1
    assert corrected in found[0].remedy
    assert found[0].where.line == 33


@pytest.mark.parametrize(
    ("options", "corrected"),
    [
        ("[Small, (size, colour)]", '["Small", "(size, colour)"]'),
        ("[Small, Large (tall, wide), Other]", '["Small", "Large (tall, wide)", "Other"]'),
    ],
)
def test_a_list_in_brackets_cut_at_a_comma_is_given_back(options, corrected):
    found = risky(f"options: {options}\n", "a.yaml")
    assert [fault.code for fault in found] == ["cut-by-comma"]
    assert found[0].remedy == f"Write: options: {corrected}"


@pytest.mark.parametrize(
    ("entry", "corrected"),
    [
        ("- {id: a, say: Rats, if any}", '- {id: a, say: "Rats, if any"}'),
        ("- {say: Which one, if any, id: a}", '- {say: "Which one, if any", id: a}'),
    ],
)
def test_a_mapping_in_brackets_cut_at_a_comma_is_given_back(entry, corrected):
    found = risky(f"options:\n  {entry}\n", "a.yaml")
    assert {fault.code for fault in found} == {"cut-by-comma"}
    assert found[0].remedy == f"Write: {corrected}"


@pytest.mark.parametrize(
    "text",
    [
        'say: "Leather" # a comment\n',
        "type: radios # a comment\n",
        "next: count # a comment\n",
        "# a comment\nsay: Leather\n",
        "say: Leather\n# a comment\n",
        "options: # a comment\n  - Leather\n",
        "say: |\n  Leather # and all\n",
        "when: {any children.age: {at_least: 3}}\n",
        "when: {count of children: {at_least: 3}}\n",
        "options: [Leather, Wool]\n",
        "{say: 'a, b', id: b}\n",
    ],
)
def test_what_is_whole_is_left_alone(text):
    assert risky(text, "a.yaml") == ()
