"""Numbers, money and percentages: exact decimals, typed the way people type them."""

import re
from abc import abstractmethod
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import Field

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
from townhall.engine.kinds.limits import (
    NumberLimit,
    number_limit,
    questions_in,
    read_number_limit,
)
from townhall.engine.kinds.typed import one_line

BIGGEST = Decimal(10**15 - 1)
"""Whole numbers up to here survive JSON readers that use floats."""

_TYPED = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)?(\.[0-9]*)?")
_STORED = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,6}")
_BOX = 60
"""Characters of a number's box: more is not a number that anyone typed."""


class AmountSettings(Settings):
    """The keys of every numeric kind."""

    min: NumberLimit | None = None
    max: NumberLimit | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 0


class NumberSettings(AmountSettings):
    """The keys of `number`."""

    prefix: str | None = None
    suffix: str | None = None


class MoneySettings(AmountSettings):
    """The keys of `money`; `decimals: 0` asks for whole pounds."""

    min: NumberLimit | None = "0"
    decimals: Annotated[int, Field(ge=0, le=2)] = 2


class PercentSettings(AmountSettings):
    """The keys of `percent`."""

    min: NumberLimit | None = "0"
    max: NumberLimit | None = "100"


S = TypeVar("S", bound=AmountSettings)


class Amount(Kind[Decimal, S]):
    """A decimal in one box. ASCII digits, commas or spaces only between thousands, no exponent."""

    ordering: ClassVar[Ordering] = "number"
    codes: ClassVar[frozenset[Code]] = frozenset(
        {
            Code.BAD_CHARACTER,
            Code.TOO_LONG,
            Code.NOT_A_NUMBER,
            Code.NOT_WHOLE,
            Code.TOO_MANY_DECIMALS,
            Code.TOO_SMALL,
            Code.TOO_BIG,
        }
    )

    @abstractmethod
    def affixes(self, q: QuestionLike) -> tuple[str, str]:
        """What stands before and after the box; a person may type it too."""

    def parse(self, q: QuestionLike, raw: Raw, ctx: Context) -> Decimal | list[Problem] | None:
        """The number, at the question's number of decimals."""
        found = one_line(q.id, raw.get(self.field(q)), limit=_BOX)
        if not isinstance(found, str):
            return found
        before, after = self.affixes(q)
        sign, digits = _split(found, before, after)
        text = f"{sign}{digits}"
        if not _TYPED.fullmatch(text) or not any(char.isdigit() for char in text):
            return [Problem(Code.NOT_A_NUMBER, q.id)]
        return self._exact(q, Decimal(text.replace(",", "")))

    def _exact(self, q: QuestionLike, number: Decimal) -> Decimal | list[Problem]:
        if abs(number) > BIGGEST:
            return [Problem(Code.TOO_BIG, q.id, params={"limit": self.say_number(q, BIGGEST)})]
        places = self.settings(q).decimals
        rounded = round(number, places) if places else Decimal(int(number))
        if rounded == number:
            return rounded + 0
        if places == 0:
            return [Problem(Code.NOT_WHOLE, q.id)]
        return [Problem(Code.TOO_MANY_DECIMALS, q.id, params={"limit": str(places)})]

    def problems(self, q: QuestionLike, value: Decimal, ctx: Context) -> list[Problem]:
        """Outside its limits."""
        settings = self.settings(q)
        low, high = number_limit(settings.min, ctx), number_limit(settings.max, ctx)
        small = low is not None and value < low
        if not small and (high is None or value <= high):
            return []
        limits = {"low": low, "high": high}
        params = {end: self.say_number(q, at) for end, at in limits.items() if at is not None}
        code, end = (Code.TOO_SMALL, "low") if small else (Code.TOO_BIG, "high")
        return [Problem(code, q.id, params={**params, "limit": params[end]})]

    def refill(self, q: QuestionLike, value: Decimal) -> dict[str, list[str]]:
        """Plain digits."""
        return {self.field(q): [f"{value:f}"]}

    def dump(self, value: Decimal) -> Json:
        """A whole number as a JSON integer, one with decimals as a string: never a float."""
        whole = _places(value) <= 0 and abs(value) <= BIGGEST
        return int(value) if whole else f"{value:f}"

    def load(self, q: QuestionLike, stored: Json) -> Decimal:
        """An integer, or a string of digits with decimals."""
        if isinstance(stored, int) and not isinstance(stored, bool) and abs(stored) <= BIGGEST:
            return Decimal(stored)
        if isinstance(stored, str) and _STORED.fullmatch(stored):
            return Decimal(stored)
        raise BadStored(f"question {q.id!r}: stored answer is not a number")

    def say_number(self, q: QuestionLike, value: Decimal) -> str:
        """The number in words for a person."""
        return f"{value:,f}"

    def show(self, q: QuestionLike, value: Decimal, language: str = "en") -> list[str]:
        """The number with its prefix and suffix."""
        return [self.say_number(q, value)]

    def sample(self, q: QuestionLike, ctx: Context) -> Decimal:
        """1, or the allowed number nearest to it."""
        settings = self.settings(q)
        low, high = number_limit(settings.min, ctx), number_limit(settings.max, ctx)
        wanted = Decimal(1) if high is None else min(Decimal(1), high)
        wanted = wanted if low is None else max(wanted, low)
        # Towards the inside of the limits: up, unless that passes the largest allowed.
        unit = Decimal(1).scaleb(-settings.decimals)
        above = wanted.quantize(unit, ROUND_CEILING)
        return above if high is None or above <= high else wanted.quantize(unit, ROUND_FLOOR)

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """An integer, or a decimal string with exactly the question's decimals."""
        places = self.settings(q).decimals
        if places == 0:
            return {"type": "integer"}
        return {"type": "string", "pattern": rf"^-?[0-9]{{1,15}}\.[0-9]{{{places}}}$"}

    def operand(self, q: QuestionLike, text: str) -> Decimal:
        """A literal number."""
        if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?", text):
            raise BadOperand(f"{q.id!r} is a number, so compare it with one, such as 3")
        return Decimal(text)

    def references(self, q: QuestionLike) -> tuple[str, ...]:
        """The questions that hold its limits."""
        return questions_in(*self._limits(q))

    def _limits(self, q: QuestionLike) -> list[Decimal | str]:
        settings = self.settings(q)
        given = (settings.min, settings.max)
        return [read_number_limit(text) for text in given if text is not None]

    def faults(self, q: QuestionLike) -> list[KindFault]:
        """Limits that no number meets."""
        limits = [limit for limit in self._limits(q) if isinstance(limit, Decimal)]
        if len(limits) == 2 and limits[0] > limits[1]:
            remedy = "Make min the smaller of the two"
            return [*super().faults(q), KindFault("limits_cross", "min is more than max", remedy)]
        return super().faults(q)


class Number(Amount[NumberSettings]):
    """A number of things, or a measurement."""

    name = "number"
    Settings = NumberSettings

    def affixes(self, q: QuestionLike) -> tuple[str, str]:
        """As the author gives them."""
        settings = self.settings(q)
        return settings.prefix or "", settings.suffix or ""

    def show(self, q: QuestionLike, value: Decimal, language: str = "en") -> list[str]:
        """The number with its prefix and suffix."""
        return [between(self.affixes(q), self.say_number(q, value))]


class Money(Amount[MoneySettings]):
    """Pounds. Shown as GOV.UK style has it: pence only where there are any."""

    name = "money"
    Settings = MoneySettings
    personal: ClassVar[tuple[str, ...]] = ("financial",)

    def affixes(self, q: QuestionLike) -> tuple[str, str]:
        """A pound sign."""
        return "£", ""

    def say_number(self, q: QuestionLike, value: Decimal) -> str:
        """£75, £75.50 or -£75."""
        sign = "-" if value < 0 else ""
        whole = value == value.to_integral_value()
        return f"{sign}£{abs(value):,.0f}" if whole else f"{sign}£{abs(value):,.2f}"


class Percent(Amount[PercentSettings]):
    """A percentage, 0 to 100 unless the author says more."""

    name = "percent"
    Settings = PercentSettings

    def affixes(self, q: QuestionLike) -> tuple[str, str]:
        """A per cent sign."""
        return "", "%"

    def say_number(self, q: QuestionLike, value: Decimal) -> str:
        """25%."""
        return f"{value:,f}%"


def between(affixes: tuple[str, str], words: str) -> str:
    """Words with what stands before and after them: "£1,250 a year"."""
    before, after = affixes
    return f"{before}{words}{' ' if after else ''}{after}"


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _split(text: str, before: str, after: str) -> tuple[str, str]:
    """Sign and digits of what was typed, the question's own prefix and suffix taken off."""
    sign = ""
    bare = text.replace("\u2212", "-")
    for affix in ("-", before, "-"):
        if affix and bare.startswith(affix):
            bare = bare.removeprefix(affix).lstrip()
            sign += "-" if affix == "-" else ""
    return sign, re.sub(r"\s", ",", _without(after, bare))


UNITS_THEMSELVES = {"m": ("mm", "millim"), "p": ("pound",)}
"""Beginnings that mean another unit: 5m is not 5 millimetres, and 50p is not 50 pounds."""


def _without(unit: str, typed: str) -> str:
    """Take off the one unit that is asked for, or its beginning: "4.8m" for metres."""
    if unit and typed.endswith(unit):
        return typed.removesuffix(unit).rstrip()
    end = len(typed)
    while end and not typed[end - 1].isdecimal():
        end -= 1
    said = typed[end:].strip().rstrip(".").casefold()
    asked = unit.casefold()
    if not said or not asked.startswith(said) or asked.startswith(UNITS_THEMSELVES.get(said, ())):
        return typed
    return typed[:end]
