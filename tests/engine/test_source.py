"""Reading text: exactly the characters typed, hostile files refused, lines kept."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.engine.faults import InvalidDefinition
from townhall.engine.source import MAX_BYTES, Mapping, place_of, plain, read, text_in


def refusal(text: str) -> str:
    with pytest.raises(InvalidDefinition) as caught:
        read(text, "a.yaml")
    return caught.value.faults[0].code


@pytest.mark.parametrize(
    "words", ["Yes", "No", "0161", "1.10", "null", "2026-12-01", "~", "on", "1e3", "0x1F", "12:30"]
)
def test_a_plain_scalar_is_the_characters_typed(words: str) -> None:
    assert plain(read(f"say: {words}\n", "a.yaml")) == {"say": words}


def test_nothing_typed_is_nothing() -> None:
    assert plain(read("say:\nask: ''\n", "a.yaml")) == {"say": None, "ask": ""}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x [1]\nb: *x\n", "yaml-anchor"),
        ("b: *x\n", "yaml-alias"),
        ("a: !!python/object:os.system {}\n", "yaml-tag"),
        ("a: 1\na: 2\n", "duplicate-key"),
        ("a: 1\n---\nb: 2\n", "yaml-several-documents"),
        ("? [a, b]\n: c\n", "bad-name"),
        ("a: " + "[" * 50 + "]" * 50, "too-deep"),
        ("[" * 100_000, "too-deep"),
        ("", "empty"),
        ("a: \x00b", "bad-character"),
        ("a: [1, 2", "not-yaml"),
    ],
)
def test_hostile_text_is_refused_with_a_code(text: str, code: str) -> None:
    assert refusal(text) == code


@pytest.mark.parametrize("text", ["é: é\na: \x00b", "é: é\na: \x1bb", "é: é\na: \x9fb"])
def test_a_character_that_yaml_refuses_is_named_with_its_line(text: str) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read(text, "a.yaml")
    fault = caught.value.faults[0]
    assert fault.where.line == 2
    assert f"U+{ord(text[-2]):04X}" in fault.message
    assert fault.remedy


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ('a: 1\nb: "a \\0 \\a x"\n', 2, 0),
        ('a: 1\nb: "a \\x07"\n', 2, 7),
        ('a: 1\nb: "one\n  two \\x1B three\n  four"\nc: 1\n', 3, 0x1B),
        ('a: 1\nb: "a\\U0000202E"\n', 2, 0x202E),
        ("a: 1\nb: a \u202e b\n", 2, 0x202E),
        ("a: 1\nb: |\n  one\n  a \u2066 b\n", 4, 0x2066),
        ("a: 1\nb\u2069: 1\n", 2, 0x2069),
        ('{"a": "x",\n "b": "\\u0007"}', 2, 7),
        ('{"a": "x",\n "b": "\u202a"}', 2, 0x202A),
    ],
)
def test_a_character_that_no_words_may_hold_is_refused_however_it_is_typed(
    text: str, line: int, code: int
) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read(text, "a.yaml")
    fault = caught.value.faults[0]
    assert (fault.code, fault.where.line) == ("bad-character", line)
    assert f"U+{code:04X}" in fault.message
    assert fault.remedy


def test_marks_of_direction_tabs_and_ends_of_lines_are_words() -> None:
    text = 'a: "one\\ttwo\\nthree\\N\\_ \u200e\u200f \u05d0"\n# \u202e in a comment\n'
    assert plain(read(text, "a.yaml")) == {"a": "one\ttwo\nthree\x85\xa0 \u200e\u200f \u05d0"}


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"a: 1\nb: caf\xe9\n", 2, "0xE9"),
        ("a: 1\nb: 2\n".encode("utf-16"), 1, "UTF-16"),
        (b"a: " + b"x" * (MAX_BYTES - 4) + "é".encode(), 1, "larger than"),
    ],
)
def test_a_file_that_is_no_text_names_its_line(
    tmp_path: Path, data: bytes, line: int, words: str
) -> None:
    (tmp_path / "a.yaml").write_bytes(data)
    with pytest.raises(InvalidDefinition) as caught:
        text_in(tmp_path / "a.yaml")
    fault = caught.value.faults[0]
    assert (fault.where.line, words in fault.message) == (line, True)
    assert fault.remedy


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    assert refusal("a: " + "x" * MAX_BYTES) == "too-large"


def test_a_sentence_with_a_colon_is_reported_with_the_corrected_line() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read("page: a\nask: Which pest, if any: rat or mouse?\n", "a.yaml")
    fault = caught.value.faults[0]
    assert fault.where.line == 2
    assert '"Which pest, if any: rat or mouse?"' in fault.remedy


@pytest.mark.parametrize(
    "text",
    [
        'a: 1\nask: "What is it?\nb: 2\nc: 3\n',
        "a: 1\nask: 'What is it?\nb: 2\nc: 3\n",
        'a: 1\nask: "What is it?\nb: 2\nc: "three"\nd: 4\n',
        'a: 1\nask: "What is it?\nb: 2\nc:\n  - "three: four"\nd: 4\n',
        "a: 1\nask: 'What is it?\nb: It's his\n",
        'a: 1\nlist: [one, "two]\nb: 2\n',
        '{"a": 1,\n "ask": "What is it?,\n "b": 2,\n "c": "three"}\n',
    ],
)
def test_a_quotation_that_is_not_closed_is_told_where_it_begins(text: str) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read(text, "a.yaml")
    fault = caught.value.faults[0]
    assert (fault.code, fault.where.line) == ("not-yaml", 2)
    assert "The quotation that begins on this line" in fault.message
    assert "at the end" in fault.remedy


def test_a_fault_after_a_quotation_over_two_lines_is_told_where_it_is() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read('a: "one\n  two"\nb: 3\n c: 4\n', "a.yaml")
    assert caught.value.faults[0].where.line == 4


def test_every_value_knows_its_line() -> None:
    node = read("a: 1\nb:\n  - c: 2\n  - d: 3\n", "a.yaml")
    assert place_of(node, ("b", 1, "d")).line == 4
    assert place_of(node, ("b", 7, "zz")).line == 2


def _strings(value: Any) -> Any:
    """What a JSON value is when scalars are strings."""
    if isinstance(value, dict):
        return {key: _strings(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_strings(inner) for inner in value]
    return value if isinstance(value, str) or value is None else json.dumps(value)


ours = st.characters(
    exclude_categories=("Cs", "Cc"),
    include_characters="\t\n\r\x85",
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff",
)
letters = st.text(ours, max_size=12)
trees = st.recursive(
    letters | st.none() | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(letters, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(letters, trees, max_size=5), st.booleans())
def test_json_is_the_same_thing(tree: dict[str, Any], ascii_only: bool) -> None:
    text = json.dumps(tree, ensure_ascii=ascii_only, indent=1)
    node = read(text, "a.json")
    assert isinstance(node, Mapping)
    assert plain(node) == _strings(tree)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_never_crashes(text: str) -> None:
    with suppress(InvalidDefinition):
        assert read(text, "a.yaml").line >= 1
