"""A statement that a person agrees to by ticking it."""

from typing import Any, ClassVar

from townhall.engine.kinds.base import (
    BadStored,
    Choice,
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
from townhall.engine.kinds.typed import first

AGREED = "yes"
_SHOWN = {"en": "Agreed", "cy": "Cytunwyd"}


class Declaration(Kind[str, NoSettings]):
    """A tick. Its only value is agreement; not ticked is no answer."""

    name = "declaration"
    Settings = NoSettings
    ordering: ClassVar[Ordering] = "choice"
    codes: ClassVar[frozenset[Code]] = frozenset({Code.NOT_AGREED})

    def missing(self, q: QuestionLike) -> Problem:
        """Not ticked."""
        return Problem(Code.NOT_AGREED, q.id)

    def choices(self, q: QuestionLike, language: str = "en") -> tuple[Choice, ...]:
        """The statement itself beside one box."""
        return (Choice(AGREED, q.ask),)

    def parse(self, q: QuestionLike, raw: Raw, ctx: Context) -> str | list[Problem] | None:
        """Ticked or not; nothing else that is sent counts as a tick."""
        return AGREED if first(raw.get(self.field(q))) == AGREED else None

    def refill(self, q: QuestionLike, value: str) -> dict[str, list[str]]:
        """The tick."""
        return {self.field(q): [value]}

    def dump(self, value: str) -> Json:
        """JSON true."""
        return True

    def load(self, q: QuestionLike, stored: Json) -> str:
        """JSON true."""
        if stored is not True:
            raise BadStored(f"question {q.id!r}: stored answer is not a tick")
        return AGREED

    def show(self, q: QuestionLike, value: str, language: str = "en") -> list[str]:
        """Agreed."""
        return [_SHOWN.get(language.split("-")[0], _SHOWN["en"])]

    def sample(self, q: QuestionLike, ctx: Context) -> str:
        """Ticked."""
        return AGREED

    def as_posted(self, q: QuestionLike, given: Json) -> dict[str, list[str]]:
        """yes, true or agreed."""
        ticked = str(given).lower() in (AGREED, "true", "agreed")
        return {self.field(q): [AGREED] if ticked else []}

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """Always true."""
        return {"const": True}
