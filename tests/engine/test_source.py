"""Reading text: exactly the characters typed, hostile files refused, lines kept."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.engine.faults import InvalidDefinition
from townhall.engine.source import MAX_BYTES, Mapping, place_of, plain, read


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


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    assert refusal("a: " + "x" * MAX_BYTES) == "too-large"


def test_a_sentence_with_a_colon_is_reported_with_the_corrected_line() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read("page: a\nask: Which pest, if any: rat or mouse?\n", "a.yaml")
    fault = caught.value.faults[0]
    assert fault.where.line == 2
    assert '"Which pest, if any: rat or mouse?"' in fault.remedy


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


letters = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)
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
