"""Shared computers: when a draft locks, and repeating one answer to go on (acceptance.md).

Plain values in and out. WCAG 2.2, 3.3.8: the check is an answer already given, which may be pasted
or filled in by the browser; never a memorable word or a puzzle.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from townhall.engine.answers import Answers
from townhall.engine.form import Form

IDLE = timedelta(minutes=60)
TRIES = 5
_CHALLENGES = ("postcode", "date", "email", "phone", "name", "address", "number", "money", "text")
_CHOICES = ("select", "checkboxes", "radios", "yes-no", "month-year", "time")


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
    return any(set(form.question(id).classes) - {"none"} for id in _answered(form, answers))


def challenge(form: Form, answers: Answers) -> str | None:
    """Choose the question whose answer the person repeats; None when only items have answers.

    What a person knows by heart and another can hardly guess comes first; a choice only where the
    draft holds nothing else. Nothing of class special or offence is named where it can be avoided.
    """
    known = [id for id in answers.values if id in form.questions]
    return min(known, key=lambda id: _rank(form, id), default=None)


def same_answer(stored: object, given: object) -> bool:
    """Whether a repeated answer is the stored one; case, spaces and punctuation do not count."""
    bare, repeated = _bare(stored), _bare(given)
    if not bare:
        bare, repeated = repr(stored), repr(given)
    return hmac.compare_digest(bare.encode(), repeated.encode())


def _rank(form: Form, id: str) -> tuple[int, int, int]:
    question = form.question(id)
    telling = bool({"special", "offence"} & set(question.classes))
    known = question.type in _CHALLENGES
    order = _CHALLENGES.index(question.type) if known else len(_CHALLENGES)
    guessable = question.type in _CHOICES or not known
    return (int(guessable), int(telling), order - len(question.offered))


def _answered(form: Form, answers: Answers) -> set[str]:
    inner = [item.values for held in answers.items.values() for item in held]
    return {id for values in (answers.values, *inner) for id in values if id in form.questions}


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
    return "".join(sign for sign in str(value).casefold() if sign.isalnum())
