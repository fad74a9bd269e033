"""Values worked out from other answers, and groups: kinds that nobody posts."""

import re
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from townhall.engine.kinds.base import (
    Code,
    Context,
    Json,
    Kind,
    KindFault,
    NoSettings,
    Problem,
    QuestionLike,
    Raw,
)
from townhall.engine.kinds.numbers import Amount, AmountSettings, between

Operands = Annotated[tuple[str, ...], Field(min_length=1, max_length=100)]
Pair = Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]
_STORED_PATTERN = r"^-?[0-9]{1,2000}(\.[0-9]{1,2000})?$"
_STORED = re.compile(_STORED_PATTERN)
OPERATIONS = ("sum", "difference", "product", "age", "days_between")


class ComputedSettings(AmountSettings):
    """The keys of `computed`: exactly one operation, on question ids (for sum, `repeat.question`).

    `age` is in whole years at today; `days_between` counts from the first date to the second.
    """

    sum: Operands | None = None
    difference: Pair | None = None
    product: Operands | None = None
    age: str | None = None
    days_between: Pair | None = None
    prefix: str | None = None
    suffix: str | None = None

    @model_validator(mode="after")
    def _one_operation(self) -> "ComputedSettings":
        if sum(1 for name in OPERATIONS if getattr(self, name)) != 1:
            raise ValueError("a computed answer has exactly one of " + ", ".join(OPERATIONS))
        return self

    @property
    def operation(self) -> str:
        """The name of the one operation."""
        return next(name for name in OPERATIONS if getattr(self, name))

    @property
    def operands(self) -> tuple[str, ...]:
        """What it works on, as written."""
        given = getattr(self, self.operation)
        return (given,) if isinstance(given, str) else tuple(given)


class Computed(Amount[ComputedSettings]):
    """A number that the engine works out. It is shown, stored and compared, and never posted."""

    name = "computed"
    Settings = ComputedSettings
    codes: ClassVar[frozenset[Code]] = frozenset()

    def part_names(self, q: QuestionLike) -> tuple[str, ...]:
        """No box."""
        return ()

    def parse(self, q: QuestionLike, raw: Raw, ctx: Context) -> Decimal | list[Problem] | None:
        """Whatever was sent under its name is ignored."""
        return None

    def problems(self, q: QuestionLike, value: Decimal, ctx: Context) -> list[Problem]:
        """A person cannot correct it, so it has none; a rule may look at it."""
        return []

    def refill(self, q: QuestionLike, value: Decimal) -> dict[str, list[str]]:
        """No box."""
        return {}

    def affixes(self, q: QuestionLike) -> tuple[str, str]:
        """As the author gives them."""
        settings = self.settings(q)
        return settings.prefix or "", settings.suffix or ""

    def classes(self, q: QuestionLike) -> tuple[str, ...]:
        """An age goes some way to identify, as the birth date does."""
        return ("identifier",) if self.settings(q).age else ("none",)

    def show(self, q: QuestionLike, value: Decimal, language: str = "en") -> list[str]:
        """The number with its prefix and suffix."""
        return [between(self.affixes(q), self.say_number(q, value))]

    def as_posted(self, q: QuestionLike, given: Json) -> dict[str, list[str]]:
        """No box."""
        return {}

    def load(self, q: QuestionLike, stored: Json) -> Decimal:
        """As `dump` gave it: longer than any number typed, since it may be a product of many."""
        if isinstance(stored, str) and _STORED.fullmatch(stored):
            return Decimal(stored)
        return super().load(q, stored)

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """An integer, or a decimal string."""
        return {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": _STORED_PATTERN}]}

    def references(self, q: QuestionLike) -> tuple[str, ...]:
        """The questions it works on, as written: `repeat.question` for a sum over a repeat."""
        return self.settings(q).operands

    def faults(self, q: QuestionLike) -> list[KindFault]:
        """Limits mean nothing here."""
        settings = self.settings(q)
        if settings.min is None and settings.max is None:
            return super().faults(q)
        remedy = "Remove them, or write a rule on the page"
        return [KindFault("computed_limits", "a computed answer has no min or max", remedy)]


class Group(Kind[str, NoSettings]):
    """Several questions under one legend. Its questions are asked plainly; it has no value."""

    name = "group"
    Settings = NoSettings
    has_value: ClassVar[bool] = False

    def part_names(self, q: QuestionLike) -> tuple[str, ...]:
        """No box of its own."""
        return ()

    def parse(self, q: QuestionLike, raw: Raw, ctx: Context) -> str | list[Problem] | None:
        """Never an answer."""
        return None

    def refill(self, q: QuestionLike, value: str) -> dict[str, list[str]]:
        """No box of its own."""
        return {}

    def dump(self, value: str) -> Json:
        """Never a value."""
        return None

    def load(self, q: QuestionLike, stored: Json) -> str:
        """Never a value."""
        raise TypeError(f"question {q.id!r} is a group and has no answer to load")

    def show(self, q: QuestionLike, value: str, language: str = "en") -> list[str]:
        """Nothing of its own."""
        return []

    def sample(self, q: QuestionLike, ctx: Context) -> str:
        """Never a value."""
        raise TypeError(f"question {q.id!r} is a group and has no answer to sample")

    def as_posted(self, q: QuestionLike, given: Json) -> dict[str, list[str]]:
        """No box of its own."""
        return {}

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """Never a value."""
        return {"not": {}}
