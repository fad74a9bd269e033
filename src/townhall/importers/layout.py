"""Places a page's words: above its questions, as the legend of a group, or as a question's hint.

The source may put words between questions; ours stand above them. A heading over several questions
becomes their group's legend, and words over one question its hint, so that they stay in place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from townhall.importers import prose
from townhall.importers.names import identifier

Plain = dict[str, Any]

LONGEST_HINT = 600
LONGEST_WITH_OTHERS = 1880
_SIMPLE = frozenset({"heading", "text", "list", "inset"})


@dataclass
class Stretch:
    """Words, and the questions that stand under them."""

    blocks: list[Plain] = field(default_factory=list)
    questions: list[Plain] = field(default_factory=list)
    path: str = ""


@dataclass
class Layout:
    """A page being laid out; ``moved`` is told of words that end up somewhere else."""

    moved: Callable[[str], None]
    name: Callable[[str], str]
    groups: bool = True
    stretches: list[Stretch] = field(default_factory=lambda: [Stretch()])

    def words(self, blocks: list[Plain], path: str) -> None:
        """Add words."""
        if not blocks:
            return
        if self.stretches[-1].questions:
            self.stretches.append(Stretch(path=path))
        self.stretches[-1].blocks += blocks

    def question(self, question: Plain) -> None:
        """Add a question."""
        self.stretches[-1].questions.append(question)

    def settle(self) -> tuple[list[Plain], list[Plain]]:
        """Give the page's words and its questions."""
        content: list[Plain] = []
        questions: list[Plain] = []
        for number, stretch in enumerate(self.stretches):
            above, under = self._first(stretch) if not number else self._later(stretch)
            content += above
            questions += under
        return content, questions

    def _first(self, stretch: Stretch) -> tuple[list[Plain], list[Plain]]:
        """Words above the first question stay there; a last heading belongs to what is under it."""
        heading = stretch.blocks[-1].get("heading") if stretch.blocks else None
        more = len([one for one in self.stretches if one.questions]) > 1
        apart = heading is None or not more or "when" in stretch.blocks[-1]
        if apart or not _has_room(str(heading), "", stretch.questions):
            return stretch.blocks, stretch.questions
        return stretch.blocks[:-1], self._under(str(heading), "", stretch.questions)

    def _later(self, stretch: Stretch) -> tuple[list[Plain], list[Plain]]:
        plain = all(len(block) == 1 and set(block) <= _SIMPLE for block in stretch.blocks)
        headings = [str(block["heading"]) for block in stretch.blocks if "heading" in block]
        rest = [block for block in stretch.blocks if "heading" not in block]
        words = prose.unmarked(prose.as_text(rest))
        linked = any("](" in prose.as_text([block]) for block in rest)
        fits = plain and not linked and len(headings) <= 1 and len(words) <= LONGEST_HINT
        if not fits or not _has_room("".join(headings), words, stretch.questions):
            self.moved(stretch.path)
            return stretch.blocks, stretch.questions
        return [], self._under("".join(headings), words, stretch.questions)

    def _under(self, heading: str, words: str, questions: list[Plain]) -> list[Plain]:
        if heading and len(questions) > 1 and self.groups:
            group: Plain = {"id": self.name(identifier(heading, "group")), "ask": heading}
            if words:
                group["hint"] = words
            return [{**group, "type": "group", "questions": questions}]
        first, *others = questions
        return [_hinted(first, heading, words), *others]


def _has_room(heading: str, words: str, questions: list[Plain]) -> bool:
    """Whether there is a first question, whose hint has room for more."""
    hint = str(questions[0].get("hint", "")) if questions else ""
    return bool(questions) and len(heading) + len(words) + len(hint) <= LONGEST_WITH_OTHERS


def _hinted(question: Plain, heading: str, words: str) -> Plain:
    """Put words before a question's hint; a heading that only repeats the question is left out."""
    said = f"{question['ask']} {question.get('hint', '')}".casefold()
    parts = [heading if heading.casefold() not in said else "", words, question.get("hint", "")]
    hint = " ".join(_ended(part) for part in parts if part)
    before: Plain = {key: question[key] for key in ("id", "ask", "short") if key in question}
    if hint:
        before["hint"] = hint
    return before | _without(question, "hint")


def _without(question: Plain, key: str) -> Plain:
    return {name: value for name, value in question.items() if name != key}


def _ended(words: str) -> str:
    words = words.strip()
    return words if words[-1:] in ".?!:;,)" else f"{words}."
