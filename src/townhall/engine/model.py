"""The definition language, version 1: what a service's file may say once blocks are filled in."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from townhall.engine.parts import Part, When
from townhall.engine.question import Question, Repeat
from townhall.engine.words import Identifier, Slug, Text, Words

MAX_PAGES = 1_000
PAYMENTS = ("not taken",)
"""What `payment` may say: payments are taken in a later version."""
HAS_NO_LABEL = ("declaration", "computed")
"""Kinds whose words cannot be the page's h1: they stand beside a box, or have none."""
CHECK_ANSWERS = "check-answers"
"""Where a route comes out; the one target of `next` that is not a page of the definition."""

RESERVED_PAGES = frozenset(
    {"start", CHECK_ANSWERS, "confirmation", "privacy", "leave", "continue", "time-out", "static"}
)
RESERVED_SERVICES = frozenset(
    {"accessibility", "cookies", "health", "language", "leave", "left", "metrics", "static"}
)
"""Addresses of the site's own pages, which no service may have."""


class Owner(Part):
    """The team that answers for the service, and when it next reads its own words."""

    team: Words
    email: Words
    review: date


NOTED = ("visit", "closed")
"""What happens to a submission later and its keeping may count from, once it was noted."""


class Retain(Part):
    """How long answers are kept, as ``2 years after submitted``."""

    submitted: Words
    unfinished: Words = "28 days after last_saved"


class Privacy(Part):
    """Why the council may hold the answers (UK GDPR Articles 6, 9, 10 and 13)."""

    purpose: Words
    basis: Literal[
        "consent",
        "contract",
        "legal obligation",
        "vital interests",
        "public task",
        "legitimate interests",
    ]
    power: Words | None = None
    article9: Words | None = None
    article10: Words | None = None
    schedule1: Words | None = None
    must_answer: bool = False
    consequence: Words | None = None
    automated: Words | None = None
    retain: Retain


class Available(Part):
    """When the service takes answers: ``from`` and ``to`` inclusive; at most ``limit`` of them."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None
    limit: Annotated[int, Field(ge=1)] | None = None


class Help(Part):
    """How to reach a person (WCAG 2.2, 3.2.6); the council's own stands in where this is silent."""

    phone: Words | None = None
    hours: Words | None = None
    relay: Words | None = None
    email: Words | None = None
    letter: Words | None = None
    bsl: Words | None = None


class Urgent(Part):
    """What stands before the first question when some people must call now."""

    text: Text
    phone: Words


class Details(Part):
    """A summary that opens."""

    summary: Words
    text: Text


class Image(Part):
    """A picture that the council serves itself."""

    src: Words
    alt: str


class Table(Part):
    """A small table of words."""

    caption: Words
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...]


class Link(Part):
    """A link to a document or another page."""

    say: Words
    url: Words


class Contact(Part):
    """A contact box."""

    name: Words
    phone: Words | None = None
    email: Words | None = None
    hours: Words | None = None


class Content(Part):
    """Words on a page: exactly one of its keys, and a condition; a bare string is ``text``."""

    heading: Words | None = None
    text: Text | None = None
    list_: tuple[Words, ...] | None = Field(None, alias="list")
    inset: Text | None = None
    warning: Text | None = None
    details: Details | None = None
    image: Image | None = None
    table: Table | None = None
    link: Link | None = None
    contact: Contact | None = None
    when: When | None = None

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, raw: Any) -> Any:
        return {"text": raw} if isinstance(raw, str) else raw

    @model_validator(mode="after")
    def _one_of(self) -> Content:
        given = self.model_fields_set - {"when"}
        if len(given) != 1:
            raise PydanticCustomError(
                "content",
                "A content block has exactly one of text, list, inset, warning and so on.",
            )
        return self


class Branch(Part):
    """Where to go when a condition holds; without ``when``, always."""

    when: When | None = None
    go: Slug


def _branches(raw: object) -> object:
    return [{"go": raw}] if isinstance(raw, str) else raw


class Rule(Part):
    """What must hold between answers; ``at`` is the question that carries the message."""

    require: When
    say: Words
    at: Identifier
    when: When | None = None


class Page(Part):
    """One page: its words, its questions, whether it is shown and what follows it."""

    page: Slug
    title: Words | None = None
    section: Identifier | None = None
    when: When | None = None
    next: Annotated[tuple[Branch, ...], BeforeValidator(_branches)] = ()
    exit: Words | None = None
    content: tuple[Content, ...] = ()
    questions: tuple[Question, ...] = ()
    rules: tuple[Rule, ...] = ()
    repeat: Repeat | None = None

    @property
    def heading(self) -> str:
        """The page's one h1: its title, its exit's words, or its only question."""
        if self.title or self.exit:
            return self.title or self.exit or ""
        if not self.questions:
            return self.page.replace("-", " ").capitalize()
        first = self.questions[0]
        return first.label if first.type in HAS_NO_LABEL else first.ask

    @property
    def asks_as_heading(self) -> bool:
        """Whether the only question's label is the page's h1 (one thing per page)."""
        words = self.title or self.exit or self.content
        alone = not words and len(self.questions) == 1
        return alone and self.questions[0].type not in HAS_NO_LABEL


class Section(Part):
    """A title that groups check answers."""

    section: Identifier
    title: Words


class FeeLine(Part):
    """One line of the fee: a price in the dated fee table, once or ``times`` a number."""

    line: Words
    price: Words
    times: Identifier | None = None
    after_first: Annotated[int, Field(ge=0)] = 0
    vat: Words | None = None
    ledger: Words | None = None
    when: When | None = None


class Payment(Part):
    """How a fee is paid: for now only ``not taken``, here; ``say`` tells how it will be paid."""

    is_: Literal["not taken"] = Field(alias="is")
    say: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _known(cls, raw: Any) -> Any:
        given = {"is": raw} if isinstance(raw, str) else raw
        way = given.get("is", given.get("is_")) if isinstance(given, dict) else None
        if isinstance(way, str) and way not in PAYMENTS:
            remedy = f"Write one of: {', '.join(f'`{one}`' for one in PAYMENTS)}."
            context = {"way": way[:60], "remedy": remedy}
            words = "Townhall cannot take a payment by `{way}` yet."
            raise PydanticCustomError("unknown-payment", words, context)
        return given


class CheckAnswers(Part):
    """What stands on check answers besides the answers."""

    declaration: Text | None = None


class Delivery(Part):
    """One recipient, by the name under which settings register it."""

    to: Words
    when: When | None = None


class Confirmation(Part):
    """What the person is told at the end."""

    next: Text
    content: tuple[Content, ...] = ()
    answer_by: Words | None = None


class Acknowledgement(Part):
    """Which question holds the address that is told; ``name`` replaces a telling service title."""

    to: Identifier
    name: Words | None = None


class Example(Part):
    """The author's own test: given these answers, these pages and this fee."""

    name: Words
    at: datetime | None = None
    answers: dict[str, Any] = Field(default_factory=dict)
    visits: tuple[str, ...] | None = None
    exit: Slug | None = None
    fee: Decimal | None = None
    fails: dict[str, str] = Field(default_factory=dict)


class Source(Part):
    """Where an imported definition came from."""

    from_: Words = Field(alias="from")
    file: Words | None = None
    licence: Words | None = None
    copyright: Words | None = None
    sha256: Words | None = None


class Audience(Part):
    """Who may use the service, where that changes its notice."""

    under_18: bool = False


class Definition(Part):
    """A whole service, with blocks, patterns and lists filled in."""

    townhall: Annotated[int, Field(ge=1, le=1)]
    service: Slug
    title: Words
    pattern: Words | None = None
    summary: Words | None = None
    owner: Owner | None = None
    search: tuple[Words, ...] = ()
    privacy: Privacy | None = None
    languages: tuple[
        Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")], ...
    ] = ("en",)
    available: Available = Available()
    help: Help | None = None
    urgent: Urgent | None = None
    audience: Audience = Audience()
    reviewed: bool = True
    start: tuple[Content, ...] = ()

    conditions: dict[Identifier, When] = Field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    pages: tuple[Page, ...]
    fee: tuple[FeeLine, ...] = ()
    payment: Payment | None = None
    check: CheckAnswers = CheckAnswers()
    deliver: tuple[Delivery, ...] = ()
    acknowledge: Acknowledgement | None = None
    confirmation: Confirmation
    examples: tuple[Example, ...] = ()
    source: Source | None = None

    @model_validator(mode="after")
    def _has_pages(self) -> Definition:
        if not 1 <= len(self.pages) <= MAX_PAGES:
            context = {"remedy": "List what the service asks, page by page."}
            words = f"A service has between 1 and {MAX_PAGES:,} pages."
            raise PydanticCustomError("page-count", words, context)
        return self


_PERIOD = re.compile(
    r"(?P<count>\d{1,4}) (?P<unit>days?|weeks?|months?|years?) after (?P<event>[a-z_]+)"
)


def read_period(text: str) -> tuple[int, str, str] | None:
    """Read ``28 days after last_saved`` as (28, "days", "last_saved"); None when it is not that."""
    found = _PERIOD.fullmatch(text.strip())
    if found is None:
        return None
    unit = found["unit"] if found["unit"].endswith("s") else f"{found['unit']}s"
    return int(found["count"]), unit, found["event"]
