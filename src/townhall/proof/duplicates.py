"""Finds names that are given twice, so that each condition and answer means one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from townhall.engine.faults import Path
from townhall.engine.model import RESERVED_PAGES, RESERVED_SERVICES
from townhall.engine.question import Question
from townhall.proof.case import Case, Finding

Named = tuple[Path, str]


def _twice(named: Iterable[Named]) -> Iterator[tuple[Path, str]]:
    seen: set[str] = set()
    for path, name in named:
        if name in seen:
            yield path, name
        seen.add(name)


RESERVED_QUESTION = "csrfmiddlewaretoken"


def page_ids(case: Case) -> Iterator[Finding]:
    """Each page has its own id, which is its address; a repeat's id is the address of its list."""
    named = ((("pages", at, "page"), page.page) for at, page in enumerate(case.pages))
    for path, name in _twice(named):
        yield Finding(
            "duplicate-page",
            path,
            f"Two pages have the id `{name}`.",
            "Give each page its own id: it is the page's address.",
        )
    if case.definition.service in RESERVED_SERVICES:
        yield Finding(
            "reserved-page",
            ("service",),
            f"`{case.definition.service}` is the address of a page that Townhall makes itself.",
            f"Give the service another name, such as `about-{case.definition.service}`.",
        )
    for at, page in enumerate(case.pages):
        if page.page in RESERVED_PAGES:
            yield Finding(
                "reserved-page",
                ("pages", at, "page"),
                f"`{page.page}` is the address of a page that Townhall makes itself.",
                f"Give the page another id, such as `your-{page.page}`.",
            )


def question_ids(case: Case) -> Iterator[Finding]:
    """Each question has its own id, unless it is placed on several pages with ``ask_again``."""
    for place in case.placed:
        if place.question.id == RESERVED_QUESTION:
            yield Finding(
                "reserved-question",
                (*place.path, "id"),
                f"`{RESERVED_QUESTION}` is the name of a field that every page has.",
                "Give the question another id.",
            )
    named = ((place.path, place.question.id) for place in case.placed)
    for path, name in _twice(named):
        if name not in case.asked_again:
            first = case.pages[case.places[name][0].page].page
            yield Finding(
                "duplicate-question",
                (*path, "id"),
                f"Two questions have the id `{name}`; the first is on the page `{first}`.",
                "Give each its own id. To ask one question in several places, give it once under "
                "`questions:` and place it with `ask_again`.",
            )


def repeats(case: Case) -> Iterator[Finding]:
    """A repeat's pages stand together, and its id is no page's or question's."""
    last: dict[str, int] = {}
    for at, page in enumerate(case.pages):
        if page.repeat is None:
            continue
        name = page.repeat.id
        path: Path = ("pages", at, "repeat", "id")
        if name in last and last[name] != at - 1:
            yield Finding(
                "split-repeat",
                path,
                f"The pages of the repeat `{name}` do not stand together.",
                "Move them next to each other, or give the second group its own id.",
            )
        elif name not in last and (name in case.page_numbers or name in RESERVED_PAGES):
            yield Finding(
                "duplicate-page",
                path,
                f"The repeat `{name}` has the same id as a page.",
                "Give the repeat its own id, such as the plural of what it holds.",
            )
        elif name not in last and name in case.places:
            yield Finding(
                "duplicate-question",
                path,
                f"The repeat `{name}` has the same id as a question.",
                "Give the repeat its own id, such as the plural of what it holds.",
            )
        last[name] = at
        if page.repeat.min > page.repeat.max:
            yield Finding(
                "limits-cross",
                ("pages", at, "repeat", "min"),
                f"`{name}` asks for at least {page.repeat.min} and at most {page.repeat.max}.",
                "Make `min` the smaller of the two.",
            )


def options(case: Case) -> Iterator[Finding]:
    """Each option of a question has its own id and its own words."""
    for place in case.placed:
        yield from _options(place.question, place.path)


def _options(question: Question, path: Path) -> Iterator[Finding]:
    offered = [(at, one) for at, one in enumerate(question.options) if one.divider is None]
    ids = (((*path, "options", at), one.id) for at, one in offered)
    for where, name in _twice(ids):
        yield Finding(
            "duplicate-option",
            where,
            f"Two options of `{question.id}` have the id `{name}`.",
            "Give each option its own id.",
        )
    words = (((*path, "options", at), one.say.casefold().strip()) for at, one in offered)
    for where, _ in _twice(words):
        yield Finding(
            "duplicate-words",
            where,
            f"Two options of `{question.id}` have the same words, so nobody can tell them apart.",
            "Change the words of one, or remove it.",
        )


def titles(case: Case) -> Iterator[Finding]:
    """Each page has its own heading (WCAG 2.2, 2.4.2), except where only one of several is met."""
    headings = [
        (("pages", at, "title" if page.title else "page"), page.heading.casefold().strip())
        for at, page in enumerate(case.pages)
        if page.when is None
    ]
    for path, heading in _twice(headings):
        yield Finding(
            "duplicate-title",
            path,
            f"Two pages have the same heading, “{heading}”, so people cannot tell where they are.",
            "Give each page its own title.",
            "note",
        )


def other_names(case: Case) -> Iterator[Finding]:
    """Sections, examples, deliveries and export names are each given once."""
    definition = case.definition
    sections = ((("sections", at), one.section) for at, one in enumerate(definition.sections))
    yield from _named_twice("duplicate-section", "Two sections have the id", sections)
    examples = ((("examples", at), one.name) for at, one in enumerate(definition.examples))
    yield from _named_twice("duplicate-example", "Two examples have the name", examples)
    keys = {place.question.id: (place.path, place.question.key) for place in case.placed}
    yield from _named_twice("duplicate-name", "Two questions have the export name", keys.values())


def _named_twice(code: str, words: str, named: Iterable[Named]) -> Iterator[Finding]:
    for path, name in _twice(named):
        yield Finding(code, path, f"{words} `{name}`.", "Give each its own name.")
