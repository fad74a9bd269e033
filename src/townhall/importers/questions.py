"""Turns one component of the source into one question of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from townhall.engine.kinds import kind_named
from townhall.importers import settings
from townhall.importers.book import Asked, Book
from townhall.importers.findings import Findings
from townhall.importers.prose import plain_of
from townhall.importers.source_form import Component, SourcePage
from townhall.importers.tables import CHOICES, KINDS, NEARLY
from townhall.importers.templates import Templates

Plain = dict[str, Any]

_TOKENS = frozenset(
    {
        "name",
        "given-name",
        "additional-name",
        "family-name",
        "email",
        "tel",
        "bday",
        "organization",
        "street-address",
        "address-line1",
        "address-line2",
        "address-level2",
        "postal-code",
        "country-name",
    }
)
"""HTML's names for what a browser may fill in."""

_MESSAGES = {
    "any.required": ("missing",),
    "string.empty": ("missing",),
    "any.empty": ("missing",),
    "dayMonthYear": ("missing",),
    "number.base": ("not_a_number",),
    "number.min": ("too_small",),
    "number.max": ("too_big",),
    "string.max": ("too_long",),
    "string.maxWords": ("too_many_words",),
    "string.min": ("too_short",),
    "string.email": ("not_an_email",),
    "string.pattern.base": ("wrong_pattern", "not_an_email", "not_a_phone", "not_a_url"),
    "date.base": ("not_a_date",),
    "date.min": ("too_early",),
    "date.max": ("too_late",),
}
"""The source's names of errors, and ours; of several the kind's own."""


@dataclass
class Writer:
    """Writes questions; what a component has that ours lacks is found and listed."""

    book: Book
    findings: Findings
    templates: Templates

    def question(self, page: SourcePage, part: Component, asked: Asked, *, alone: bool) -> Plain:
        """Give the question that a component asks on a page."""
        kind = asked.kind
        if kind in CHOICES and not asked.values:
            self._no_options(part)
            kind = "text"
        found: Plain = {"id": asked.id, "ask": self._ask(page, part, alone=alone)}
        short = self._words(part.short, part.path)
        if short and short != found["ask"]:
            found["short"] = short
        declared = self._words(part.content, part.path) if kind == "declaration" else ""
        hint = f"{declared} {self._words(part.hint, part.path)}".strip()
        if hint:
            found["hint"] = self.findings.fitting(part.path, "The hint", hint)
        found["type"] = kind
        if not part.required:
            found["required"] = False
        elif kind in ("email", "phone"):
            found["reason"] = "The form that this was imported from insists on it."
        found |= settings.of_kind(kind, part, self.findings)
        self._nearly(part)
        self._extras(part, found)
        return found

    def _ask(self, page: SourcePage, part: Component, *, alone: bool) -> str:
        words = self._words(part.title, part.path)
        if not words and alone:
            words = self._words(page.title, page.place)
        if words:
            return words
        self.findings.loss(
            part.path,
            "The question has no words.",
            "The source shows it without.",
            "Its name is asked.",
        )
        return part.name or "Your answer"

    def _words(self, words: str, path: str) -> str:
        plain = plain_of(self.templates.marked(words, path))
        return self.findings.fitting(path, "A title or a hint", plain).strip()

    def _no_options(self, part: Component) -> None:
        self.findings.fault(
            part.path,
            f"“{part.title}” offers nothing to choose from.",
            f"Its list `{part.list}` is not in the form, or is empty.",
            "A text question.",
        )

    def _nearly(self, part: Component) -> None:
        if part.type in NEARLY:
            _, lost, instead = NEARLY[part.type]
            self.findings.loss(part.path, f"“{part.title}” has {lost}.", "Not built yet.", instead)
        elif part.type not in KINDS:
            self.findings.loss(
                part.path,
                f"“{part.title}” is a {part.type or 'question without a type'}.",
                "We have no question of that kind.",
                "A text question.",
            )

    def _extras(self, part: Component, found: Plain) -> None:
        if (token := str(part.options.get("autocomplete") or "")) and token in _TOKENS:
            found["autocomplete"] = token
        if errors := self._errors(part, str(found["type"])):
            found["errors"] = errors
        if part.options.get("usePostcodeLookup"):
            self.findings.loss(
                part.path,
                f"“{part.title}” looks addresses up by postcode.",
                "Not built yet.",
                "The address is typed.",
            )

    def _errors(self, part: Component, kind: str) -> dict[str, str]:
        given = part.options.get("customValidationMessages")
        messages: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        found: dict[str, str] = {}
        carried = 0
        for name, words in messages.items():
            code = _code(str(name), kind, required=part.required)
            if code and isinstance(words, str) and plain_of(words) and "{" not in words:
                said = self.findings.fitting(part.path, "The words of an error", plain_of(words))
                found.setdefault(code, said)
                carried += 1
        if len(messages) > carried or part.options.get("customValidationMessage"):
            self.findings.note(
                part.path,
                f"“{part.title}” has its own wording of some errors that ours cannot have.",
                "Ours are GOV.UK’s wording for the same error.",
                "Our wording.",
            )
        return found


def _code(name: str, kind: str, *, required: bool) -> str | None:
    """Give our code for one of the source's errors, where a question of this kind can have it."""
    known = kind_named(kind)
    own = {str(code) for code in known.codes} if known else set()
    own |= {"missing"} if required else set()
    return next((code for code in _MESSAGES.get(name, ()) if code in own), None)
