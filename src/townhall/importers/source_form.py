"""The neutral source model: what a form of the XGov and DEFRA family says, dialect aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from townhall.importers.expressions import Expression

Dialect = Literal["sections", "flat", "ordered"]
"""``sections``: answers are kept by section (XGov and its forks); ``flat``: by name (DEFRA V1);
``ordered``: by name, and pages follow the order of the file, each with a condition (DEFRA V2)."""

Role = Literal["page", "start", "summary", "recap", "gate", "terminal"]
"""``recap`` is a list of answers half way; ``gate`` is a page that only signs people in."""

ELSEWHERE = ":elsewhere"
"""Where a link leads that leaves for another website."""

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Item:
    """One entry of a list: the value that is stored and the words that are shown."""

    text: str
    value: Scalar
    hint: str = ""
    condition: str = ""
    path: str = ""
    id: str = ""


@dataclass(frozen=True)
class ChoiceList:
    """A list that questions draw their options from; ``type`` is the type of its values."""

    name: str
    type: str
    items: tuple[Item, ...]
    path: str = ""


@dataclass(frozen=True)
class Component:
    """One thing on a page: a question, or words."""

    type: str
    name: str
    title: str
    path: str
    hint: str = ""
    content: str = ""
    short: str = ""
    list: str = ""
    id: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    schema: Mapping[str, object] = field(default_factory=dict)
    children: tuple[Component, ...] = ()
    reveals: tuple[tuple[str, Component], ...] = ()

    @property
    def revealed(self) -> tuple[Component, ...]:
        """The questions that stand under its options."""
        return tuple(part for _, part in self.reveals)

    @property
    def required(self) -> bool:
        """Whether the source insists on an answer."""
        return self.options.get("required") is not False

    @property
    def hidden(self) -> bool:
        """Whether the source hides it by a class and fills it in by other means."""
        return "display-none" in str(self.options.get("classes", ""))


@dataclass(frozen=True)
class Link:
    """One way on from a page; without a condition it is what happens when no other holds."""

    to: str
    path: str
    condition: str = ""


@dataclass(frozen=True)
class SourcePage:
    """One page of the source; ``condition`` is used by the ordered dialect alone."""

    path: str
    title: str
    role: Role
    place: str
    section: str = ""
    heading: str = ""
    components: tuple[Component, ...] = ()
    links: tuple[Link, ...] = ()
    condition: str = ""
    repeats: bool = False
    options: Mapping[str, object] = field(default_factory=dict)
    controller: str = ""


@dataclass(frozen=True)
class SourceCondition:
    """A named condition of the source, read; ``problem`` says why it could not be."""

    name: str
    display: str
    path: str
    expression: Expression | None
    problem: str = ""


@dataclass(frozen=True)
class SourceForm:
    """A whole form of the source.

    Where ``gaps_are_null`` a condition finds null for a question that was not asked; elsewhere it
    finds nothing at all, and the whole condition counts as false.
    """

    title: str
    dialect: Dialect
    start: str
    pages: tuple[SourcePage, ...]
    lists: Mapping[str, ChoiceList]
    sections: Mapping[str, str]
    conditions: Mapping[str, SourceCondition]
    gaps_are_null: bool = False
    declaration: str = ""
    confirmation: str = ""

    def has_field(self, name: str) -> bool:
        """Whether some page has a component of that name, reached or not."""
        return any(part.name == name for page in self.pages for part in page.components)

    def page(self, path: str) -> SourcePage | None:
        """Give the first page at a path, as the source engine does."""
        return next((page for page in self.pages if page.path == path), None)
