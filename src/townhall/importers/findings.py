"""What an import could not carry, found wrong in the source, or leaves out by rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

LONGEST_WORDS = 1900
"""What the titles, hints and options of the language take, with some room for their marks."""

Level = Literal["fault", "loss", "withheld", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing that a reviewer must know about an import.

    ``fault`` is an error of the source; ``loss`` is something residents had that the import lacks;
    ``withheld`` is left out by rule (destinations, keys, branding, sign-in); ``note`` changes
    nothing of weight. ``path`` is the place in the source, such as ``pages[3].next[1]``.
    """

    level: Level
    path: str
    what: str
    why: str
    instead: str


@dataclass
class Findings:
    """The findings of one file, in the order met."""

    items: list[Finding] = field(default_factory=list)

    def fault(self, path: str, what: str, why: str, instead: str) -> None:
        """Report an error of the source."""
        self._add(Finding("fault", path, what, why, instead))

    def loss(self, path: str, what: str, why: str, instead: str) -> None:
        """Report something that the import lacks."""
        self._add(Finding("loss", path, what, why, instead))

    def withheld(self, path: str, what: str, why: str) -> None:
        """Report something left out by rule; ``what`` never holds the value of a secret."""
        self._add(Finding("withheld", path, what, why, "Left out."))

    def note(self, path: str, what: str, why: str, instead: str) -> None:
        """Report something that changes nothing for residents."""
        self._add(Finding("note", path, what, why, instead))

    def fitting(self, path: str, named: str, words: str) -> str:
        """Give words as long as their place takes, and report what does not fit in it."""
        if len(words) > LONGEST_WORDS:
            self.loss(
                path,
                f"{named} is longer than fits: “{words[LONGEST_WORDS:]}”",
                f"There is room for {LONGEST_WORDS:,} characters.",
                "What stands before it.",
            )
        return words[:LONGEST_WORDS]

    def of(self, level: Level) -> tuple[Finding, ...]:
        """Give the findings of one level."""
        return tuple(item for item in self.items if item.level == level)

    def _add(self, finding: Finding) -> None:
        if finding not in self.items:
            self.items.append(finding)
