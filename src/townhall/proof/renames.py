"""Options whose words changed since publishing: renamed, or new? Only the author knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from townhall.engine.faults import Fault, Path
from townhall.engine.load import Loaded
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


def renamed(loaded: Loaded, live: Definition) -> Iterator[Fault]:
    """Ask about each such option at its line; an id of its own in the file is the answer."""
    if loaded.definition is None:
        return
    for option in reworded(live, loaded.definition, loaded.made_ids):
        gone = " or ".join(f"“{say}” (id: {id})" for id, say in option.gone)
        first = option.gone[0][0]
        yield Fault(
            "renamed-option",
            f"`{option.question}`: is “{option.say}” a new option, or {gone} in other words?",
            f"If renamed, write {{id: {first}, say: {option.say}}}; "
            f"if new, write {{id: {option.id}, say: {option.say}}}.",
            loaded.place(*_path(loaded.definition, option)),
        )


def _path(definition: Definition, option: Reworded) -> Path:
    for number, page in enumerate(definition.pages):
        for at, question in enumerate(page.questions):
            if question.id == option.question:
                ids = [one.id for one in question.options]
                return ("pages", number, "questions", at, "options", ids.index(option.id))
    return ()


def _questions(definition: Definition) -> Iterator[tuple[str, Question]]:
    for page in definition.pages:
        for question in leaves(page.questions):
            yield question.id, question
