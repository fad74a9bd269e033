"""Choosing from what is offered: one of them, several of them, yes or no."""

from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import Field

from townhall.engine.kinds.base import (
    BadOperand,
    BadStored,
    Choice,
    Code,
    Context,
    Json,
    Kind,
    KindFault,
    NoSettings,
    Ordering,
    Problem,
    QuestionLike,
    Raw,
    Settings,
)
from townhall.engine.kinds.typed import first

_YES_NO = {"en": ("Yes", "No"), "cy": ("Ie", "Na")}
_POSTED_LIMIT = 1_000
"""Ticks read from one question: more were never offered."""


class RadiosSettings(Settings):
    """The keys of `radios` and `yes-no`."""

    inline: bool = False


class CheckboxesSettings(Settings):
    """The keys of `checkboxes`; an exclusive choice is never counted against them."""

    exactly: Annotated[int, Field(ge=1)] | None = None
    at_least: Annotated[int, Field(ge=1)] | None = None
    at_most: Annotated[int, Field(ge=1)] | None = None


S = TypeVar("S", bound=Settings)


def offered(q: QuestionLike) -> tuple[Choice, ...]:
    """The question's options as choices, dividers included."""
    return tuple(
        Choice("", "", divider=option.divider)
        if option.divider
        else Choice(option.id, option.say, option.hint or "", option.exclusive)
        for option in q.options
    )


class OneOf(Kind[str, S]):
    """One id among those offered now: an id that is not offered is a problem, never a value."""

    ordering: ClassVar[Ordering] = "choice"
    codes: ClassVar[frozenset[Code]] = frozenset({Code.NOT_AN_OPTION})

    def choices(self, q: QuestionLike, language: str = "en") -> tuple[Choice, ...]:
        """The question's own options."""
        return offered(q)

    def ids(self, q: QuestionLike) -> tuple[str, ...]:
        """The ids on offer."""
        return _ids(q)

    def offers(self, q: QuestionLike, id: str) -> bool:
        """Whether an id is on offer: looks no further than the option that has it."""
        return any(option.id == id and not option.divider for option in q.options)

    def parse(self, q: QuestionLike, raw: Raw, ctx: Context) -> str | list[Problem] | None:
        """The first id posted."""
        value = first(raw.get(self.field(q)))
        if not value:
            return None
        return value if self.offers(q, value) else [Problem(Code.NOT_AN_OPTION, q.id)]

    def problems(self, q: QuestionLike, value: str, ctx: Context) -> list[Problem]:
        """No longer on offer, now that earlier answers changed."""
        return [] if self.offers(q, value) else [Problem(Code.NOT_AN_OPTION, q.id)]

    def refill(self, q: QuestionLike, value: str) -> dict[str, list[str]]:
        """The id."""
        return {self.field(q): [value]}

    def dump(self, value: str) -> Json:
        """The id."""
        return value

    def load(self, q: QuestionLike, stored: Json) -> str:
        """An id. Whether it is still on offer is for `problems` to say."""
        if not isinstance(stored, str):
            raise BadStored(f"question {q.id!r}: stored answer is not an option id")
        return stored

    def show(self, q: QuestionLike, value: str, language: str = "en") -> list[str]:
        """The option's words."""
        return [_say(q, value)]

    def sample(self, q: QuestionLike, ctx: Context) -> str:
        """The first option."""
        return self.ids(q)[0]

    def operand(self, q: QuestionLike, text: str) -> str:
        """An option id."""
        return _option_operand(q, self.ids(q), text)

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """One of the ids."""
        return {"type": "string", "enum": list(self.ids(q))}


class Listed(OneOf[S]):
    """One of the options that the author lists."""

    takes_options: ClassVar[bool] = True

    def faults(self, q: QuestionLike) -> list[KindFault]:
        """No options, or one marked exclusive where only one can be chosen."""
        return [*_too_few_options(q), *_exclusive_alone(q)]


class Radios(Listed[RadiosSettings]):
    """One choice, all of them in sight."""

    name = "radios"
    Settings = RadiosSettings


class Select(Listed[NoSettings]):
    """One choice from a closed list."""

    name = "select"
    Settings = NoSettings


class YesNo(OneOf[RadiosSettings]):
    """Yes or no; its ids are `yes` and `no` in every language."""

    name = "yes-no"
    Settings = RadiosSettings

    def choices(self, q: QuestionLike, language: str = "en") -> tuple[Choice, ...]:
        """Yes and no."""
        yes, no = _YES_NO.get(language.split("-")[0], _YES_NO["en"])
        return (Choice("yes", yes), Choice("no", no))

    def show(self, q: QuestionLike, value: str, language: str = "en") -> list[str]:
        """Yes or no."""
        yes, no = _YES_NO.get(language.split("-")[0], _YES_NO["en"])
        return [{"yes": yes, "no": no}.get(value, value)]

    def ids(self, q: QuestionLike) -> tuple[str, ...]:
        """Both."""
        return ("yes", "no")

    def offers(self, q: QuestionLike, id: str) -> bool:
        """Whether it is either."""
        return id in ("yes", "no")

    def operand(self, q: QuestionLike, text: str) -> str:
        """`yes` or `no`; JSON's true and false mean the same."""
        plain = {"true": "yes", "false": "no"}.get(text.lower(), text.lower())
        return _option_operand(q, self.ids(q), plain)

    def as_posted(self, q: QuestionLike, given: Json) -> dict[str, list[str]]:
        """As an author writes it: yes, Yes or true."""
        plain = "" if given is None else str(given).lower()
        return {self.field(q): [{"true": "yes", "false": "no"}.get(plain, plain)]}


class Checkboxes(Kind[tuple[str, ...], CheckboxesSettings]):
    """Any number of choices, kept in the order offered."""

    name = "checkboxes"
    Settings = CheckboxesSettings
    ordering: ClassVar[Ordering] = "choices"
    takes_options: ClassVar[bool] = True
    codes: ClassVar[frozenset[Code]] = frozenset(
        {
            Code.NOT_AN_OPTION,
            Code.NOT_WITH_OTHERS,
            Code.NOT_EXACTLY,
            Code.TOO_FEW,
            Code.TOO_MANY,
        }
    )

    def choices(self, q: QuestionLike, language: str = "en") -> tuple[Choice, ...]:
        """The question's own options."""
        return offered(q)

    def parse(
        self, q: QuestionLike, raw: Raw, ctx: Context
    ) -> tuple[str, ...] | list[Problem] | None:
        """The ids ticked, each once; one that is not offered spoils them all."""
        posted = {text for text in raw.get(self.field(q), ())[:_POSTED_LIMIT] if text}
        if not posted:
            return None
        ids = _ids(q)
        if posted - set(ids):
            return [Problem(Code.NOT_AN_OPTION, q.id)]
        return tuple(id for id in ids if id in posted)

    def problems(self, q: QuestionLike, value: tuple[str, ...], ctx: Context) -> list[Problem]:
        """Not on offer, exclusive with others, or the wrong number of them."""
        if set(value) - set(_ids(q)):
            return [Problem(Code.NOT_AN_OPTION, q.id)]
        alone = [choice for choice in offered(q) if choice.exclusive and choice.id in value]
        if alone:
            params = {"option": alone[0].say}
            return [Problem(Code.NOT_WITH_OTHERS, q.id, params=params)] if len(value) > 1 else []
        return self._count(q, len(value))

    def _count(self, q: QuestionLike, count: int) -> list[Problem]:
        settings = self.settings(q)
        exactly, low, high = settings.exactly, settings.at_least, settings.at_most
        if exactly and count != exactly:
            return [Problem(Code.NOT_EXACTLY, q.id, params={"limit": str(exactly)})]
        if low and count < low:
            return [Problem(Code.TOO_FEW, q.id, params={"limit": str(low)})]
        if high and count > high:
            return [Problem(Code.TOO_MANY, q.id, params={"limit": str(high)})]
        return []

    def refill(self, q: QuestionLike, value: tuple[str, ...]) -> dict[str, list[str]]:
        """The ids."""
        return {self.field(q): list(value)}

    def dump(self, value: tuple[str, ...]) -> Json:
        """A list of ids."""
        return list(value)

    def load(self, q: QuestionLike, stored: Json) -> tuple[str, ...]:
        """A list of ids."""
        if not isinstance(stored, list) or not all(isinstance(id, str) for id in stored):
            raise BadStored(f"question {q.id!r}: stored answer is not a list of option ids")
        return tuple(stored)

    def show(self, q: QuestionLike, value: tuple[str, ...], language: str = "en") -> list[str]:
        """One line for each choice."""
        return [_say(q, id) for id in value]

    def sample(self, q: QuestionLike, ctx: Context) -> tuple[str, ...]:
        """As many of the first options as are needed."""
        settings = self.settings(q)
        plain = [choice.id for choice in offered(q) if choice.id and not choice.exclusive]
        wanted = settings.exactly or settings.at_least or 1
        return tuple(plain[:wanted]) or _ids(q)[:1]

    def operand(self, q: QuestionLike, text: str) -> tuple[str, ...]:
        """One option id, for `includes` and `excludes`."""
        return (_option_operand(q, _ids(q), text),)

    def as_posted(self, q: QuestionLike, given: Json) -> dict[str, list[str]]:
        """A list of ids, or one id."""
        if isinstance(given, list):
            return {self.field(q): [str(id) for id in given]}
        return super().as_posted(q, given)

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """Ids, each at most once."""
        items = {"type": "string", "enum": list(_ids(q))}
        return {"type": "array", "items": items, "uniqueItems": True, "minItems": 1}

    def faults(self, q: QuestionLike) -> list[KindFault]:
        """Counts that the options cannot meet."""
        settings = self.settings(q)
        plain = sum(1 for choice in offered(q) if choice.id and not choice.exclusive)
        low = settings.exactly or settings.at_least or 0
        found = _too_few_options(q)
        if low > plain:
            remedy = "Ask for fewer, or offer more options"
            found.append(KindFault("too_few_options", f"{low} must be chosen of {plain}", remedy))
        if (settings.at_least or 0) > (settings.at_most or settings.at_least or 0):
            remedy = "Make at_least the smaller of the two"
            found.append(KindFault("limits_cross", "at_least is more than at_most", remedy))
        if settings.exactly and (settings.at_least or settings.at_most):
            remedy = "Keep exactly, or the other two"
            message = "exactly stands beside at_least or at_most"
            found.append(KindFault("two_counts", message, remedy))
        return found


def _ids(q: QuestionLike) -> tuple[str, ...]:
    return tuple([option.id for option in q.options if not option.divider])


def _say(q: QuestionLike, id: str) -> str:
    for option in q.options:
        if option.id == id and not option.divider:
            return option.say
    return id


def _option_operand(q: QuestionLike, ids: tuple[str, ...], text: str) -> str:
    if text in ids:
        return text
    raise BadOperand(f"{q.id!r} has no option {text!r}; its options are {', '.join(ids[:20])}")


def _too_few_options(q: QuestionLike) -> list[KindFault]:
    if _ids(q):
        return []
    return [KindFault("no_options", "there is nothing to choose from", "Add `options:`")]


def _exclusive_alone(q: QuestionLike) -> list[KindFault]:
    if not any(choice.exclusive for choice in offered(q)):
        return []
    remedy = "Remove `exclusive`: it is for checkboxes"
    message = "an option is exclusive though only one can be chosen"
    return [KindFault("exclusive_alone", message, remedy)]
