"""What a person has answered, typed: on and off the route, and as it is stored page by page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from townhall.engine.form import Form
from townhall.engine.kinds import KINDS
from townhall.engine.scope import Scope, Values

__all__ = [
    "AGE",
    "Answers",
    "Item",
    "PageRow",
    "Scope",
    "Values",
    "dump_page",
    "load_answers",
    "marked",
    "may_begin",
    "next_item_id",
    "unmarked",
    "with_row",
]


# Not frozen: that costs a call for each field, at each page that is sent. Nothing changes them.
@dataclass(slots=True)
class Item:
    """One item of a repeat: its stable id, its answers, and which of its pages were sent.

    The id is a number, and where a person adds the item a random mark as well (``2-9f3a61``): two
    that are added at once differ by it, and no id comes again when its item is removed.
    """

    id: str
    values: Values = field(default_factory=dict)
    posted: frozenset[str] = frozenset()


# Hashed as what is never changed is, so that a field may have no answers by default.
@dataclass(slots=True, unsafe_hash=True)
class Answers:
    """Everything in a draft, on and off the route.

    ``values`` is question id → typed value; a question with no answer is absent. ``posted`` holds
    the ids of pages that were sent, and of repeats whose list the person said was finished.
    """

    values: Values = field(default_factory=dict)
    posted: frozenset[str] = frozenset()
    items: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)

    def item(self, repeat: str, id: str) -> Item | None:
        """Give one item of a repeat."""
        return next((item for item in self.items.get(repeat, ()) if item.id == id), None)


class PageRow(NamedTuple):
    """One stored page of a draft: ``item`` is empty outside a repeat; ``data`` is question → JSON.

    The row whose page is a repeat's id says that the person finished its list.
    """

    page: str
    item: str
    revision: int
    data: Mapping[str, Any]


# Two pages that came in at once may have one revision: then any fixed order will do.
AGE = attrgetter("revision", "page", "item")
"""Orders rows, and what else has these, from the oldest to the newest."""


def dump_page(form: Form, values: Values) -> dict[str, Any]:
    """Give a page's typed values as plain JSON, ready to be stored."""
    asked = form.questions
    return {name: KINDS[asked[name].type].dump(value) for name, value in values.items()}


def load_answers(form: Form, rows: Iterable[PageRow]) -> Answers:
    """Gather a draft's rows; a question asked on several pages has its newest answer."""
    values: dict[str, Any] = {}
    posted: set[str] = set()
    items: dict[str, dict[str, tuple[dict[str, Any], set[str]]]] = {}
    inside = form.loop_by_page
    for row in sorted(rows, key=AGE):
        if row.item and row.page in inside:
            repeat = inside[row.page].repeat.id
            held = items.setdefault(repeat, {}).setdefault(row.item, ({}, set()))
            _take(form, row, held[0])
            held[1].add(row.page)
        elif row.page in form.loops:
            posted.add(row.page)
        elif row.page in form.pages_by_id and row.page not in inside:
            _take(form, row, values)
            posted.add(row.page)
    made = {
        name: _in_order([Item(id, inner, frozenset(sent)) for id, (inner, sent) in held.items()])
        for name, held in items.items()
    }
    return Answers(values, frozenset(posted), made)


def with_row(form: Form, answers: Answers, rows: Iterable[PageRow], row: PageRow) -> Answers:
    """Give what ``load_answers`` gives of rows with this one in place of its page's older one.

    ``answers`` are those of ``rows``, and stay as they are; ``row`` is newer than all of them. It
    can be put in place where no other page asks a question of it: else all rows are gathered.
    """
    loop = form.loop_by_page.get(row.page)
    alike = form.alike.get(row.page)
    if alike is not None or bool(row.item) != (loop is not None):
        others = [one for one in rows if (one.page, one.item) != (row.page, row.item)]
        return load_answers(form, [*others, row])
    if loop is not None:
        return _with_item(form, answers, loop.repeat.id, row)
    if row.page in form.loops:
        return Answers(answers.values, answers.posted | {row.page}, answers.items)
    if row.page not in form.pages_by_id:
        return answers
    values = _put(form, row, answers.values)
    return Answers(values, answers.posted | {row.page}, answers.items)


def _with_item(form: Form, answers: Answers, repeat: str, row: PageRow) -> Answers:
    held = answers.items.get(repeat, ())
    older = answers.item(repeat, row.item) or Item(row.item)
    newer = Item(row.item, _put(form, row, older.values), older.posted | {row.page})
    ordered = _in_order([*[one for one in held if one.id != row.item], newer])
    return Answers(answers.values, answers.posted, {**answers.items, repeat: ordered})


def _take(form: Form, row: PageRow, values: dict[str, Any]) -> None:
    """Take a page's stored answers; a question it left blank loses an older answer."""
    for question in form.leaves_of[row.page]:
        if question.id in row.data:
            values[question.id] = KINDS[question.type].load(question, row.data[question.id])
        else:
            values.pop(question.id, None)


def _put(form: Form, row: PageRow, older: Values) -> Values:
    """Give the values with a page's answers after all others, where those of a newest row are."""
    values = dict(older)
    for question in form.leaves_of[row.page]:
        values.pop(question.id, None)
    _take(form, row, values)
    return values


def _in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=_place))


def _place(item: Item) -> tuple[int, str, str]:
    number = unmarked(item.id)
    return len(number), number, item.id


_MARKED = re.compile(r"[1-9][0-9]{0,9}-[0-9a-f]{6}")


def next_item_id(items: Iterable[Item]) -> str:
    """Give the id of an item to be added: one more than the highest."""
    numbers = [unmarked(item.id) for item in items]
    highest = max((int(number) for number in numbers if number.isdigit()), default=0)
    return str(highest + 1)


def marked(id: str, mark: str) -> str:
    """Give the id of an item to be added with a mark: six of 0 to 9 and a to f, at random."""
    return f"{id}-{mark}"


def unmarked(id: str) -> str:
    """Give an item's id without its mark: its number, which another may have too."""
    return id.partition("-")[0]


def may_begin(id: str, items: Collection[Item]) -> bool:
    """Say whether an item may be added under this id; meanwhile others may have been added."""
    latest = next_item_id(items)
    if not _MARKED.fullmatch(id):
        return id == latest
    return int(unmarked(id)) <= int(latest) and all(item.id != id for item in items)
