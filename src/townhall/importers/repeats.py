"""Pages that the source repeats, and its rules between two dates of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from townhall.importers.book import Book
from townhall.importers.findings import Findings
from townhall.importers.names import Names
from townhall.importers.prose import plain_of
from townhall.importers.settings import whole
from townhall.importers.source_form import Component, SourcePage
from townhall.importers.tables import REPEATED, is_question

Plain = dict[str, Any]

MOST = 20


@dataclass(frozen=True)
class Desk:
    """What making a repeat needs: the questions, the page ids given so far, and where to report."""

    book: Book
    names: Names
    findings: Findings


def arrange(page: SourcePage, made: list[Plain], desk: Desk) -> None:
    """Make a repeat of a page that the source repeats, or of the rows that stand on it."""
    rows = [part for part in page.components if part.type == REPEATED]
    if not page.repeats and not rows:
        return
    if not made[0].get("questions"):
        return
    whole_page = page.controller.startswith("RepeatPage")
    repeated = _repeated(page, rows, whole_page=whole_page)
    inside = [id for part in repeated for id in _ids(part, page, desk)]
    outside = [one for one in made[0]["questions"] if one["id"] not in inside]
    target = made[0]
    if outside:
        target = _split(page, made, desk, inside)
    target["repeat"] = _repeat(page, repeated, desk, target)


def _repeated(page: SourcePage, rows: list[Component], *, whole_page: bool) -> list[Component]:
    """Give the components that are asked once for each item: the first question, or all of them."""
    if rows:
        return rows[:1]
    asked = [part for part in page.components if is_question(part)]
    return asked if whole_page else asked[:1]


def _ids(part: Component, page: SourcePage, desk: Desk) -> list[str]:
    parts = part.children if part.type == REPEATED else (part,)
    return [desk.book.of(page, one).id for one in parts]


def _split(page: SourcePage, made: list[Plain], desk: Desk, inside: list[str]) -> Plain:
    """Ask what is repeated on a page of its own, after the rest."""
    questions = made[0]["questions"]
    made[0]["questions"] = [one for one in questions if one["id"] not in inside]
    id = desk.names.give((page.path, "items"), f"{made[0]['page'][:70]}-items")
    followed = {"page": id, "questions": [one for one in questions if one["id"] in inside]}
    if "section" in made[0]:
        followed["section"] = made[0]["section"]
    desk.findings.loss(
        page.place,
        "A page repeats some of its questions and asks others once.",
        "A page is repeated whole here.",
        "What is repeated is asked on a page of its own, next.",
    )
    made.append(followed)
    return followed


def _repeat(page: SourcePage, repeated: list[Component], desk: Desk, target: Plain) -> Plain:
    part = repeated[0]
    given = page.options.get("repeat")
    limits = given.get("schema") if isinstance(given, dict) else None
    named = given.get("options") if isinstance(given, dict) else None
    least = whole(limits.get("min")) if isinstance(limits, dict) else None
    most = whole(limits.get("max")) if isinstance(limits, dict) else None
    if most is None:
        most = whole(part.options.get("maxMultiInputFieldRows"))
    if least is None:
        least = 1 if part.required else 0
    words = named.get("title") if isinstance(named, dict) else None
    item = plain_of(str(words or "")) or ("row" if part.type == REPEATED else "answer")
    if len(item) > LONGEST_ITEM:
        desk.findings.loss(
            page.place,
            f"One row’s name is longer than fits: “{item[LONGEST_ITEM:]}”",
            f"There is room for {LONGEST_ITEM} characters.",
            "What stands before it.",
        )
    title = _table_title(page) or plain_of(part.title) or page.title
    found: Plain = {
        "id": desk.names.give((page.path, "repeat"), f"{target['page'][:70]}-list"),
        "min": least,
        "max": max(most or MOST, least, 1),
        "item": item[:LONGEST_ITEM],
        "items": desk.findings.fitting(part.path, "The title of the rows", title or f"{item}s"),
    }
    if part.type == REPEATED:
        found["show"] = "table"
    return found


def _table_title(page: SourcePage) -> str:
    texts = page.options.get("customText")
    return plain_of(str(texts.get("samePageTitle") or "")) if isinstance(texts, dict) else ""


def date_rules(page: SourcePage, book: Book) -> list[Plain]:
    """Give the rules of the source's page that compares two dates (DateComparisonPageController).

    Neither is in the future, nor the second before the first, nor the first over two months ago.
    """
    first, second = (_named(page, str(page.options.get(key) or "")) for key in _DATES)
    if not page.controller.startswith("DateComparison") or first is None:
        return []
    one = book.of(page, first).id
    found = [
        _rule(
            one,
            {"not_after": "today"},
            _say(first, "date.max", "This date must be today or in the past"),
        ),
        _rule(
            one,
            {"not_before": "today - 2 months"},
            _say(first, "date.min", "This date must be in the last 2 months"),
        ),
    ]
    if second is not None:
        two = book.of(page, second).id
        found += [
            _rule(
                two,
                {"not_after": "today"},
                _say(second, "date.max", "This date must be today or in the past"),
            ),
            _rule(
                two,
                {"not_before": one},
                _say(second, "date.min", "This date must not be before the other"),
            ),
        ]
    return found


LONGEST_ITEM = 100
_DATES = ("firstDateComponent", "secondDateComponent")


def _named(page: SourcePage, name: str) -> Component | None:
    return next((part for part in page.components if name and part.name == name), None)


def _rule(id: str, require: Plain, say: str) -> Plain:
    return {"require": {id: require}, "say": say, "at": id}


def _say(part: Component, code: str, otherwise: str) -> str:
    messages = part.options.get("customValidationMessages")
    words = messages.get(code) if isinstance(messages, dict) else None
    return plain_of(words)[:1900] if isinstance(words, str) and "{{" not in words else otherwise
