"""Turns the words on a page of the source into content blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from townhall.engine.conditions import Condition
from townhall.importers import markup, prose
from townhall.importers.book import options_of
from townhall.importers.findings import Findings
from townhall.importers.logic import ALWAYS, NEVER
from townhall.importers.registry import Registry
from townhall.importers.source_form import Component, SourceForm
from townhall.importers.templates import Templates

Block = dict[str, Any]


@dataclass
class Contents:
    """Writes content blocks; ``holds`` translates a condition as read on this page."""

    form: SourceForm
    findings: Findings
    templates: Templates
    registry: Registry
    holds: Callable[[str], Condition]

    def blocks(self, part: Component) -> list[Block]:
        """Give the blocks of one component, each with its condition."""
        found = self._blocks(part)
        name = str(part.options.get("condition") or "")
        if not name or not found:
            return found
        if name not in self.form.conditions:
            self.findings.fault(
                part.path,
                f"Some words have a condition `{name}`.",
                "The form has no such condition.",
                "They are never shown, as in the source.",
            )
            return []
        return self._under(name, part, found)

    def _under(self, name: str, part: Component, found: list[Block]) -> list[Block]:
        condition = self.holds(name)
        if condition == NEVER:
            self.findings.fault(
                part.path,
                "Some words have a condition that can never hold there.",
                f"“{self.form.conditions[name].display}” looks at what has not been asked by then.",
                "They are left out.",
            )
            return []
        if condition == ALWAYS:
            return found
        when = self.registry.use(self.form.conditions[name].display, condition)
        return [{**block, "when": when} for block in found]

    def _blocks(self, part: Component) -> list[Block]:
        words = self.templates.marked(part.content, part.path)
        if part.type == "List":
            return self._list(part)
        if part.type == "Markdown":
            return prose.blocks_of_markdown(words, self._lost(part))
        found = markup.blocks_of(words, self._lost(part))
        title = prose.plain_of(self.templates.marked(part.title, part.path))
        if part.type == "Details":
            text = prose.as_text(found, self._lost(part))
            summary = self.findings.fitting(part.path, "A title", title or "More about this")
            return [{"details": {"summary": summary, "text": text}}] if text else []
        if part.type == "InsetText":
            return [{"inset": text}] if (text := prose.as_text(found, self._lost(part))) else []
        if part.type in ("WarningText", "NotificationBanner"):
            text = prose.as_text(found, self._lost(part)) or title
            return [{"warning": text}] if text else []
        return found

    def _list(self, part: Component) -> list[Block]:
        items = [
            prose.escaped(prose.plain_of(item.text))
            for item, _ in options_of(self.form.lists.get(part.list))
        ]
        fitting = [self.findings.fitting(part.path, "An item of a list", item) for item in items]
        return [{"list": [item for item in fitting if item]}] if any(items) else []

    def _lost(self, part: Component) -> Callable[[str, str], None]:
        def lost(what: str, instead: str) -> None:
            self.findings.loss(
                part.path,
                f"The words hold {what}.",
                "Content here is words, lists, tables and links, never HTML.",
                instead,
            )

        return lost
