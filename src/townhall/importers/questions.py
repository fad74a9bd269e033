"""Turns one component of the source into one question of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from townhall.importers import settings
from townhall.importers.book import Asked, Book
from townhall.importers.findings import Findings
from townhall.importers.prose import plain_of
from townhall.importers.source_form import Component, SourcePage
from townhall.importers.tables import CHOICES, KINDS, NEARLY
from townhall.importers.templates import Templates

Plain = dict[str, Any]

_WORDS = 1900
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

_MESSAGES = {"any.required": "missing", "string.empty": "missing", "any.empty": "missing"}


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
        if hint := self._words(part.hint, part.path):
            found["hint"] = hint
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
        return plain_of(self.templates.marked(words, path))[:_WORDS].strip()

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
        if errors := self._errors(part):
            found["errors"] = errors
        if part.options.get("usePostcodeLookup"):
            self.findings.loss(
                part.path,
                f"“{part.title}” looks addresses up by postcode.",
                "Not built yet.",
                "The address is typed.",
            )

    def _errors(self, part: Component) -> dict[str, str]:
        given = part.options.get("customValidationMessages")
        messages: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        found = {}
        for name, words in messages.items():
            code = _MESSAGES.get(str(name))
            if code and part.required and isinstance(words, str) and words.strip():
                found[code] = plain_of(words)[:_WORDS]
        if len(messages) > len(found) or part.options.get("customValidationMessage"):
            self.findings.note(
                part.path,
                f"“{part.title}” has its own wording of some errors.",
                "Ours are GOV.UK’s wording for the same error.",
                "Our wording.",
            )
        return found
