"""Tells the dialects of the XGov and DEFRA family apart and reads each into the source model."""

from __future__ import annotations

from typing import Any

from townhall.importers import fields, graph_conditions, ordered_conditions
from townhall.importers.findings import Findings
from townhall.importers.reading import NotRecognised
from townhall.importers.source_form import (
    ELSEWHERE,
    ChoiceList,
    Component,
    Dialect,
    Item,
    Link,
    Role,
    SourceForm,
    SourcePage,
)

_SUMMARIES = {"summary", "confirm", "customsummary", "confirmation"}
_RECAPS = {"minisummary", "checkpointsummary"}
_GATES = {"magiclinkredirect", "magiclink"}


def read_form(plain: dict[str, Any], name: str, findings: Findings) -> SourceForm:
    """Read a form. Raises NotRecognised for what is not of the family."""
    if not isinstance(plain.get("pages"), list) and isinstance(plain.get("values"), dict):
        plain = fields.mapping(plain["values"])
    pages = [(at, page) for at, page in fields.mappings(plain.get("pages")) if "path" in page]
    if not pages:
        raise NotRecognised("The file has no `pages` with a `path`, so it is not of this family.")
    ordered = plain.get("engine") == "V2" or str(plain.get("schema")) == "2"
    lists = {
        name: found
        for at, one in fields.mappings(plain.get("lists"))
        for name, found in _list(at, one)
    }
    read = tuple(_page(at, page, lists) for at, page in pages)
    dialect: Dialect = "ordered" if ordered else _graph_dialect(plain, read)
    conditions = (
        ordered_conditions.read(plain.get("conditions"), read, lists)
        if ordered
        else graph_conditions.read(plain.get("conditions"))
    )
    for condition in conditions.values():
        if condition.problem:
            findings.fault(
                condition.path,
                f"The condition “{condition.display}” cannot be evaluated.",
                condition.problem,
                "It never holds, as in the source.",
            )
    return SourceForm(
        title=fields.text(plain.get("name")) or name,
        dialect=dialect,
        start=read[0].path if ordered else _start(plain, read, findings),
        pages=read,
        lists=lists,
        sections=_sections(plain),
        conditions=conditions,
        gaps_are_null=ordered or _is_defra(plain),
        declaration=fields.text(plain.get("declaration")),
        confirmation=_confirmation(plain),
    )


def _start(plain: dict[str, Any], pages: tuple[SourcePage, ...], findings: Findings) -> str:
    start = fields.text(plain.get("startPage"))
    if any(page.path == start for page in pages):
        return start
    findings.fault(
        "startPage",
        f"The start page `{start}` is not one of the form's pages.",
        "The source begins nowhere.",
        f"It begins at its first page, `{pages[0].path}`.",
    )
    return pages[0].path


def _graph_dialect(plain: dict[str, Any], pages: tuple[SourcePage, ...]) -> Dialect:
    """Answers are kept by name where a condition leaves out a question's section."""
    if plain.get("engine") == "V1" or str(plain.get("schema")) == "1":
        return "flat"
    loose = {part.name for page in pages if page.section for part in page.components}
    loose -= {part.name for page in pages if not page.section for part in page.components}
    named = graph_conditions.field_names(plain.get("conditions"))
    return "flat" if named & loose else "sections"


def _is_defra(plain: dict[str, Any]) -> bool:
    """DEFRA's own V1 forms lack the keys that every fork of the older runner keeps."""
    return "engine" in plain or not {"version", "fees", "skipSummary"} & set(plain)


def _confirmation(plain: dict[str, Any]) -> str:
    special = fields.mapping(fields.mapping(plain.get("specialPages")).get("confirmationPage"))
    return fields.text(fields.mapping(special.get("customText")).get("nextSteps"))


def _sections(plain: dict[str, Any]) -> dict[str, str]:
    """Give each section's title by its name (or id); empty where the source hides it."""
    found = {}
    for _, section in fields.mappings(plain.get("sections")):
        title = "" if section.get("hideTitle") is True else fields.text(section.get("title"))
        for key in ("name", "id"):
            if section.get(key):
                found[fields.text(section[key])] = title
    return found


def _list(at: int, raw: dict[str, Any]) -> list[tuple[str, ChoiceList]]:
    path = f"lists[{at}]"
    items = tuple(
        Item(
            text=fields.text(item.get("text")) or fields.text(item.get("value")),
            value=fields.scalar(item.get("value")),
            hint=fields.text(item.get("description"))
            or fields.text(fields.mapping(item.get("hint")).get("text")),
            condition=fields.text(item.get("condition")),
            path=f"{path}.items[{place}]",
            id=fields.text(item.get("id")),
        )
        for place, item in fields.mappings(raw.get("items"))
    )
    kind = fields.text(raw.get("type")) or "string"
    found = ChoiceList(fields.text(raw.get("name")), kind, items, path)
    return [(fields.text(raw[key]), found) for key in ("name", "id") if raw.get(key)]


def _page(at: int, raw: dict[str, Any], lists: dict[str, ChoiceList]) -> SourcePage:
    place = f"pages[{at}]"
    components = tuple(
        component(part, f"{place}.components[{index}]")
        for index, part in fields.mappings(raw.get("components"))
    )
    links = tuple(
        _link(link, f"{place}.next[{index}]")
        for index, link in fields.mappings(raw.get("next"))
        if link.get("path") or link.get("redirect")
    )
    controller = _controller(raw)
    return SourcePage(
        path=fields.text(raw.get("path")),
        title=fields.text(raw.get("title")).strip(),
        role=_role(controller, components, links),
        place=place,
        section=fields.text(raw.get("section")),
        heading=fields.text(raw.get("sectionForEndSummaryPages")),
        components=components,
        links=links,
        condition=fields.text(raw.get("condition")),
        repeats=controller.startswith("repeat") and not controller.endswith("summary"),
        options={**fields.mapping(raw.get("options")), "repeat": fields.mapping(raw.get("repeat"))},
        controller=fields.text(raw.get("controller")),
    )


def _link(raw: dict[str, Any], path: str) -> Link:
    to = ELSEWHERE if raw.get("redirect") else fields.text(raw.get("path"))
    return Link(to, path, fields.text(raw.get("condition")))


def component(raw: dict[str, Any], path: str) -> Component:
    """Read one component, with those inside it."""
    children = tuple(
        component(part, f"{path}.children[{at}]")
        for at, part in fields.mappings(raw.get("children"))
    )
    content = raw.get("content")
    return Component(
        type=fields.text(raw.get("type")),
        name=fields.text(raw.get("name")),
        title=fields.text(raw.get("title")).strip(),
        path=path,
        hint=fields.text(raw.get("hint")),
        content="" if isinstance(content, list) else fields.text(content),
        short=fields.text(raw.get("shortDescription"))
        or fields.text(fields.mapping(raw.get("options")).get("summaryTitle")),
        list=fields.text(raw.get("list")),
        id=fields.text(raw.get("id")),
        options=fields.mapping(raw.get("options")),
        schema=fields.mapping(raw.get("schema")),
        children=children,
        reveals=_reveals(raw, path),
    )


def _reveals(raw: dict[str, Any], path: str) -> tuple[tuple[str, Component], ...]:
    options = fields.mapping(raw.get("options"))
    return tuple(
        (
            value,
            component(
                fields.mapping(part), f"{path}.options.conditionallyRevealedComponents.{value}"
            ),
        )
        for value, part in fields.mapping(options.get("conditionallyRevealedComponents")).items()
        if isinstance(part, dict)
        and not fields.mapping(part.get("options")).get("conditionallyRevealedComponents")
    )


def _controller(raw: dict[str, Any]) -> str:
    """Give the page's controller bare: ``./pages/start.js`` is ``start``."""
    name = fields.text(raw.get("controller")).rpartition("/")[2].split(".")[0].lower()
    return name.removesuffix("controller").removesuffix("page")


def _role(controller: str, components: tuple[Component, ...], links: tuple[Link, ...]) -> Role:
    if controller in _RECAPS:
        return "recap"
    if controller in _SUMMARIES or controller.startswith("summary"):
        return "summary"
    if controller == "terminal":
        return "terminal"
    if controller in _GATES and not components and links:
        return "gate"
    return "start" if controller in ("start", "multistart") else "page"
