"""A time of day, as people type it: 9:30am, 14:05, 2pm, noon, midnight."""

import re
from datetime import time
from typing import Any, ClassVar

from townhall.engine.kinds.base import (
    BadOperand,
    BadStored,
    Code,
    Context,
    Json,
    Kind,
    NoSettings,
    Ordering,
    Problem,
    QuestionLike,
    Raw,
)
from townhall.engine.kinds.typed import one_line

_WORDS = {
    "noon": time(12),
    "midday": time(12),
    "12noon": time(12),
    "12midday": time(12),
    "canoldydd": time(12),
    "hannerdydd": time(12),
    "midnight": time(0),
    "12midnight": time(0),
    "canolnos": time(0),
    "hannernos": time(0),
}
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.]?(?P<minute>[0-9]{2}))?(?P<half>[ap]\.?m\.?)?", re.ASCII
)
_BOX = 40
_SHOWN = {
    time(12): {"en": "midday", "cy": "canol dydd"},
    time(0): {"en": "midnight", "cy": "canol nos"},
}


class Time(Kind[time, NoSettings]):
    """One box. An hour alone needs am or pm; with minutes it may be the 24-hour clock."""

    name = "time"
    Settings = NoSettings
    ordering: ClassVar[Ordering] = "time"
    codes: ClassVar[frozenset[Code]] = frozenset(
        {Code.BAD_CHARACTER, Code.TOO_LONG, Code.NOT_A_TIME}
    )

    def parse(self, q: QuestionLike, raw: Raw, ctx: Context) -> time | list[Problem] | None:
        """The time, to the minute."""
        found = one_line(q.id, raw.get(self.field(q)), limit=_BOX)
        if not isinstance(found, str):
            return found
        value = read_time(found)
        return [Problem(Code.NOT_A_TIME, q.id)] if value is None else value

    def refill(self, q: QuestionLike, value: time) -> dict[str, list[str]]:
        """As it is shown."""
        return {self.field(q): [say_time(value)]}

    def dump(self, value: time) -> Json:
        """HH:MM."""
        return f"{value:%H:%M}"

    def load(self, q: QuestionLike, stored: Json) -> time:
        """HH:MM."""
        if not isinstance(stored, str) or not re.fullmatch(_STORED, stored):
            raise BadStored(f"question {q.id!r}: stored answer is not a time")
        return time.fromisoformat(stored)

    def show(self, q: QuestionLike, value: time, language: str = "en") -> list[str]:
        """9:30am, 2pm, midday (GOV.UK style)."""
        return [say_time(value, language)]

    def sample(self, q: QuestionLike, ctx: Context) -> time:
        """Half past nine in the morning."""
        return time(9, 30)

    def operand(self, q: QuestionLike, text: str) -> time:
        """A literal time."""
        value = read_time(text.strip()[:_BOX])
        if value is None:
            raise BadOperand(f"{q.id!r} is a time, so compare it with one, such as 14:30")
        return value

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """Hours and minutes."""
        return {"type": "string", "pattern": f"^{_STORED}$"}


_STORED = "([01][0-9]|2[0-3]):[0-5][0-9]"


def read_time(text: str) -> time | None:
    """The time that a person means, or None."""
    word = "".join(text.lower().split())
    if word in _WORDS:
        return _WORDS[word]
    found = _CLOCK.fullmatch(word)
    if found is None or not (found["minute"] or found["half"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"][0] == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def say_time(value: time, language: str = "en") -> str:
    """9:30am, 2pm, midday or midnight."""
    words = _SHOWN.get(value)
    if words:
        return words.get(language.split("-")[0], words["en"])
    half = "am" if value.hour < 12 else "pm"
    hour = value.hour % 12 or 12
    return f"{hour}:{value.minute:02}{half}" if value.minute else f"{hour}{half}"
