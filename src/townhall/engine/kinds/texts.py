"""Text in a person's own words: one line, or many."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from townhall.engine.kinds.base import (
    Code,
    Context,
    KindFault,
    Problem,
    QuestionLike,
    Raw,
    Settings,
)
from townhall.engine.kinds.contact import dialled, is_email
from townhall.engine.kinds.numbers import between
from townhall.engine.kinds.pattern_sample import sample_of
from townhall.engine.kinds.patterns import BadPattern, compiled, matches
from townhall.engine.kinds.plain import LineKind
from townhall.engine.kinds.typed import LINE_LIMIT, LONG_LIMIT, characters, many_lines, over

NOBODYS = (
    "07700 900982",
    "07700900982",
    "+447700900982",
    "01632 960001",
    "01632960001",
    "020 7946 0001",
    "02079460001",
    "sam.sample@example.com",
    "SAM.SAMPLE@EXAMPLE.COM",
)
"""Numbers that Ofcom keeps for drama, and an address in a domain kept for examples (RFC 2606)."""


class Pattern(Settings):
    """What the whole text must match (RE2), and what a person is told when it does not."""

    matches: str
    say: str
    like: str | None = None


class TextSettings(Settings):
    """The keys of `text`."""

    min_length: Annotated[int, Field(ge=1, le=LINE_LIMIT)] | None = None
    max_length: Annotated[int, Field(ge=1, le=LINE_LIMIT)] | None = None
    pattern: Pattern | None = None
    prefix: str | None = None
    suffix: str | None = None


class LongTextSettings(Settings):
    """The keys of `long-text`: a count of characters or of words."""

    max_length: Annotated[int, Field(ge=1, le=LONG_LIMIT)] | None = None
    max_words: Annotated[int, Field(ge=1, le=LONG_LIMIT // 5)] | None = None


class Text(LineKind[TextSettings]):
    """One line. It may hold anything about anyone, so it is special until the author says not."""

    name = "text"
    Settings = TextSettings
    personal: ClassVar[tuple[str, ...]] = ("special",)
    codes: ClassVar[frozenset[Code]] = frozenset(
        {Code.BAD_CHARACTER, Code.TOO_LONG, Code.TOO_SHORT, Code.WRONG_PATTERN}
    )

    def problems(self, q: QuestionLike, value: str, ctx: Context) -> list[Problem]:
        """Length first, so that no long text meets the pattern."""
        settings = self.settings(q)
        high, low, pattern = settings.max_length, settings.min_length, settings.pattern
        if high and over(value, high):
            return [Problem(Code.TOO_LONG, q.id, params={"limit": f"{high:,}"})]
        if low and characters(value) < low:
            return [Problem(Code.TOO_SHORT, q.id, params={"limit": f"{low:,}"})]
        if pattern and not matches(pattern.matches, value):
            return [Problem(Code.WRONG_PATTERN, q.id, params={"say": pattern.say})]
        return []

    def show(self, q: QuestionLike, value: str, language: str = "en") -> list[str]:
        """The line between its prefix and suffix."""
        settings = self.settings(q)
        return [between((settings.prefix or "", settings.suffix or ""), value)]

    def sample(self, q: QuestionLike, ctx: Context) -> str:
        """Words that fit the length, or the pattern's own example."""
        settings = self.settings(q)
        if settings.pattern:
            return settings.pattern.like or _made(settings, settings.pattern) or ""
        return _words(settings.min_length or 1, settings.max_length or LINE_LIMIT)

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """A string. Its length is ours to prove: JSON Schema counts characters another way."""
        return {"type": "string", "minLength": 1}

    def faults(self, q: QuestionLike) -> list[KindFault]:
        """Lengths that cross, and a pattern that does not work."""
        settings = self.settings(q)
        found = super().faults(q)
        if (settings.min_length or 0) > (settings.max_length or LINE_LIMIT):
            found.append(
                KindFault(
                    "limits_cross",
                    "min_length is more than max_length",
                    "Make min_length the smaller of the two",
                )
            )
        if settings.pattern:
            found.extend(self._pattern_faults(settings, settings.pattern))
        return found

    def _pattern_faults(self, settings: TextSettings, pattern: Pattern) -> list[KindFault]:
        try:
            compiled(pattern.matches)
        except BadPattern as error:
            remedy = "Write a pattern in RE2: no look-ahead, no look-behind and no back-references"
            return [KindFault("bad_pattern", f"the pattern does not work: {error}", remedy)]
        like = pattern.like or _made(settings, pattern)
        if like is None:
            remedy = "Add `like:` with a text that fits, as in {matches: …, say: …, like: AB12}"
            return [KindFault("pattern_sample", "no example of the pattern is known", remedy)]
        if not matches(pattern.matches, like):
            message = "`like` does not fit `matches`"
            return [KindFault("pattern_sample", message, "Correct one of them")]
        return []


class LongText(LineKind[LongTextSettings]):
    """Many lines, with the GOV.UK character count or a count of words."""

    name = "long-text"
    Settings = LongTextSettings
    personal: ClassVar[tuple[str, ...]] = ("special",)
    codes: ClassVar[frozenset[Code]] = frozenset(
        {Code.BAD_CHARACTER, Code.TOO_LONG, Code.TOO_MANY_WORDS}
    )

    def parse(self, q: QuestionLike, raw: Raw, ctx: Context) -> str | list[Problem] | None:
        """The trimmed text, its line ends made LF."""
        return many_lines(q.id, raw.get(self.field(q)))

    def problems(self, q: QuestionLike, value: str, ctx: Context) -> list[Problem]:
        """Too many characters, or too many words as the GOV.UK count has them (`\\S+`)."""
        settings = self.settings(q)
        if settings.max_length and over(value, settings.max_length):
            return [Problem(Code.TOO_LONG, q.id, params={"limit": f"{settings.max_length:,}"})]
        if settings.max_words and len(value.split()) > settings.max_words:
            return [Problem(Code.TOO_MANY_WORDS, q.id, params={"limit": f"{settings.max_words:,}"})]
        return []

    def show(self, q: QuestionLike, value: str, language: str = "en") -> list[str]:
        """One entry for each line typed."""
        return value.split("\n")

    def sample(self, q: QuestionLike, ctx: Context) -> str:
        """A short sentence, cut to the limit."""
        return _words(1, self.settings(q).max_length or LONG_LIMIT)

    def faults(self, q: QuestionLike) -> list[KindFault]:
        """One count at a time."""
        settings = self.settings(q)
        if not (settings.max_length and settings.max_words):
            return super().faults(q)
        return [
            *super().faults(q),
            KindFault(
                "two_counts",
                "max_length and max_words are both given",
                "Keep one: a person is shown one count",
            ),
        ]


def _made(settings: TextSettings, pattern: Pattern) -> str | None:
    low, high = settings.min_length or 1, settings.max_length or LINE_LIMIT
    made = sample_of(pattern.matches, low, high)
    if made is None or not (dialled(made) or is_email(made)):
        return made
    # It might be somebody's: one that is nobody's stands in, where the pattern takes it.
    fitting = (one for one in NOBODYS if low <= len(one) <= high and matches(pattern.matches, one))
    return next(fitting, made)


def _words(low: int, high: int) -> str:
    text = "Sample"
    return (text + "s" * max(0, low - len(text)))[:high]
