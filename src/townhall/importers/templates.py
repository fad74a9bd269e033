"""Answers that the source fills into its words: carried where ours can, and listed where not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from townhall.importers.book import Asked, Book
from townhall.importers.findings import Findings

_TEMPLATE = re.compile(r"\{\{(.{0,400}?)\}\}|\{%.{0,400}?%\}|\$\{[^}]{0,100}\}", re.DOTALL)
_MARK = re.compile("\ue000(\\d+)\ue001")
_FIELD = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)?")


@dataclass
class Templates:
    """Takes templates out of words before they are converted, and puts ours in afterwards.

    Between the two each stands as a mark of private-use characters that no conversion touches.
    """

    book: Book
    findings: Findings
    earlier: Callable[[Asked], bool] = field(default=lambda asked: False)
    kept: list[str] = field(default_factory=list)

    def marked(self, words: str, path: str) -> str:
        """Give the words with a mark for every template."""
        if not any(sign in words for sign in ("{{", "{%", "${")):
            return words

        def mark(found: re.Match[str]) -> str:
            self.kept.append(self._ours(found, path))
            return f"\ue000{len(self.kept) - 1}\ue001"

        return _TEMPLATE.sub(mark, words.replace("\ue000", "").replace("\ue001", ""))

    def filled(self, words: str) -> str:
        """Give the words with ours for every mark; no other braces are left that could mean one."""
        words = words.replace("{{", "{ {")
        return _MARK.sub(lambda found: self.kept[int(found[1])], words)

    def _ours(self, found: re.Match[str], path: str) -> str:
        inner = (found[1] or "").strip()
        asked = self.book.find(inner) if _FIELD.fullmatch(inner) else None
        if asked is None or asked.repeated or not self.earlier(asked):
            self.findings.loss(
                path,
                f"The words compute `{found[0][:80]}`.",
                "Ours fill in the answer to an earlier question and nothing else.",
                "Left out.",
            )
            return ""
        if self._shows_its_words(asked):
            return f"{{{{ {asked.id} }}}}"
        several = " or ".join(str(value) for value, _ in asked.values)
        self.findings.loss(
            path,
            f"The words hold the stored value of “{asked.id}”, not what the option says.",
            "Ours fill in the words of the option that was chosen.",
            f"They say “{several}”." if len(several) < 100 else "Left out.",
        )
        return several if len(several) < 100 else ""

    def _shows_its_words(self, asked: Asked) -> bool:
        """Whether an option's words stand for its stored value, near enough to read the same."""
        if asked.kind == "yes-no":
            return False
        part = asked.places[0][1]
        pairs = [
            (_plain(item.text), _plain(str(item.value))) for item, _ in self.book.offered(part)
        ]
        return all(text.startswith(value) or value.startswith(text) for text, value in pairs)


def _plain(words: str) -> str:
    return re.sub(r"\W+", " ", words).strip().lower()
