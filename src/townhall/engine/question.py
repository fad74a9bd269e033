"""A question and its options, as a definition gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from townhall.engine.kinds import kind_named
from townhall.engine.parts import Part, When
from townhall.engine.plurals import plural_of
from townhall.engine.words import Identifier, OptionId, ProblemCode, Words, slug

PersonalClass = Literal[
    "none",
    "contact",
    "identifier",
    "financial",
    "location",
    "special",
    "offence",
    "child",
    "other_person",
]
Use = Literal["search", "match", "map", "measure", "dataset"]


class Option(Part):
    """One answer on offer: an id that is kept and words that may change; or a divider."""

    id: OptionId | Literal[""] = ""
    say: Words | Literal[""] = ""
    hint: Words | None = None
    exclusive: bool = False
    divider: Words | None = None
    when: When | None = None

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, raw: Any) -> Any:
        if isinstance(raw, str):
            return {"id": slug(raw), "say": raw}
        if isinstance(raw, dict) and raw.get("say") and not raw.get("id"):
            return {**raw, "id": slug(str(raw["say"]))}
        return raw

    @model_validator(mode="after")
    def _words(self) -> Option:
        if bool(self.say) == (self.divider is not None):
            raise PydanticCustomError("option", "An option has words (`say`), or is a `divider`.")
        return self


class Repeat(Part):
    """Something asked once for each of several items."""

    id: Identifier
    min: Annotated[int, Field(ge=0, le=1000)] = 1
    max: Annotated[int, Field(ge=1, le=1000)] = 20
    item: Words = "item"
    items: Words | None = None
    show: Literal["list", "table"] = "list"
    total: tuple[Identifier, ...] = ()

    @property
    def plural(self) -> str:
        """Several of them, in words."""
        return self.items or plural_of(self.item)


class Question(Part):
    """One question; ``settings`` holds the keys that belong to its kind alone."""

    id: Identifier
    ask: Words
    type: str
    short: Words | None = None
    hint: Words | None = None
    required: bool = True
    reason: Words | None = None
    personal: tuple[PersonalClass, ...] = ()
    publish: Literal["no", "banded", "yes"] = "no"
    geography: bool = False
    measure: bool = False
    meaning: Words | None = None
    use: tuple[Use, ...] = ()
    name: Identifier | None = None
    errors: dict[ProblemCode, Words] = Field(default_factory=dict)
    autocomplete: Words | None = None
    when: When | None = None
    options: tuple[Option, ...] = ()
    questions: tuple[Question, ...] = ()
    settings: Any = None

    @model_validator(mode="before")
    @classmethod
    def _split_settings(cls, raw: Any) -> Any:
        """Move the keys of the question's kind under ``settings`` and let the kind read them."""
        if not isinstance(raw, dict) or isinstance(raw.get("settings"), BaseModel):
            return raw
        if isinstance(raw.get("personal"), str):
            raw = {**raw, "personal": [raw["personal"]]}
        kind = kind_named(str(raw.get("type") or ""))
        if kind is None:
            return raw
        own = {key: value for key, value in raw.items() if key in kind.Settings.model_fields}
        rest = {key: value for key, value in raw.items() if key not in own}
        try:
            settings = kind.Settings.model_validate(own)
        except ValidationError as error:
            inner = error.errors(include_url=False)
            context = {"words": inner[0]["msg"], "errors": inner}
            raise PydanticCustomError("bad-settings", "{words}", context) from error
        return {**rest, "type": kind.name, "settings": settings}

    @model_validator(mode="after")
    def _known_kind(self) -> Question:
        if self.settings is None:
            raise PydanticCustomError(
                "unknown-kind", "`{kind}` is not a kind of question.", {"kind": self.type}
            )
        return self

    @model_serializer(mode="wrap")
    def _flatten(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write the kind's own keys beside the others, as the author did."""
        whole: dict[str, Any] = handler(self)
        whole.pop("settings", None)
        own = self.settings.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {**whole, **own}

    @property
    def label(self) -> str:
        """Its name on check answers, in exports and in messages."""
        return self.short or self.ask

    @property
    def key(self) -> str:
        """Its name in webhooks and exports."""
        return self.name or self.id

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options without dividers."""
        return tuple(option for option in self.options if option.divider is None)

    def option(self, id: str) -> Option | None:
        """Give the option with this id."""
        return next((option for option in self.offered if option.id == id), None)

    @property
    def classes(self) -> tuple[str, ...]:
        """Its personal-data classes: the author's, or else its kind's (acceptance.md)."""
        kind = kind_named(self.type)
        return self.personal or (kind.classes(self) if kind else ())


def leaves(questions: tuple[Question, ...]) -> Iterator[Question]:
    """Walk the questions that take an answer: a group gives way to those it holds."""
    for question in questions:
        if question.questions:
            yield from leaves(question.questions)
        else:
            yield question
