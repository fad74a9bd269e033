"""Question pages kept whole: drawn once for each state of their boxes, and filled afterwards.

A page may be kept where it depends on nothing but its version, the site around it and what is in
its boxes: its words hold no answer, and it always asks the same with the same options. What a
request or a person brings goes into slots, so no text that was typed is in a kept page or its key.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import NamedTuple

from townhall.engine.form import Form, Loop
from townhall.engine.model import Page
from townhall.engine.question import Question
from townhall.ui.compiled import breaks_lines, chosen
from townhall.ui.drawn import Once
from townhall.ui.field import shown
from townhall.ui.page import Idle, PageView, render_live
from townhall.ui.slots import Encoded, Kept, cut, mark

Raw = Mapping[str, Sequence[str]]
State = tuple[tuple[str | bool, ...], ...]
"""For each question: the options chosen, or else which of its boxes are filled."""

NOT_OFFERED = "?"
"""Stands for whatever was chosen that is not on offer; no option has such an id."""


class Own(NamedTuple):
    """What a request brings to a kept page; ``caption`` says which item of a repeat it is."""

    token: str
    here: str
    until: str
    seconds: str
    back: str
    action: str
    caption: str


_MARKS = Own(*map(mark, range(len(Own._fields))))


@dataclass(frozen=True)
class Box:
    """One question's boxes: their field names, and the ids on offer where there are options."""

    names: tuple[str, ...]
    offered: frozenset[str]

    def texts(self, raw: Raw) -> list[str]:
        """Give what stands in each box that is typed in."""
        return [(shown(raw.get(name, ())) or [""])[0] for name in self.names]

    def marked(self, state: tuple[str | bool, ...], numbers: Iterator[int]) -> Raw:
        """Give boxes in that state: with what was chosen, or marks for what was typed."""
        if self.offered:
            return {self.names[0]: [NOT_OFFERED if one is True else one or "" for one in state]}
        marks = zip(self.names, state, numbers, strict=False)
        return {name: [mark(number)] for name, filled, number in marks if filled}


@dataclass(frozen=True)
class Standing:
    """What stands in a page's boxes: their state, and the text of each that is typed in."""

    state: State
    texts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """One page that may be kept whole; ``loop`` is the repeat that it belongs to.

    It is made once and kept, so it stands for its page and version in the keys of what is drawn.
    """

    heading: str
    loop: Loop | None
    boxes: tuple[Box, ...]

    def standing(self, raw: Raw) -> Standing | None:
        """Read what stands in the boxes; None where a line break is drawn as more than itself."""
        return self._read(raw) if raw else self._blank

    def marked(self, state: State) -> dict[str, Sequence[str]]:
        """Give boxes in that state, with a mark in place of every text that was typed."""
        raw: dict[str, Sequence[str]] = {}
        numbers = count(len(_MARKS))
        for box, one in zip(self.boxes, state, strict=True):
            raw |= box.marked(one, numbers)
        return raw

    @cached_property
    def _blank(self) -> Standing | None:
        return self._read({})

    def _read(self, raw: Raw) -> Standing | None:
        state: list[tuple[str | bool, ...]] = []
        texts: list[str] = []
        for box in self.boxes:
            if box.offered:
                state.append(chosen(box.offered, shown(raw.get(box.names[0], ()))))
                continue
            typed = box.texts(raw)
            if breaks_lines(typed):
                return None
            state.append(tuple([bool(text) for text in typed]))
            texts += typed
        return Standing(tuple(state), tuple(texts))


_plans: Once[Plan | None] = Once(10_000)
_pages: Kept[Encoded] = Kept()


def plan_of(form: Form, page: Page) -> Plan | None:
    """Give the plan of a page; None where it must be drawn each time. Worked out once."""
    return _plans.get((form.version, page.page), lambda: _plan(form, page))


def draw_whole(
    plan: Plan, fixed: Hashable, own: Own, standing: Standing, live: Callable[[Raw], PageView]
) -> bytes:
    """Draw a page as its template would, which is asked only for a state not met before.

    ``fixed`` is what else the page depends on as it is; ``live`` gives its view from what stands in
    the boxes, which are marks, so that what is kept is drawn from its key alone.
    """
    key = (plan, fixed, standing.state)
    found = _pages.get(key)
    if found is None:
        found = Encoded(cut(render_live(_marked(plan, live(plan.marked(standing.state))))))
        _pages.keep(key, found)
    return found.fill((*own, *standing.texts))


def kept() -> int:
    """Count the pages that are kept."""
    return len(_pages)


def forget() -> None:
    """Drop every page and plan."""
    _pages.forget()
    _plans.forget()


def _marked(plan: Plan, view: PageView) -> PageView:
    """Put marks in place of what a request brings."""
    idle = Idle(_MARKS.until, _MARKS.seconds, view.frame.idle.extend) if view.frame.idle else None
    return replace(
        view,
        frame=view.frame._replace(token=_MARKS.token, here=_MARKS.here, idle=idle),
        back=_MARKS.back,
        caption=_MARKS.caption if plan.loop else view.caption,
        data={**view.data, "action": _MARKS.action},
    )


def _fixed(form: Form, page: Page) -> bool:
    """Say whether a page always says and asks the same, whatever was answered before it."""
    sections = {one.section: one.title for one in form.definition.sections}
    words = page.model_dump_json(exclude={"rules"}) + sections.get(page.section or "", "")
    return (
        page.exit is None
        and page.page in form.settled
        and "{{" not in words
        and not any(block.when for block in page.content)
        and all(form.kind(one).part_names(one) for one in form.leaves_of[page.page])
    )


def _plan(form: Form, page: Page) -> Plan | None:
    if not _fixed(form, page):
        return None
    boxes = [_box(form, one) for one in form.leaves_of[page.page]]
    return Plan(page.heading, form.loop_of(page.page), tuple(boxes))


def _box(form: Form, question: Question) -> Box:
    kind = form.kind(question)
    offered = frozenset(choice.id for choice in kind.choices(question))
    return Box(kind.parts(question), offered)
