"""The built-in sentences in each language: English is the key, a JSON file holds the others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from townhall.engine.kinds import months

LOCALE = Path(__file__).parent / "locale"
NAMES = {"en": "English", "cy": "Cymraeg"}
LONDON = ZoneInfo("Europe/London")
MINUTES = 500


@dataclass(frozen=True)
class Words:
    """Says a built-in sentence in one language; a sentence that is not translated stays English."""

    language: str
    table: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, sentence: str, **names: object) -> str:
        """Give ``sentence`` in this language with ``{name}`` filled in."""
        said = self.table.get(sentence, sentence)
        return said.format(**names) if names else said

    def date(self, day: date) -> str:
        """Write a day as ``7 December 2026``."""
        names = months.NAMES.get(self.language, months.NAMES["en"])
        return f"{day.day} {names[day.month - 1]} {day.year}"

    def clock(self, at: datetime) -> str:
        """Write an instant as the London clock shows it: ``3:05pm``, ``3pm``, ``midday``."""
        say, said = self, _clock(at.tzinfo, at.date(), at.hour, at.minute, at.fold)
        if said == "12pm":
            return say("midday")
        return say("midnight") if said == "12am" else said


@lru_cache(maxsize=MINUTES)
def _clock(zone: tzinfo | None, day: date, hour: int, minute: int, fold: int) -> str:
    local = datetime.combine(day, time(hour, minute, tzinfo=zone, fold=fold)).astimezone(LONDON)
    half = "am" if local.hour < 12 else "pm"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{half}"


@cache
def words_in(language: str) -> Words:
    """Load the sentences of one language; a language without a file gets English."""
    file = LOCALE / f"{language}.json"
    if language not in NAMES or not file.is_file():
        return Words("en")
    return Words(language, json.loads(file.read_text(encoding="utf-8")))
