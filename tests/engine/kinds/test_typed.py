"""Posted text before any kind reads it: limits, characters, blanks (reliability.md 25 to 39)."""

import time

import pytest
from tests.support.questions import NOW, codes, kind_of, parse, question

from townhall.engine.kinds.typed import characters, over

TEXT = question("text")
LONG = question("long-text")


@pytest.mark.parametrize("bad", ["a\0b", "a\ud800b", "a\x1b[31mb", "a\r\nBcc: x", "a\nb", "a\x85b"])
def test_a_line_refuses_what_no_keyboard_sends(bad):
    assert codes(parse(TEXT, bad)) == [("bad_character", "")]


@pytest.mark.parametrize("bad", ["a\0b", "a\udfffb", "a\x1bb"])
def test_many_lines_refuse_it_too(bad):
    assert codes(parse(LONG, bad)) == [("bad_character", "")]


def test_many_lines_keep_their_breaks_as_lf():
    assert (
        parse(LONG, " one\r\ntwo\rthree\vfour\u2028five\tsix\n")
        == "one\ntwo\nthree\nfour\nfive\tsix"
    )


@pytest.mark.parametrize(
    "kept", ["=HYPERLINK(1)", "{{7*7}}", "<script>", "\u202etxt", "a\u200bb", "'; --"]
)
def test_what_is_only_odd_is_kept_as_typed(kept):
    assert parse(TEXT, kept) == kept


@pytest.mark.parametrize(
    "blank", ["", "  ", "\t", "\u200b", " \ufeff\u00a0 \u2060", "\u202e", "\u0301"]
)
def test_nothing_seen_is_no_answer(blank):
    assert parse(TEXT, blank) is None


def test_the_first_of_a_repeated_name_is_read():
    assert kind_of(TEXT).parse(TEXT, {"q": ["first", "second"]}, NOW) == "first"
    assert kind_of(TEXT).parse(TEXT, {"q": []}, NOW) is None


@pytest.mark.parametrize(
    "type", ["text", "long-text", "number", "email", "phone", "url", "name", "postcode", "time"]
)
@pytest.mark.parametrize(
    "flood", ["a" * 10_000_000, "e" + "\u0301" * 1_000_000, "\n" * 10**6 + "x" * 10**6]
)
def test_ten_megabytes_are_refused_at_once(type, flood):
    q = question(type)
    began = time.process_time()
    outcome = parse(q, flood)
    assert time.process_time() - began < 1
    assert codes(outcome) == [("too_long", "")]


def test_a_million_breaks_around_nothing_are_a_blank_or_too_long():
    assert parse(LONG, "\n" * 100_000) is None
    assert codes(parse(LONG, "\n" * 1_000_000)) == [("too_long", "")]


@pytest.mark.parametrize(
    ("text", "count"),
    [("abc", 3), ("é", 1), ("e\u0301", 1), ("नमस्ते", 4), ("👍🏽", 2), ("", 0), ("a\u202eb", 2)],
)
def test_marks_are_not_counted(text, count):
    assert characters(text) == count


def test_a_flood_of_marks_is_over_any_limit():
    assert over("e" + "\u0301" * 5_000, 350)
    assert over("e" + "\u0301" * 2_000, 350)
    assert not over("e\u0301" * 350, 350)
    assert not over("👍" * 350, 350)
    assert over("e" * 351, 350)
