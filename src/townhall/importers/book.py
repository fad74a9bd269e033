"""The questions of a form: which fields are one question, and what each may answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from townhall.importers.names import Names, identifier, option_id
from townhall.importers.source_form import (
    ChoiceList,
    Component,
    Item,
    Scalar,
    SourceForm,
    SourcePage,
)
from townhall.importers.tables import CHOICES, REPEATED, is_question, kind_of

Key = tuple[str, str]
"""A question of the source: its section (empty where answers are kept by name), and its name."""

YES_NO = ((True, "yes"), (False, "no"))


@dataclass
class Asked:
    """One question of the source, wherever it is asked."""

    key: Key
    id: str
    kind: str
    values: tuple[tuple[Scalar, str], ...] = ()
    places: list[tuple[str, Component]] = field(default_factory=list)
    repeated: bool = False
    aside: bool = False

    @property
    def required(self) -> bool:
        """Whether it must be answered wherever it is asked."""
        return all(part.required for _, part in self.places)

    @property
    def pages(self) -> set[str]:
        """The paths of the pages that ask it."""
        return {path for path, _ in self.places}


class Book:
    """Finds a question by the name that the source's conditions use."""

    def __init__(self, form: SourceForm, pages: Iterable[SourcePage]) -> None:
        """Read the questions of the pages that are reached."""
        self.form = form
        self.names = Names()
        self.asked: dict[Key, Asked] = {}
        found = [(page, part, how) for page in pages for part, how in _parts(page)]
        shared = _in_several_sections(self._key(page, part) for page, part, _ in found)
        for page, part, how in found:
            key = self._key(page, part)
            self._add(key, page, part, how, prefixed=key[1] in shared)

    def of(self, page: SourcePage, part: Component) -> Asked:
        """Give the question that a component asks; raises KeyError where no page is reached."""
        return self.asked[self._key(page, part)]

    def find(self, field: str) -> Asked | None:
        """Give the question that a condition means by ``field``."""
        section, _, name = field.rpartition(".")
        exact = self.asked.get((section if self.form.dialect == "sections" else "", name))
        if exact is not None or section:
            return exact
        return next((one for key, one in self.asked.items() if key[1] == name), None)

    def offered(self, part: Component) -> tuple[tuple[Item, str], ...]:
        """Give a component's options with the id of each."""
        return options_of(self.form.lists.get(part.list))

    def _key(self, page: SourcePage, part: Component) -> Key:
        section = page.section if self.form.dialect == "sections" else ""
        return section, part.name or part.path

    def _add(
        self, key: Key, page: SourcePage, part: Component, how: str, *, prefixed: bool
    ) -> None:
        kind = kind_of(part)
        asked = self.asked.get(key)
        if asked is None:
            wanted = f"{key[0]}-{key[1]}" if prefixed and key[0] else key[1]
            asked = Asked(
                key, self.names.give(key, identifier(wanted)), kind, self._values(part, kind)
            )
            self.asked[key] = asked
        asked.places.append((page.path, part))
        asked.repeated = asked.repeated or how == "repeated"
        asked.aside = asked.aside or how == "aside"

    def _values(self, part: Component, kind: str) -> tuple[tuple[Scalar, str], ...]:
        if kind == "yes-no":
            return YES_NO
        if kind not in CHOICES:
            return ()
        found = self.form.lists.get(part.list)
        return tuple((_typed(item.value, found), id) for item, id in options_of(found))


def options_of(found: ChoiceList | None) -> tuple[tuple[Item, str], ...]:
    """Give a list's items with an id for each, made of its value; a value twice is one option."""
    names, seen = Names(), set()
    options = []
    for item in found.items if found else ():
        marker = (type(item.value).__name__, item.value)
        if marker not in seen and item.text:
            seen.add(marker)
            options.append((item, names.give(marker, option_id(item.value))))
    return tuple(options)


def _typed(value: Scalar, found: ChoiceList | None) -> Scalar:
    """Give a list's value as the source's answers hold it: of the type that the list says."""
    kind = found.type if found else "string"
    if kind == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if kind == "number" and not isinstance(value, bool):
        try:
            return float(value)
        except ValueError:
            return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, int | float) else value


def _parts(page: SourcePage) -> Iterator[tuple[Component, str]]:
    """Walk a page's questions, those revealed under an option after the one that reveals them."""
    for part in page.components:
        if not is_question(part) or part.hidden:
            continue
        if part.type == REPEATED:
            for child in part.children:
                yield child, "repeated"
            continue
        yield part, "repeated" if page.repeats else "plain"
        for revealed in part.revealed:
            yield revealed, "aside"


def _in_several_sections(keys: Iterable[Key]) -> set[str]:
    sections: dict[str, set[str]] = {}
    for section, name in keys:
        sections.setdefault(name, set()).add(section)
    return {name for name, found in sections.items() if len(found) > 1}
