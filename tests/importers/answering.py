"""Random answers to an imported form, as our engine holds them and as the source's would."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from townhall.engine.answers import Answers, Item
from townhall.engine.form import Form
from townhall.engine.kinds.base import Context
from townhall.engine.question import Question

SKIPPED = 0.25
"""How often a question that may be left blank is."""

MOODS = (0.0, 0.0, 0.4, 0.95)
"""How often the first option is taken in one journey, so that long chains of "yes" are met too."""


def random_answers(form: Form, dice: random.Random, today: date) -> Answers:
    """Answer every question of a form; every page is sent, and each repeat has one item or more."""
    values: dict[str, Any] = {}
    items: dict[str, tuple[Item, ...]] = {}
    mood = dice.choice(MOODS)
    looped = [page.page for loop in form.loops.values() for page in loop.pages]
    inside = {leaf.id for page in looped for leaf in form.leaves_of[page]}
    for id, question in form.questions.items():
        if id not in inside and (question.required or dice.random() > SKIPPED):
            first = mood > dice.random()
            values[id] = value_of(form, question, dice, today, first=first)
    for id, loop in form.loops.items():
        count = dice.randint(loop.repeat.min, min(loop.repeat.max, loop.repeat.min + 1))
        numbers = range(1, count + 1)
        items[id] = tuple(_item(form, str(one), loop.pages, dice, today) for one in numbers)
    return Answers(values, frozenset(form.pages_by_id) | frozenset(form.loops), items)


def _item(form: Form, id: str, pages: Any, dice: random.Random, today: date) -> Item:
    leaves = [leaf for page in pages for leaf in form.leaves_of[page.page]]
    values = {leaf.id: value_of(form, leaf, dice, today) for leaf in leaves}
    return Item(id, values, frozenset(page.page for page in pages))


def value_of(
    form: Form, question: Question, dice: random.Random, today: date, *, first: bool = False
) -> Any:
    """Give a valid value: a random choice (or the first), anything else the kind's own example."""
    kind = form.kind(question)
    ids = [choice.id for choice in kind.choices(question) if choice.id]
    if kind.ordering == "choice" and question.type != "declaration":
        return ids[0] if first else dice.choice(ids)
    if kind.ordering == "choices":
        alone = {choice.id for choice in kind.choices(question) if choice.exclusive}
        several = [id for id in ids if id not in alone and dice.random() < 0.5]
        return tuple(several) or (dice.choice(ids),)
    if question.type == "date":
        return today
    return kind.sample(question, Context(today, {}))


def as_source(
    form: Form, raw: dict[str, Any], named: dict[str, str], answers: Answers
) -> dict[tuple[str, str], Any]:
    """Give the same answers as the source's state holds them, by (section, name).

    ``named`` is the importer's own record of which question of ours is which of the source. Options
    are matched by their place in the list, so that how ids are made is tested too.
    """
    lists = {one[key]: one for one in raw["lists"] for key in ("name", "id") if key in one}
    state: dict[tuple[str, str], Any] = {}
    for page in raw["pages"]:
        section = page.get("section") or ""
        for part in page.get("components") or []:
            name = part.get("name", "")
            id = named.get(f"{section}.{name}") or named.get(name)
            if id in answers.values:
                value = answers.values[id]
                state[section, name] = _source_value(form.questions[id], part, lists, value)
    return state


def _source_value(
    question: Question, part: dict[str, Any], lists: dict[str, Any], value: Any
) -> Any:
    if part["type"] == "YesNoField":
        return value == "yes"
    if part["type"] == "NumberField":
        return float(value)
    if not question.offered:
        return str(value)
    found = lists[part["list"]]
    typed = {"number": float, "boolean": bool, "string": str}[found.get("type", "string")]
    by_id = {
        option.id: typed(item["value"])
        for option, item in zip(question.offered, found["items"], strict=True)
    }
    return [by_id[one] for one in value] if isinstance(value, tuple) else by_id[value]
