"""The reader of expr-eval strings: what it takes, and that it refuses the rest by name."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.importers.expressions import (
    Both,
    Compare,
    Constant,
    Contains,
    Either,
    Inverse,
    Length,
    Name,
    Relative,
    Unreadable,
    read_expression,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a == true", Compare("a", "==", True)),
        ("s.a=='x'", Compare("s.a", "==", "x")),
        ("2 < a", Compare("a", ">", 2.0)),
        ("a > -1.5", Compare("a", ">", -1.5)),
        ("'x' in a", Contains("a", "x")),
        ("not ('x' in a)", Inverse(Contains("a", "x"))),
        ("length(a) > 3", Length("a", ">", 3.0)),
        ("a == 1 or b and c == 3",
         Either((Compare("a", "==", 1.0), Both((Name("b"), Compare("c", "==", 3.0)))))),
        ("(a == 1 or b == 2) and c",
         Both((Either((Compare("a", "==", 1.0), Compare("b", "==", 2.0))), Name("c")))),
        ("a > dateForComparison(-18, 'years')", Compare("a", ">", Relative(-18.0, "years"))),
        ("true", Constant(True)),
    ],
)  # fmt: skip
def test_it_reads(text: str, expected: object) -> None:
    assert read_expression(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a ==",
        "a == b",
        "a + 1 == 2",
        "(a == 1",
        "a == 1)",
        "fetch('x')",
        "a == 1; b",
        "a[0]",
        "'x'",
        "(" * 99,
    ],
)
def test_it_refuses(text: str) -> None:
    with pytest.raises(Unreadable):
        read_expression(text)


@given(st.text(max_size=200))
def test_it_never_falls_over(text: str) -> None:
    with contextlib.suppress(Unreadable):
        read_expression(text)
