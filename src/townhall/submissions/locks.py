"""Shared computers: when a draft locks, and repeating one answer to go on (acceptance.md).

Plain values in and out. WCAG 2.2, 3.3.8: the check is an answer already given, which may be pasted
or filled in by the browser; never a memorable word or a puzzle.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from townhall.engine.answers import Answers
from townhall.engine.form import Form
from townhall.engine.kinds.contact import dialled
from townhall.engine.text import names

IDLE = timedelta(minutes=60)
TRIES = 5
SHORTEST = 3
"""Letters and digits of an answer that five tries hardly find: no age, and no number of a flat."""
_STRONG = ("postcode", "date", "email", "phone", "name", "address", "text", "money")
_WEAK = ("number", "month-year", "url", "select", "checkboxes", "radios", "long-text")
_CHALLENGES = _STRONG + _WEAK
_CHOICES = ("select", "checkboxes", "radios")
_DAYS = ("date", "month-year")


class Lock(StrEnum):
    """Whether a draft may be seen.

    OPEN: go on. PAUSED: idle, and nothing personal in it: one press goes on. LOCKED: idle: an
    answer must be repeated first. BARRED: five wrong tries: only the help contact is left.
    """

    OPEN = "open"
    PAUSED = "paused"
    LOCKED = "locked"
    BARRED = "barred"


OPEN = Lock.OPEN
"""Every request asks for it, and an enumeration's member takes a look for its name."""


def lock_at(idle_ends: datetime, tries: int, form: Form, answers: Answers, *, at: datetime) -> Lock:
    """Say whether a draft may be seen at that instant.

    Whether it holds anything personal is looked at only where that matters.
    """
    in_time = at < idle_ends
    if in_time and tries < TRIES:
        return OPEN
    if not holds_personal(form, answers):
        return OPEN if in_time else Lock.PAUSED
    return Lock.BARRED if tries >= TRIES else Lock.LOCKED


def holds_personal(form: Form, answers: Answers) -> bool:
    """Whether any answer in a draft, on or off the route, is of a personal class."""
    given = {one.question for one in _given(answers)} & form.questions.keys()
    return any(set(form.question(id).classes) - {"none"} for id in given)


@dataclass(frozen=True, slots=True)
class Challenge:
    """An answer to be repeated: to which question, and of which item (empty outside a repeat)."""

    question: str
    repeat: str
    item: str
    answer: object = field(repr=False)


def challenge(form: Form, answers: Answers) -> Challenge | None:
    """Choose the answer that the person repeats; None where a stranger would guess any of them.

    What a person knows by heart and another can hardly guess comes first. Nothing of class special
    or offence is named where it can be avoided, nor a question whose words hold another answer. A
    yes or no is no challenge to who may try five times: then only the help contact is left.
    """
    hard = (one for one in _given(answers) if _is_hard(form, one))
    return min(hard, key=lambda one: _rank(form, one), default=None)


def same_answer(stored: object, given: object) -> bool:
    """Whether a repeated answer is the stored one.

    Case, spaces and punctuation do not count, nor how the number of a telephone is written.
    """
    bare, repeated = _bare(stored), _bare(given)
    if not bare:
        bare, repeated = repr(stored), repr(given)
    return hmac.compare_digest(bare.encode(), repeated.encode())


def _given(answers: Answers) -> Iterator[Challenge]:
    for id, value in answers.values.items():
        yield Challenge(id, "", "", value)
    for repeat, held in answers.items.items():
        for item in held:
            for id, value in item.values.items():
                yield Challenge(id, repeat, item.id, value)


def _is_hard(form: Form, one: Challenge) -> bool:
    """Whether five tries open it once in ten times at most, as far as its kind can tell."""
    question = form.questions.get(one.question)
    if question is None or question.type not in _CHALLENGES:
        return False
    if question.type in _CHOICES:
        offered = sum(bool(choice.id) for choice in form.kind(question).choices(question))
        return (2**offered if question.type == "checkboxes" else offered) >= 10 * TRIES
    if question.type in _DAYS and set(question.classes) <= {"none"}:
        return False  # A day that is nobody's own is most often yesterday.
    return len(_bare(one.answer)) >= SHORTEST


def _rank(form: Form, one: Challenge) -> tuple[int, int, int, int]:
    question = form.question(one.question)
    telling = bool({"special", "offence"} & set(question.classes))
    weak = question.type in _WEAK
    holed = bool(names(question.ask))
    return int(weak), int(telling), int(holed), _CHALLENGES.index(question.type)


def _bare(value: object) -> str:
    if isinstance(value, Mapping):
        parts: Mapping[Any, Any] = value
        return "|".join(_bare(parts[key]) for key in sorted(parts) if _bare(parts[key]))
    if isinstance(value, tuple | list):
        return "|".join(sorted(_bare(part) for part in value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date | time):
        return value.isoformat()
    text = str(value)
    return "".join(sign for sign in (dialled(text) or text).casefold() if sign.isalnum())
