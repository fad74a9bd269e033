"""What every question kind offers: typed values in and out of boxes, storage and plain words."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any, ClassVar, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict

from townhall.engine.problems import Code, OptionLike, Problem, QuestionLike

__all__ = [
    "AnyKind",
    "BadOperand",
    "BadStored",
    "Choice",
    "Code",
    "Context",
    "Json",
    "Kind",
    "KindFault",
    "NoSettings",
    "OptionLike",
    "Ordering",
    "Problem",
    "QuestionLike",
    "Raw",
    "Scope",
    "Settings",
    "Value",
]

Value: TypeAlias = str | Decimal | date | time | tuple[str, ...] | Mapping[str, str]
"""A typed answer. No answer is the absence of a value, never a value of its own."""

Json: TypeAlias = str | int | float | bool | list[Any] | dict[str, Any] | None
Raw: TypeAlias = Mapping[str, Sequence[str]]
"""What was posted: field name to the texts sent under it, hostile until a kind has parsed it."""

Scope: TypeAlias = Mapping[str, Value]
Ordering: TypeAlias = Literal["number", "date", "time", "choice", "choices", "text", "none"]


class Settings(BaseModel):
    """The keys a kind adds to a question in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoSettings(Settings):
    """For a kind that adds no key."""


# Not frozen: that costs a call for each field, and one is made for each page that is sent.
@dataclass(slots=True)
class Context:
    """What a kind may know besides the question: the London date and the answers given so far."""

    today: date
    scope: Scope = field(default_factory=dict, repr=False)


class KindFault(NamedTuple):
    """A setting that makes no sense, in the author's terms."""

    code: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Choice:
    """One entry that a choice question offers; a divider has an empty id."""

    id: str
    say: str
    hint: str = ""
    exclusive: bool = False
    divider: str = ""


class BadOperand(ValueError):
    """The right side of a condition that no answer could equal; the message is for the author."""


class BadStored(ValueError):
    """Stored JSON that is not a value of the kind. The message never holds the stored text."""


V = TypeVar("V", bound=Value)
S = TypeVar("S", bound=Settings)


class Kind(ABC, Generic[V, S]):
    """A question kind: the pure half of schema, parse, check and show.

    Methods take the question because one instance serves every question of the type. Nothing here
    raises on what a resident typed: `parse` and `problems` answer with problems instead.
    """

    name: ClassVar[str]
    Settings: type[S]
    ordering: ClassVar[Ordering] = "none"
    personal: ClassVar[tuple[str, ...]] = ("none",)
    takes_options: ClassVar[bool] = False
    has_value: ClassVar[bool] = True
    codes: ClassVar[frozenset[Code]] = frozenset()

    def settings(self, q: QuestionLike) -> S:
        """The question's settings, typed. TypeError if the model gave those of another kind."""
        if not isinstance(q.settings, self.Settings):
            raise TypeError(f"question {q.id!r} does not hold the settings of type {self.name}")
        return q.settings

    def classes(self, q: QuestionLike) -> tuple[str, ...]:
        """The personal-data classes of an answer when the author is silent."""
        return self.personal

    def part_names(self, q: QuestionLike) -> tuple[str, ...]:
        """Short names of the boxes ("day", "month"); one empty name for a single control."""
        return ("",)

    def field(self, q: QuestionLike, part: str = "") -> str:
        """The HTML field name of a part."""
        return f"{q.id}-{part}" if part else q.id

    def parts(self, q: QuestionLike) -> tuple[str, ...]:
        """The HTML field names, in the order a person meets them."""
        return tuple(self.field(q, part) for part in self.part_names(q))

    def autocomplete(self, q: QuestionLike, part: str = "") -> str:
        """The HTML autocomplete token that fits by the kind alone, or ""."""
        return ""

    def choices(self, q: QuestionLike, language: str = "en") -> tuple[Choice, ...]:
        """What a choice question offers, dividers included; empty for other kinds."""
        return ()

    def references(self, q: QuestionLike) -> tuple[str, ...]:
        """Ids of the other questions that the settings look at."""
        return ()

    def missing(self, q: QuestionLike) -> Problem:
        """The problem of a required question left blank."""
        return Problem(Code.MISSING, q.id)

    @abstractmethod
    def parse(self, q: QuestionLike, raw: Raw, ctx: Context) -> V | list[Problem] | None:
        """Typed value; None when left blank; problems when what was sent is no value at all."""

    def problems(self, q: QuestionLike, value: V, ctx: Context) -> list[Problem]:
        """What the settings forbid about a well-formed value; asked again at receive."""
        return []

    @abstractmethod
    def refill(self, q: QuestionLike, value: V) -> dict[str, list[str]]:
        """What the fields would hold for the value; `parse` gives the value back."""

    @abstractmethod
    def dump(self, value: V) -> Json:
        """The value as JSON, for storage and for destinations."""

    @abstractmethod
    def load(self, q: QuestionLike, stored: Json) -> V:
        """The value that `dump` gave. BadStored for anything else."""

    @abstractmethod
    def show(self, q: QuestionLike, value: V, language: str = "en") -> list[str]:
        """The value in plain-text lines, for check answers, messages and export. Never markup."""

    @abstractmethod
    def sample(self, q: QuestionLike, ctx: Context) -> V:
        """A value that passes `problems`, for examples that leave the question out."""

    @abstractmethod
    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """JSON Schema (2020-12) of `dump`."""

    def operand(self, q: QuestionLike, text: str) -> V:
        """The right side of a condition, typed. BadOperand if no answer could compare with it."""
        raise BadOperand(f"a condition cannot compare an answer of type {self.name}")

    def as_posted(self, q: QuestionLike, given: Json) -> dict[str, list[str]]:
        """An author's example answer as the fields would send it, right or wrong."""
        return {self.field(q): ["" if given is None else str(given)]}

    def faults(self, q: QuestionLike) -> list[KindFault]:
        """Settings and options that make no sense together."""
        if self.takes_options or not q.options:
            return []
        return [
            KindFault(
                "options_not_used",
                f"type {self.name} does not use options",
                "Remove `options`, or make the type radios, checkboxes or select",
            )
        ]


AnyKind: TypeAlias = Kind[Any, Any]
