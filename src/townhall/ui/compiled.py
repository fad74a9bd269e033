"""Question fragments compiled: the official macros evaluated once, kept as text with slots.

A fragment depends on its question and on a state (which boxes are filled, which are at fault, which
options are chosen); what a person typed is no part of it. So each state is drawn once by the
macros with marks where the typed text goes, and filled afterwards. A cache of the process, never a
record: it may be dropped at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from townhall.ui.field import Field
from townhall.ui.slots import Kept, Slotted, cut, mark
from townhall.ui.wording import guidance

State = tuple[object, ...]
Draw = Callable[[Field], Markup]


_fragments: Kept[Slotted] = Kept()


def draw_compiled(field: Field, draw: Draw) -> Markup:
    """Draw a question as ``draw`` would, which is called only for a state not met before."""
    if not compilable(field):
        return draw(field)
    state = state_of(field)
    fragment = _fragments.get(state)
    if fragment is None:
        fragment = _compile(field, draw)
        _fragments.keep(state, fragment)
    filled = fragment.fill(values_of(field))
    return Markup(filled)  # noqa: S704 - drawn by our macros; every value in it is escaped


def compilable(field: Field) -> bool:
    """Say whether a fragment can be kept: it has a version, and its words hold no answer."""
    question = field.question
    if not field.version or field.inside or not field.kind.parts(question):
        return False
    if breaks_lines(_typed(field)):
        return False
    words = [question.ask, guidance(question) or ""]
    words += [f"{option.say}{option.hint or ''}" for option in question.options]
    return not any("{{" in text for text in words)


def state_of(field: Field) -> State:
    """Give everything that the fragment depends on besides the text in its slots."""
    return (
        field.version,
        field.question.id,
        field.words.language,
        field.heading,
        field.ask,
        tuple(choice.id for choice in field.choices),
        chosen(frozenset([choice.id for choice in field.choices]), field.texts()),
        tuple(bool(text) for text in _typed(field)),
        tuple(mistake.parts for mistake in field.mistakes),
    )


def values_of(field: Field) -> tuple[str, ...]:
    """Give the text of every slot: what stands in each box, then each message."""
    return (*_typed(field), *(mistake.message for mistake in field.mistakes))


def breaks_lines(typed: Sequence[str]) -> bool:
    """Say whether a line break stands where the macros do more with it than escape it.

    A text area repeats a first one; a date's boxes are indented, and no browser sends one there.
    """
    broken = [text for text in typed if "\n" in text or "\r" in text]
    return bool(broken) and (len(typed) > 1 or broken[0][0] in "\n\r")


def chosen(offered: frozenset[str], texts: Sequence[str]) -> tuple[str | bool, ...]:
    """Give what is chosen, first of all and in all: a post may name it in any order, ever again."""
    first = texts[0] if texts else ""
    return (first if first in offered else bool(first), *sorted(offered.intersection(texts)))


def kept() -> int:
    """Count the fragments that are kept."""
    return len(_fragments)


def forget() -> None:
    """Drop every fragment."""
    _fragments.forget()


def _typed(field: Field) -> tuple[str, ...]:
    """Give what stands in each box; options are part of the state, not of the slots."""
    if field.choices:
        return ()
    return tuple(field.text(part) for part in field.kind.part_names(field.question))


def _compile(field: Field, draw: Draw) -> Slotted:
    typed = _typed(field)
    raw: Mapping[str, list[str]] = {
        field.kind.field(field.question, part): [mark(number)]
        for number, part in enumerate(field.kind.part_names(field.question) if typed else ())
        if typed[number]
    }
    mistakes = tuple(
        replace(mistake, message=mark(len(typed) + number))
        for number, mistake in enumerate(field.mistakes)
    )
    drawn = draw(replace(field, raw=raw if typed else field.raw, mistakes=mistakes))
    return cut(str(drawn))
