"""A person's name: one box, as GOV.UK advises, or first and last where a system needs them."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from townhall.engine.kinds.base import (
    BadStored,
    Code,
    Context,
    Json,
    Kind,
    Problem,
    QuestionLike,
    Raw,
    Settings,
)
from townhall.engine.kinds.parted import load_parts, parse_parts

_LIMIT = 200
_SPLIT = ("first", "last")
_TOKENS = {"": "name", "first": "given-name", "last": "family-name"}


class NameSettings(Settings):
    """The keys of `name`."""

    parts: Literal["full", "first-last"] = "full"


class Name(Kind[str | Mapping[str, str], NameSettings]):
    """A name as the person writes it; any letter of any script, and never a minimum."""

    name = "name"
    Settings = NameSettings
    personal: ClassVar[tuple[str, ...]] = ("contact",)
    codes: ClassVar[frozenset[Code]] = frozenset(
        {Code.BAD_CHARACTER, Code.TOO_LONG, Code.NAME_INCOMPLETE}
    )

    def part_names(self, q: QuestionLike) -> tuple[str, ...]:
        """One box, or first and last."""
        return ("",) if self.settings(q).parts == "full" else _SPLIT

    def autocomplete(self, q: QuestionLike, part: str = "") -> str:
        """The tokens of a name, where the question is about the person's own."""
        return _TOKENS[part] if "your" in q.ask.lower().split() else ""

    def parse(
        self, q: QuestionLike, raw: Raw, ctx: Context
    ) -> str | Mapping[str, str] | list[Problem] | None:
        """The name, or its two parts."""
        parts = self.part_names(q)
        typed = parse_parts(q, raw, {part: self.field(q, part) for part in parts}, _LIMIT)
        if isinstance(typed, list) or not typed:
            return typed or None
        blank = tuple(part for part in parts if part not in typed)
        if blank:
            return [Problem(Code.NAME_INCOMPLETE, q.id, blank[0])]
        return typed if parts == _SPLIT else typed[""]

    def refill(self, q: QuestionLike, value: str | Mapping[str, str]) -> dict[str, list[str]]:
        """As typed."""
        if isinstance(value, str):
            return {self.field(q): [value]}
        return {self.field(q, part): [text] for part, text in value.items()}

    def dump(self, value: str | Mapping[str, str]) -> Json:
        """A string, or an object with first and last."""
        return value if isinstance(value, str) else dict(value)

    def load(self, q: QuestionLike, stored: Json) -> str | Mapping[str, str]:
        """As `dump` gave it."""
        if self.part_names(q) == _SPLIT:
            return load_parts(q, stored, _SPLIT)
        if not isinstance(stored, str):
            raise BadStored(f"question {q.id!r}: stored answer is not a string")
        return stored

    def show(
        self, q: QuestionLike, value: str | Mapping[str, str], language: str = "en"
    ) -> list[str]:
        """The name on one line."""
        return [value if isinstance(value, str) else " ".join(value.values())]

    def sample(self, q: QuestionLike, ctx: Context) -> str | Mapping[str, str]:
        """An invented name."""
        return "Sam Sample" if self.part_names(q) != _SPLIT else {"first": "Sam", "last": "Sample"}

    def as_posted(self, q: QuestionLike, given: Json) -> dict[str, list[str]]:
        """A string, split at its last space where there are two boxes; or a mapping by part."""
        if self.part_names(q) != _SPLIT:
            return super().as_posted(q, given)
        if isinstance(given, dict):
            return {self.field(q, part): [str(given.get(part, ""))] for part in _SPLIT}
        before, _, last = ("" if given is None else str(given)).strip().rpartition(" ")
        return {self.field(q, "first"): [before], self.field(q, "last"): [last]}

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """A string, or an object with first and last."""
        line = {"type": "string", "minLength": 1}
        if self.part_names(q) != _SPLIT:
            return line
        properties = dict.fromkeys(_SPLIT, line)
        return {
            "type": "object",
            "properties": properties,
            "required": list(_SPLIT),
            "additionalProperties": False,
        }
