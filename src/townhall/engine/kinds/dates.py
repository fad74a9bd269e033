"""Dates in three boxes, and months in two: only the wrong part is marked and named."""

import re
from abc import abstractmethod
from datetime import date
from typing import Any, ClassVar, TypeVar

from townhall.engine.kinds.base import (
    BadOperand,
    BadStored,
    Code,
    Context,
    Json,
    Kind,
    KindFault,
    Ordering,
    Problem,
    QuestionLike,
    Raw,
    Settings,
)
from townhall.engine.kinds.limits import DateLimit, date_limit, questions_in, read_date_limit
from townhall.engine.kinds.months import month_name, month_number
from townhall.engine.kinds.typed import one_line
from townhall.engine.operands import Relative

FIRST_YEAR, LAST_YEAR = 1800, 2199
"""Years that an answer may have: enough for records and plans, and it catches 1026 and 9999."""

_DAY = re.compile(r"[0-9]{1,2}").fullmatch
_YEAR = re.compile(r"[0-9]{4}").fullmatch
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_ISO_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}").fullmatch
_BOX = 40
_BIRTH_AGE = 40


class MonthSettings(Settings):
    """The keys of `month-year`."""

    min: DateLimit | None = None
    max: DateLimit | None = None


class DateSettings(MonthSettings):
    """The keys of `date`; `birth` says that it is the person's own date of birth."""

    birth: bool = False


S = TypeVar("S", bound=MonthSettings)


class DateKind(Kind[date, S]):
    """What dates and months share: boxes, limits, storage."""

    ordering: ClassVar[Ordering] = "date"
    boxes: ClassVar[tuple[str, ...]]
    codes: ClassVar[frozenset[Code]] = frozenset(
        {
            Code.BAD_CHARACTER,
            Code.TOO_LONG,
            Code.DATE_INCOMPLETE,
            Code.NOT_A_DATE,
            Code.BAD_DAY,
            Code.BAD_MONTH,
            Code.BAD_YEAR,
            Code.YEAR_OUT_OF_RANGE,
            Code.TOO_EARLY,
            Code.TOO_LATE,
            Code.DATE_IN_PAST,
            Code.DATE_IN_FUTURE,
            Code.DATE_NOT_IN_PAST,
            Code.DATE_NOT_IN_FUTURE,
        }
    )

    def part_names(self, q: QuestionLike) -> tuple[str, ...]:
        """The boxes, in British order."""
        return self.boxes

    def parse(self, q: QuestionLike, raw: Raw, ctx: Context) -> date | list[Problem] | None:
        """A real date; else the problem of each wrong box, or of the boxes left blank."""
        typed: dict[str, str] = {}
        wrong: list[Problem] = []
        for part in self.boxes:
            found = one_line(q.id, raw.get(self.field(q, part)), part=part, limit=_BOX)
            if isinstance(found, list):
                wrong.extend(found)
            elif found is not None:
                typed[part] = found
        if wrong or not typed:
            return wrong or None
        if blank := tuple(part for part in self.boxes if part not in typed):
            return [Problem(Code.DATE_INCOMPLETE, q.id, blank[0], marks=blank)]
        return self._real(q, typed)

    def _real(self, q: QuestionLike, typed: dict[str, str]) -> date | list[Problem]:
        day, month, year = typed.get("day", "1"), month_number(typed["month"]), typed["year"]
        wrong = []
        if not _DAY(day) or not 1 <= int(day) <= 31:
            wrong.append(Problem(Code.BAD_DAY, q.id, "day"))
        if month is None:
            wrong.append(Problem(Code.BAD_MONTH, q.id, "month"))
        if code := _year_fault(year):
            params = {"low": str(FIRST_YEAR), "high": str(LAST_YEAR)}
            wrong.append(Problem(code, q.id, "year", params))
        if wrong or month is None:
            return wrong
        try:
            return date(int(year), month, int(day))
        except ValueError:
            return [Problem(Code.NOT_A_DATE, q.id, "day")]

    def problems(self, q: QuestionLike, value: date, ctx: Context) -> list[Problem]:
        """Before its first day or after its last."""
        settings = self.settings(q)
        if settings.min is None and settings.max is None:
            return []
        low, high = self._low(settings.min, ctx), self._high(settings.max, ctx)
        params = {name: self.say_date(day) for name, day in (("low", low), ("high", high)) if day}
        if low and value < low:
            return [Problem(_early(settings.min), q.id, params={**params, "limit": params["low"]})]
        if high and value > high:
            return [Problem(_late(settings.max), q.id, params={**params, "limit": params["high"]})]
        return []

    def _low(self, text: str | None, ctx: Context) -> date | None:
        return date_limit(text, ctx)

    def _high(self, text: str | None, ctx: Context) -> date | None:
        return date_limit(text, ctx)

    def dump(self, value: date) -> Json:
        """ISO 8601."""
        return value.isoformat()

    def load(self, q: QuestionLike, stored: Json) -> date:
        """ISO 8601, as `dump` gave it."""
        try:
            return self._stored(stored)
        except ValueError as error:
            raise BadStored(f"question {q.id!r}: stored answer is not a date") from error

    @abstractmethod
    def _stored(self, stored: Json) -> date:
        """The date of a stored text. ValueError for anything else."""

    @abstractmethod
    def say_date(self, value: date, language: str = "en") -> str:
        """The date in words."""

    def show(self, q: QuestionLike, value: date, language: str = "en") -> list[str]:
        """7 December 2026."""
        return [self.say_date(value, language)]

    def sample(self, q: QuestionLike, ctx: Context) -> date:
        """Today, or the allowed day nearest to it."""
        settings = self.settings(q)
        low, high = self._low(settings.min, ctx), self._high(settings.max, ctx)
        wanted = self._wanted(q, ctx)
        wanted = wanted if high is None else min(wanted, high)
        return wanted if low is None else max(wanted, low)

    def _wanted(self, q: QuestionLike, ctx: Context) -> date:
        return ctx.today

    def operand(self, q: QuestionLike, text: str) -> date:
        """A literal date. Distances from today are resolved by conditions before this."""
        try:
            return self._stored(text)
        except ValueError as error:
            example = self.dump(date(2026, 12, 31))
            message = f"{q.id!r} is a date, so compare it with one, such as {example}"
            raise BadOperand(message) from error

    def references(self, q: QuestionLike) -> tuple[str, ...]:
        """The questions that hold its limits."""
        settings = self.settings(q)
        return questions_in(
            *(read_date_limit(text) for text in (settings.min, settings.max) if text is not None)
        )

    def faults(self, q: QuestionLike) -> list[KindFault]:
        """Literal limits that no date meets."""
        settings = self.settings(q)
        limits = [read_date_limit(text) for text in (settings.min, settings.max) if text]
        days = [limit for limit in limits if isinstance(limit, date)]
        if len(days) == 2 and days[0] > days[1]:
            remedy = "Make min the earlier of the two"
            return [*super().faults(q), KindFault("limits_cross", "min is after max", remedy)]
        return super().faults(q)

    def as_posted(self, q: QuestionLike, given: Json) -> dict[str, list[str]]:
        """In its boxes: 2026-12-07, 7 December 2026 or 7/12/2026, or a mapping by part."""
        if isinstance(given, dict):
            return {self.field(q, part): [str(given.get(part, ""))] for part in self.boxes}
        pieces = re.split(r"[\s/.-]+", "" if given is None else str(given).strip())
        if len(pieces[0]) == 4:
            pieces.reverse()
        pieces += [""] * len(self.boxes)
        return {self.field(q, part): [pieces[at]] for at, part in enumerate(self.boxes)}


class Date(DateKind[DateSettings]):
    """A day in three boxes; the month may be typed as a word."""

    name = "date"
    Settings = DateSettings
    boxes = ("day", "month", "year")

    def classes(self, q: QuestionLike) -> tuple[str, ...]:
        """A birth date identifies."""
        return ("identifier",) if self.settings(q).birth else ("none",)

    def autocomplete(self, q: QuestionLike, part: str = "") -> str:
        """Only one's own birth date (acceptance.md): bday-day, bday-month, bday-year."""
        return f"bday-{part}" if self.settings(q).birth else ""

    def refill(self, q: QuestionLike, value: date) -> dict[str, list[str]]:
        """Numbers in three boxes."""
        return {
            self.field(q, "day"): [str(value.day)],
            self.field(q, "month"): [str(value.month)],
            self.field(q, "year"): [str(value.year)],
        }

    def say_date(self, value: date, language: str = "en") -> str:
        """7 December 2026."""
        return f"{value.day} {month_name(value.month, language)} {value.year}"

    def _stored(self, stored: Json) -> date:
        if not isinstance(stored, str) or not _ISO_DATE(stored):
            raise ValueError
        return date.fromisoformat(stored)

    def _wanted(self, q: QuestionLike, ctx: Context) -> date:
        if not self.settings(q).birth:
            return super()._wanted(q, ctx)
        return date(ctx.today.year - _BIRTH_AGE, 3, 27)

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """A full date."""
        return {"type": "string", "format": "date"}


class MonthYear(DateKind[MonthSettings]):
    """A month in two boxes; its value is the first day of the month."""

    name = "month-year"
    Settings = MonthSettings
    boxes = ("month", "year")

    def _low(self, text: str | None, ctx: Context) -> date | None:
        low = date_limit(text, ctx)
        return low and low.replace(day=1)

    def _high(self, text: str | None, ctx: Context) -> date | None:
        high = date_limit(text, ctx)
        return high and high.replace(day=1)

    def refill(self, q: QuestionLike, value: date) -> dict[str, list[str]]:
        """Numbers in two boxes."""
        return {
            self.field(q, "month"): [str(value.month)],
            self.field(q, "year"): [str(value.year)],
        }

    def say_date(self, value: date, language: str = "en") -> str:
        """December 2026."""
        return f"{month_name(value.month, language)} {value.year}"

    def dump(self, value: date) -> Json:
        """2026-12."""
        return f"{value:%Y-%m}"

    def _stored(self, stored: Json) -> date:
        if not isinstance(stored, str) or not _ISO_MONTH(stored):
            raise ValueError
        return date.fromisoformat(f"{stored}-01")

    def _wanted(self, q: QuestionLike, ctx: Context) -> date:
        return ctx.today.replace(day=1)

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """A year and month."""
        return {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}


def _year_fault(year: str) -> Code | None:
    if not _YEAR(year):
        return Code.BAD_YEAR
    return None if FIRST_YEAR <= int(year) <= LAST_YEAR else Code.YEAR_OUT_OF_RANGE


def _early(limit: str | None) -> Code:
    """The code of a date before its first: today, the day after today, or another."""
    counted = _days_from_today(limit)
    return {0: Code.DATE_IN_PAST, 1: Code.DATE_NOT_IN_FUTURE}.get(counted, Code.TOO_EARLY)


def _late(limit: str | None) -> Code:
    counted = _days_from_today(limit)
    return {0: Code.DATE_IN_FUTURE, -1: Code.DATE_NOT_IN_PAST}.get(counted, Code.TOO_LATE)


def _days_from_today(text: str | None) -> int:
    """Days that the limit lies from today where it is counted in days, else a number far off."""
    limit = read_date_limit(text or "")
    if isinstance(limit, Relative) and (limit.unit == "days" or limit.count == 0):
        return limit.count
    return 10**6
