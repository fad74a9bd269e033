"""Kinds whose value is one line: the shared half of text, email, phone, url and postcode."""

from typing import Any, ClassVar, TypeVar

from townhall.engine.kinds.base import (
    BadOperand,
    BadStored,
    Context,
    Json,
    Kind,
    Ordering,
    Problem,
    QuestionLike,
    Raw,
    Settings,
)
from townhall.engine.kinds.typed import LINE_LIMIT, one_line

S = TypeVar("S", bound=Settings)


class LineKind(Kind[str, S]):
    """One box, one line, a string. A subclass says what the line must be."""

    ordering: ClassVar[Ordering] = "text"
    limit: ClassVar[int] = LINE_LIMIT

    def parse(self, q: QuestionLike, raw: Raw, ctx: Context) -> str | list[Problem] | None:
        """The trimmed line."""
        found = one_line(q.id, raw.get(self.field(q)), limit=self.limit)
        return self.read(q, found) if isinstance(found, str) else found

    def read(self, q: QuestionLike, text: str) -> str | list[Problem]:
        """The value that a clean line means."""
        return text

    def refill(self, q: QuestionLike, value: str) -> dict[str, list[str]]:
        """The line itself."""
        return {self.field(q): [value]}

    def dump(self, value: str) -> Json:
        """A JSON string."""
        return value

    def load(self, q: QuestionLike, stored: Json) -> str:
        """A JSON string."""
        if not isinstance(stored, str):
            raise BadStored(f"question {q.id!r}: stored answer is not a string")
        return stored

    def show(self, q: QuestionLike, value: str, language: str = "en") -> list[str]:
        """The line itself."""
        return [value]

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """A string."""
        return {"type": "string", "minLength": 1}

    def operand(self, q: QuestionLike, text: str) -> str:
        """Words are never compared: routing on them would route on a spelling."""
        raise BadOperand(
            f"a condition cannot look inside the words of {q.id!r}; "
            "ask a radios question, or use `answered`"
        )
