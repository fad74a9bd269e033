"""Options whose words changed: a rename, or a new option? Only the author knows (acceptance.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from townhall.engine.model import Definition
from townhall.engine.question import Question, leaves


@dataclass(frozen=True)
class Reworded:
    """An option with no id of its own that the live version lacks, where others are gone."""

    question: str
    id: str
    say: str
    gone: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """How the author names it to say that it is new."""
        return f"{self.question}.{self.id}"


def reworded(
    live: Definition, new: Definition, made_ids: Collection[tuple[str, str]]
) -> list[Reworded]:
    """Find the options about which a publish has to ask.

    ``made_ids`` holds (question id, words) of the options of ``new`` whose ids were made from their
    words. Such an option is asked about when its id is not in the live version and the same
    question has lost an option, which this may be in other words.
    """
    before = dict(_questions(live))
    found: list[Reworded] = []
    for id, question in _questions(new):
        was = before.get(id)
        if was is None:
            continue
        kept = {option.id for option in question.offered}
        gone = tuple((old.id, old.say) for old in was.offered if old.id not in kept)
        known = {option.id for option in was.offered}
        found += [
            Reworded(id, option.id, option.say, gone)
            for option in question.offered
            if gone and option.id not in known and (id, option.say) in made_ids
        ]
    return found


def _questions(definition: Definition) -> Iterator[tuple[str, Question]]:
    for page in definition.pages:
        for question in leaves(page.questions):
            yield question.id, question
