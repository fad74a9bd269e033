"""The built-in sentences: each has its Welsh, with the same names in it."""

import json
import re
from datetime import UTC, date, datetime

import pytest
from tests.ui.sentences import sentences

from townhall.ui.words import LOCALE, words_in

# Sentences that are put together from a unit, or that a variable names.
MADE = {
    *("Day", "Month", "Year", "First name", "Last name"),
    *("day", "days", "week", "weeks", "month", "months", "year", "years"),
    *("consent", "contract", "legal obligation", "public task", "vital interests"),
    *("legitimate interests", "When you send them, we keep them for {time}."),
    "The condition for sensitive information is: {rule} (UK GDPR Article 9).",
    "We use information about offences under: {rule} (UK GDPR Article 10).",
    "The condition in the Data Protection Act 2018, Schedule 1, is: {rule}.",
    *(f"You have 0 {unit} remaining" for unit in ("characters", "words")),
    *(f"You can enter up to %{{count}} {unit}" for unit in ("characters", "words")),
    *(
        f"You have %{{count}} {unit} {end}"
        for unit in ("character", "characters", "word", "words")
        for end in ("remaining", "too many")
    ),
}
WELSH = json.loads((LOCALE / "cy.json").read_text("utf-8"))


def test_every_sentence_has_its_welsh():
    assert sorted((sentences() | MADE) - set(WELSH)) == []


def test_no_welsh_is_left_over():
    known = sentences() | MADE | {"Hour", "Minute"}
    assert sorted(set(WELSH) - known) == []


@pytest.mark.parametrize("sentence", sorted(WELSH))
def test_a_translation_keeps_the_names_that_are_filled_in(sentence):
    names = sorted(re.findall(r"%?\{\w+\}", sentence))
    assert sorted(re.findall(r"%?\{\w+\}", WELSH[sentence])) == names


def test_a_sentence_without_translation_stays_english():
    assert words_in("cy")("Never translated {x}", x=1) == "Never translated 1"
    assert words_in("fr")("Continue") == "Continue"
    assert words_in("../../etc/passwd")("Continue") == "Continue"


def test_dates_and_times_as_people_here_write_them():
    assert words_in("en").date(date(2026, 12, 7)) == "7 December 2026"
    assert words_in("cy").date(date(2026, 12, 7)) == "7 Rhagfyr 2026"
    assert words_in("en").clock(datetime(2026, 7, 1, 11, 5, tzinfo=UTC)) == "12:05pm"
    assert words_in("en").clock(datetime(2026, 12, 1, 0, 5, tzinfo=UTC)) == "12:05am"
    times = [datetime(2026, 12, 1, hour, tzinfo=UTC) for hour in (0, 9, 12, 15)]
    assert [words_in("en").clock(at) for at in times] == ["midnight", "9am", "midday", "3pm"]
    assert words_in("cy").clock(times[2]) == "ganol dydd"
