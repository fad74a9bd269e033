"""The council's own settings, one file: who it is, how to reach it, and where answers may go."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from townhall.engine.model import Help
from townhall.engine.parts import Part
from townhall.engine.question import PersonalClass
from townhall.engine.words import Identifier, Text, Words

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
EnvironmentName = Annotated[str, StringConstraints(pattern=r"^TOWNHALL_[A-Z0-9_]+$")]


class Body(Part):
    """An organisation or officer with a postal and an email address."""

    name: Words
    address: Words | None = None
    email: Words | None = None
    phone: Words | None = None


class Processor(Part):
    """Someone who handles answers on the council's behalf."""

    name: Words
    purpose: Words
    country: Words | None = None


class Destination(Part):
    """A registered recipient: what it is, why it is sent answers, and which classes it may hold.

    ``secret`` and ``template`` name environment variables or ids; a definition can name neither.
    """

    kind: Literal["email", "notify", "webhook"]
    address: Words | None = None
    url: Words | None = None
    template: Words | None = None
    secret: EnvironmentName | None = None
    recipient: Words
    purpose: Words
    country: Words | None = None
    classes: tuple[PersonalClass, ...] = ()
    private_network: bool = False

    @model_validator(mode="after")
    def _has_a_place(self) -> Destination:
        needs = {"email": ("address",), "webhook": ("url",), "notify": ("address", "template")}
        missing = [name for name in needs[self.kind] if not getattr(self, name)]
        if missing:
            words = f"A destination of kind {self.kind} needs {' and '.join(missing)}"
            raise PydanticCustomError("settings", words)
        return self


class Theme(Part):
    """The council's colours and logo; the font is a free one."""

    brand: Colour = "#1d3557"
    on_brand: Colour = "#ffffff"
    link: Colour = "#1d4ed8"
    button: Colour = "#0b6b3a"
    logo: Words | None = None


class Accessibility(Part):
    """The accessibility statement's status, set by a named person and never by a tool."""

    status: Literal[
        "not yet assessed", "not compliant", "partially compliant", "fully compliant"
    ] = "not yet assessed"
    set_by: Words | None = None
    prepared: Words | None = None
    reviewed: Words | None = None
    tested: Words | None = None
    known_problems: tuple[Words, ...] = ()
    contact_email: Words | None = None
    contact_phone: Words | None = None


class Council(Part):
    """Everything about the council that pages, notices and checks need.

    ``country`` is where answers are held by whoever names no country of its own.
    """

    name: Words
    short_name: Words | None = None
    website: Words | None = None
    country: Words | None = None
    controller: Body
    dpo: Body
    help: Help
    processors: tuple[Processor, ...] = ()
    destinations: dict[Identifier, Destination] = Field(default_factory=dict)
    mail_domains: tuple[Words, ...] = ()
    hosts: tuple[Words, ...] = ()
    operator_email: Words | None = None
    theme: Theme = Theme()
    accessibility: Accessibility = Accessibility()
    phase: Literal["alpha", "beta"] | None = None
    feedback: Words | None = None
    complaints: Text | None = None
    idle_minutes: Annotated[int, Field(ge=5, le=480)] = 60
    acknowledgements: bool = True
    demonstration: bool = False

    def country_of(self, one: Processor | Destination) -> str:
        """Give the country where someone holds answers; ``check`` refuses a council without one."""
        return one.country or self.country or "United Kingdom"
