"""Text in one line and many: lengths, counts and patterns."""

import time

import pytest
from pydantic import ValidationError
from tests.support.questions import NOW, codes, kind_of, parse, question

from townhall.engine.kinds.base import BadOperand
from townhall.engine.kinds.pattern_sample import sample_of
from townhall.engine.kinds.patterns import BadPattern, compiled, matches
from townhall.engine.problems import wording

PERMIT = {"matches": "[A-Z]{2}[0-9]{4}", "say": "Enter the number on your permit, like AB1234"}


def fault_codes(q):
    return [fault.code for fault in kind_of(q).faults(q)]


def test_lengths_are_inclusive():
    q = question("text", min_length="2", max_length="3")
    assert parse(q, "ab") == "ab"
    assert parse(q, "abc") == "abc"
    assert codes(parse(q, "a")) == [("too_short", "")]
    assert codes(parse(q, "abcd")) == [("too_long", "")]


def test_a_pattern_is_of_the_whole_text_and_says_its_own_words():
    q = question("text", pattern=PERMIT)
    assert parse(q, "AB1234") == "AB1234"
    outcome = parse(q, "xAB1234")
    assert codes(outcome) == [("wrong_pattern", "")]
    assert wording(outcome[0], q) == PERMIT["say"]
    assert wording(outcome[0], q, "cy") == PERMIT["say"]


def test_affixes_are_shown():
    q = question("text", prefix="Unit ", suffix="(east)")
    assert kind_of(q).show(q, "4") == ["Unit 4 (east)"]


def test_long_text_is_shown_line_by_line():
    q = question("long-text")
    assert kind_of(q).show(q, "a\n\nb") == ["a", "", "b"]


def test_long_text_counts_characters_or_words():
    q = question("long-text", max_length="5")
    assert parse(q, "ab\r\ncd") == "ab\ncd"
    assert codes(parse(q, "abcdef")) == [("too_long", "")]
    q = question("long-text", max_words=2)
    assert parse(q, "one  two") == "one  two"
    assert codes(parse(q, "one\ntwo three")) == [("too_many_words", "")]


def test_words_of_a_person_are_special_until_the_author_says():
    assert question("text").classes == ("special",)
    assert question("long-text").classes == ("special",)
    assert question("text", personal="none").classes == ("none",)


def test_words_are_never_compared():
    q = question("text")
    with pytest.raises(BadOperand, match="answered"):
        kind_of(q).operand(q, "rats")


def test_settings_that_cross_are_faults():
    assert fault_codes(question("text", min_length=9, max_length=3)) == ["limits_cross"]
    assert fault_codes(question("long-text", max_length=9, max_words=3)) == ["two_counts"]
    assert fault_codes(question("long-text")) == []
    with pytest.raises(ValidationError):
        question("text", max_length="none")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"matches": "(?=a)b"}, "bad_pattern"),
        ({"matches": r"(a)\1"}, "bad_pattern"),
        ({"matches": "["}, "bad_pattern"),
        ({"matches": "a" * 501}, "bad_pattern"),
        ({"matches": "\ud800"}, "bad_pattern"),
        ({"matches": r"\p{Greek}{2}"}, "pattern_sample"),
        ({"matches": "[A-Z]+", "like": "abc"}, "pattern_sample"),
    ],
)
def test_a_pattern_that_cannot_work_is_a_fault(pattern, expected):
    q = question("text", pattern={"say": "Enter it as shown", **pattern})
    assert fault_codes(q) == [expected]


def test_options_on_text_are_a_fault():
    q = question("text", options=["Rats", "Mice"])
    assert fault_codes(q) == ["options_not_used"]


def test_the_authors_own_example_is_the_sample():
    q = question("text", pattern={"matches": r"\p{Greek}{2}", "say": "x", "like": "αβ"})
    assert kind_of(q).sample(q, NOW) == "αβ"
    assert fault_codes(q) == []


def test_the_sample_keeps_to_the_lengths():
    long = question("text", min_length=40)
    short = question("text", max_length=2)
    assert len(kind_of(long).sample(long, NOW)) == 40
    assert len(kind_of(short).sample(short, NOW)) == 2


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[A-Z]{2}\d{6}[A-D]$",
        r"[a-z0-9.]+@(?:example|test)\.com",
        r"(?P<year>20[0-9]{2})/\d{1,4}",
        r"\+?44\s?7\d{3}",
        r"[^0-9\s]{3,}",
        r"(A|B)?C+?D*",
        r"[[:alpha:]]{3}-[]x]{2}",
        r"\w+\W\w{2,5}",
        r"\bREF\b-.{3}",
        r"x|(?i:def)|^$",
        r"[\d]{4}",
        r"a{0,3}",
        r".*",
        r"\S\D\d",
    ],
)
def test_a_sample_is_found_for_ordinary_patterns(pattern):
    assert matches(pattern, sample_of(pattern, 1, 60))


@pytest.mark.parametrize(
    "pattern",
    ["(" * 30 + "a" + ")" * 30, "(?<a", "[", "a\\", "[^\\x00-\\x{10FFFF}]", "(a{900}){9}", "a{5}"],
)
def test_no_sample_is_better_than_a_wrong_one(pattern):
    assert sample_of(pattern, 1, 4) is None


def test_a_sample_grows_to_the_length_needed():
    assert len(sample_of("[0-9]+", 12, 14)) == 12


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}", "(x+x+)+y"])
def test_no_text_makes_a_pattern_slow(pattern):
    compiled(pattern)
    began = time.process_time()
    matches(pattern, "a" * 1_000 + "!")
    assert time.process_time() - began < 0.05


def test_a_pattern_that_would_fill_memory_is_refused():
    with pytest.raises(BadPattern):
        compiled("((a{100}){100}){100}")
