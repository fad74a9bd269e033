"""Puts a whole definition together from a form of the source."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from townhall.importers import markup, prose
from townhall.importers.book import Book
from townhall.importers.findings import Findings
from townhall.importers.graph import Graph, read_graph
from townhall.importers.names import identifier, page_id
from townhall.importers.pages import Made, Pages
from townhall.importers.registry import Registry
from townhall.importers.routes import Routes
from townhall.importers.source_form import SourceForm, SourcePage
from townhall.importers.tables import is_question
from townhall.importers.templates import Templates

Plain = dict[str, Any]

_NEXT = "The team that runs this service will say here what happens next."
_OUR_HEADING = "what happens next"


@dataclass
class Built:
    """A definition as plain values, with how the source's pages and questions are named in it."""

    plain: Plain
    pages: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    start: str = ""


@dataclass
class _Draft:
    """The pages of a definition, and what they were made with."""

    pages: Pages
    templates: Templates
    made: dict[str, Made]
    head: SourcePage | None
    start: list[Plain]


def build(form: SourceForm, slug: str, findings: Findings) -> Built:
    """Give the definition of a form, without its provenance."""
    graph = read_graph(form, findings)
    draft = _draft(form, graph, findings)
    while dropped := Routes(draft.pages, draft.made).unreached():
        _list_dropped(graph, dropped, findings)
        graph = graph.without(dropped)
        draft = _draft(form, graph, findings)
    return _assembled(form, slug, draft, findings)


def _draft(form: SourceForm, graph: Graph, findings: Findings) -> _Draft:
    book = Book(form, graph.order)
    templates = Templates(book, findings)
    pages = Pages(form, graph, book, findings, templates, Registry())
    head = _start_page(form, graph)
    start = pages.content(head) if head else []
    made = {page.path: pages.make(page) for page in graph.order if page is not head}
    return _Draft(pages, templates, made, head, start)


def _list_dropped(graph: Graph, dropped: set[str], findings: Findings) -> None:
    for page in graph.order:
        if page.path in dropped:
            findings.fault(
                page.place,
                f"Nobody can come to the page `{page.path}`.",
                "Every way to it has a condition that cannot hold there.",
                "The page and its questions are left out.",
            )


def _assembled(form: SourceForm, slug: str, draft: _Draft, findings: Findings) -> Built:
    pages, templates, made, head = draft.pages, draft.templates, draft.made, draft.head
    written = Routes(pages, made).write()
    shared, written = _asked_once(written)
    lists, written, shared = _shared_lists(written, shared)
    plain: Plain = {
        "townhall": 1,
        "service": slug,
        "title": findings.fitting("name", "The title", prose.plain_of(form.title)) or slug,
        "reviewed": False,
        "start": draft.start,
        "lists": lists,
        "conditions": pages.registry.plain(),
        "sections": _sections(form, written),
        "questions": shared,
        "pages": written,
        "check": _check(form, pages, findings),
        "confirmation": {"next": _confirmation(form, templates, findings)},
    }
    plain = _filled(plain, templates)
    return Built(
        {key: value for key, value in plain.items() if value not in ([], {}, "", None)},
        {path: one.first for path, one in made.items()},
        {".".join(part for part in key if part): one.id for key, one in pages.book.asked.items()},
        head.path if head else "",
    )


def _start_page(form: SourceForm, graph: Graph) -> SourcePage | None:
    """Give the source's first page where it only says what is to come."""
    if len(graph.order) < 2:
        return None
    page = graph.order[0]
    asks = any(is_question(part) and not part.hidden for part in page.components)
    ways = graph.ways[page.path]
    simple = len(ways) == 1 and not ways[0].conditions and ways[0].to == graph.order[1].path
    return page if page.role == "start" and simple and not asks else None


def _sections(form: SourceForm, pages: list[Plain]) -> list[Plain]:
    used = dict.fromkeys(page["section"] for page in pages if "section" in page)
    named = {name: identifier(name, "section") for name in used}
    for page in pages:
        if "section" in page:
            page["section"] = named[page["section"]]
    return [{"section": named[name], "title": prose.plain_of(form.sections[name])} for name in used]


def _check(form: SourceForm, pages: Pages, findings: Findings) -> Plain:
    found = markup.blocks_of(form.declaration, _lost(findings, "declaration"))
    for page in form.pages:
        words = pages.last_words(page) if page.role == "summary" else []
        if words:
            findings.loss(
                page.place,
                "The page before sending has words of its own.",
                "Check answers holds a declaration and nothing else here.",
                "They stand as the declaration.",
            )
        found += words
    text = prose.as_text(found, _lost(findings, "declaration"))
    return {"declaration": text} if text else {}


def _confirmation(form: SourceForm, templates: Templates, findings: Findings) -> str:
    path = "specialPages.confirmationPage.customText.nextSteps"
    templates.earlier = lambda asked: not asked.repeated
    found = markup.blocks_of(templates.marked(form.confirmation, path), _lost(findings, path))
    if not found:
        findings.note(
            path, "The source says nothing of what happens next.", "Every service must.",
            "Words that say that this is still to be written.",
        )  # fmt: skip
    if found and str(found[0].get("heading")).casefold().rstrip(".:?") == _OUR_HEADING:
        found = found[1:]
    return prose.as_text(found, _lost(findings, path)) or _NEXT


def _lost(findings: Findings, path: str) -> prose.Lost:
    def lost(what: str, instead: str) -> None:
        findings.loss(path, f"The words hold {what}.", "Content here is never HTML.", instead)

    return lost


# Questions asked in several places, and options that several questions share


def _asked_once(pages: list[Plain]) -> tuple[list[Plain], list[Plain]]:
    """Declare once each question that several pages ask, and place it on them with `ask_again`."""
    places: dict[str, list[Plain]] = {}
    for question in _every(pages):
        places.setdefault(question["id"], []).append(question)
    shared = {id: _common(found) for id, found in places.items() if len(found) > 1}
    return list(shared.values()), _changed(pages, lambda question: _again(question, shared))


def _common(places: list[Plain]) -> Plain:
    """Give what every place has alike; the words come from the first."""
    first = places[0]
    alike = [key for key in first if all(one.get(key) == first[key] for one in places)]
    rest = {key: first[key] for key in alike if key not in ("id", "ask")}
    return {"id": first["id"], "ask": first["ask"], **rest}


def _again(question: Plain, shared: dict[str, Plain]) -> Plain:
    common = shared.get(question["id"])
    if common is None:
        return question
    own = {
        key: value for key, value in question.items() if common.get(key) != value and key != "ask"
    }
    found: Plain = {"ask_again": question["id"]}
    if question["ask"] != common["ask"]:
        found["as"] = question["ask"]
    return {**found, **own}


def _shared_lists(
    pages: list[Plain], shared: list[Plain]
) -> tuple[dict[str, list[Plain]], list[Plain], list[Plain]]:
    """Give the options that several questions offer under `lists:`, by the first question's id."""
    users: dict[str, list[str]] = {}
    for question in [*shared, *_every(pages)]:
        if question.get("options"):
            name = str(question.get("id", question.get("ask_again")))
            users.setdefault(_key(question), []).append(name)
    named = {key: f"{names[0]}-options" for key, names in users.items() if len(names) > 1}
    lists: dict[str, list[Plain]] = {}

    def listed(question: Plain) -> Plain:
        name = named.get(_key(question)) if question.get("options") else None
        if name is None:
            return question
        lists.setdefault(name, question["options"])
        return _renamed(question, "options", "list", name)

    written = _changed(pages, listed)
    return lists, written, [listed(one) for one in shared]


def _renamed(question: Plain, key: str, new: str, value: str) -> Plain:
    return {(new if k == key else k): (value if k == key else v) for k, v in question.items()}


def _key(question: Plain) -> str:
    return json.dumps(question.get("options"), sort_keys=True)


def _every(holders: list[Plain]) -> Iterator[Plain]:
    """Walk the questions of pages, those inside groups with them."""
    for holder in holders:
        for question in holder.get("questions", []):
            if question.get("type") == "group":
                yield from _every([question])
            else:
                yield question


def _changed(holders: list[Plain], change: Callable[[Plain], Plain]) -> list[Plain]:
    """Give pages (or groups) with every question changed."""
    return [_changed_in(holder, change) for holder in holders]


def _changed_in(holder: Plain, change: Callable[[Plain], Plain]) -> Plain:
    if not holder.get("questions"):
        return holder
    found = [
        _changed_in(one, change) if one.get("type") == "group" else change(one)
        for one in holder["questions"]
    ]
    return {**holder, "questions": found}


def _filled(value: Any, templates: Templates) -> Any:
    """Put earlier answers back into every string; "…" stands where all of one was left out."""
    if isinstance(value, str):
        return templates.filled(value).strip() or ("…" if value.strip() else value)
    if isinstance(value, list):
        return [_filled(one, templates) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, templates) for key, one in value.items()}
    return value


def slug_of(name: str) -> str:
    """Make a service's slug of a file's name: what follows its folders, without its ending."""
    stem = name.rpartition("~")[2].rsplit(".", 1)[0]
    return page_id(stem)[:60].strip("-") or "imported"


__all__ = ["Built", "Made", "build", "slug_of"]
