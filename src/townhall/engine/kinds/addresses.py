"""A UK address typed by hand: the boxes and tokens of the GOV.UK addresses pattern."""

from collections.abc import Mapping
from typing import Any, ClassVar

from townhall.engine.kinds.base import (
    Code,
    Context,
    Json,
    Kind,
    NoSettings,
    Problem,
    QuestionLike,
    Raw,
)
from townhall.engine.kinds.parted import load_parts, parse_parts
from townhall.engine.kinds.postcodes import postcode

PARTS = ("line1", "line2", "town", "county", "postcode")
NEEDED = ("line1", "town", "postcode")
_LIMIT = 200
_TOKENS = {
    "line1": "address-line1",
    "line2": "address-line2",
    "town": "address-level2",
    "postcode": "postal-code",
}
_SAMPLE = {"line1": "1 High Street", "town": "Sampleton", "postcode": "AA1 1AA"}


class Address(Kind[Mapping[str, str], NoSettings]):
    """An address by hand; the first line, the town and the postcode are needed."""

    name = "address"
    Settings = NoSettings
    personal: ClassVar[tuple[str, ...]] = ("contact",)
    codes: ClassVar[frozenset[Code]] = frozenset(
        {Code.BAD_CHARACTER, Code.TOO_LONG, Code.ADDRESS_INCOMPLETE, Code.NOT_A_POSTCODE}
    )

    def part_names(self, q: QuestionLike) -> tuple[str, ...]:
        """The five boxes."""
        return PARTS

    def autocomplete(self, q: QuestionLike, part: str = "") -> str:
        """The tokens of an address, where the question is about the person's own."""
        return _TOKENS.get(part, "") if "your" in q.ask.lower().split() else ""

    def parse(
        self, q: QuestionLike, raw: Raw, ctx: Context
    ) -> Mapping[str, str] | list[Problem] | None:
        """The boxes that were filled in, the postcode in its one form."""
        typed = parse_parts(q, raw, {part: self.field(q, part) for part in PARTS}, _LIMIT)
        if isinstance(typed, list) or not typed:
            return typed or None
        wrong = [
            Problem(Code.ADDRESS_INCOMPLETE, q.id, part) for part in NEEDED if part not in typed
        ]
        code = postcode(typed.get("postcode", ""))
        if "postcode" in typed and code is None:
            wrong.append(Problem(Code.NOT_A_POSTCODE, q.id, "postcode"))
        return wrong or {**typed, "postcode": code or ""}

    def refill(self, q: QuestionLike, value: Mapping[str, str]) -> dict[str, list[str]]:
        """As typed."""
        return {self.field(q, part): [value.get(part, "")] for part in PARTS}

    def dump(self, value: Mapping[str, str]) -> Json:
        """An object with the boxes that were filled in."""
        return dict(value)

    def load(self, q: QuestionLike, stored: Json) -> Mapping[str, str]:
        """As `dump` gave it."""
        return load_parts(q, stored, PARTS)

    def show(self, q: QuestionLike, value: Mapping[str, str], language: str = "en") -> list[str]:
        """One line for each box, as on an envelope."""
        return [value[part] for part in PARTS if value.get(part)]

    def sample(self, q: QuestionLike, ctx: Context) -> Mapping[str, str]:
        """An invented address."""
        return dict(_SAMPLE)

    def as_posted(self, q: QuestionLike, given: Json) -> dict[str, list[str]]:
        """A mapping by part; or one line with commas.

        Of one line, the last piece is the postcode and the one before it the town; where there are
        only two pieces the town is the sample's, so that an example may be short.
        """
        if isinstance(given, dict):
            return {self.field(q, part): [str(given.get(part, ""))] for part in PARTS}
        pieces = [piece.strip() for piece in ("" if given is None else str(given)).split(",")]
        if pieces == [""]:
            return self.refill(q, {})
        last = pieces.pop() if len(pieces) > 1 else ""
        town = pieces.pop() if len(pieces) > 1 else _SAMPLE["town"]
        whole = {"line1": pieces[0], "line2": ", ".join(pieces[1:]), "town": town, "postcode": last}
        return self.refill(q, whole)

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """An object; line 2 and county may be absent."""
        line = {"type": "string", "minLength": 1}
        return {
            "type": "object",
            "properties": dict.fromkeys(PARTS, line),
            "required": list(NEEDED),
            "additionalProperties": False,
        }
