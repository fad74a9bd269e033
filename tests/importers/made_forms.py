"""Small forms of the source, made by hand or by hypothesis, and what becomes of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from townhall.engine.form import Form, compile_form
from townhall.engine.library import Library
from townhall.engine.load import load_text
from townhall.importers.convert import Imported, convert

Raw = dict[str, Any]

COLOURS = ("red", "blue", "light green")
LISTS = [
    {
        "name": "colours",
        "title": "Colours",
        "type": "string",
        "items": [{"text": colour.title(), "value": colour} for colour in COLOURS],
    },
    {
        "name": "sizes",
        "title": "Sizes",
        "type": "number",
        "items": [{"text": f"Size {size}", "value": size} for size in (1, 2, 3)],
    },
]
SUMMARY = {
    "path": "/summary",
    "title": "Summary",
    "controller": "./pages/summary.js",
    "components": [],
}


def question(kind: str, name: str, **more: Any) -> Raw:
    """One component."""
    return {
        "type": kind,
        "name": name,
        "title": f"What is {name}?",
        "options": {},
        "schema": {},
        **more,
    }


def page(path: str, *components: Raw, to: Any = "/summary", **more: Any) -> Raw:
    """One page; ``to`` is a path, or a list of links."""
    links = [{"path": to}] if isinstance(to, str) else to
    return {
        "path": path,
        "title": f"Page {path}",
        "components": list(components),
        "next": links,
        **more,
    }


def form(*pages: Raw, conditions: Any = (), **more: Any) -> Raw:
    """A whole V1 form with a summary."""
    return {
        "name": "A form",
        "version": 2,
        "startPage": pages[0]["path"],
        "pages": [*pages, dict(SUMMARY)],
        "lists": LISTS,
        "sections": [],
        "conditions": list(conditions),
        **more,
    }


def condition(name: str, *tests: tuple[str, str, str, str], join: str = "and") -> Raw:
    """A structured condition: (field, component type, operator, value) for each test."""
    parts = [
        {
            "field": {"name": field, "type": kind, "display": field},
            "operator": operator,
            "value": {"type": "Value", "value": value, "display": value},
            **({"coordinator": join} if number else {}),
        }
        for number, (field, kind, operator, value) in enumerate(tests)
    ]
    return {"name": name, "displayName": name, "value": {"name": name, "conditions": parts}}


@dataclass(frozen=True)
class Conversion:
    """A form that was converted and compiled."""

    done: Imported
    form: Form

    @property
    def plain(self) -> Raw:
        assert self.done.built is not None
        return self.done.built.plain

    def page(self, id: str) -> Raw:
        return next(one for one in self.plain["pages"] if one["page"] == id)

    def said(self, level: Any) -> list[str]:
        return [f"{one.path}: {one.what}" for one in self.done.findings.of(level)]


def converted(raw: Raw) -> Conversion:
    """Convert a form that ought to convert."""
    done = convert(json.dumps(raw), "form.json", "a-form", {"from": "a test"})
    assert done.text, done.problem
    loaded = load_text(done.text, "a-form.yaml", Library.shipped())
    assert loaded.definition is not None
    return Conversion(done, compile_form(loaded.definition))


# Forms that hypothesis makes

KINDS = {
    "YesNoField": [("is", "true"), ("is", "false"), ("is not", "true")],
    "RadiosField": [("is", "red"), ("is not", "blue"), ("is", "purple")],
    "CheckboxesField": [("contains", "red"), ("does not contain", "blue")],
    "NumberField": [
        ("is more than", "1"),
        ("is less than", "1"),
        ("is at least", "1"),
        ("is", "1"),
    ],
}


@st.composite
def made_forms(draw: st.DrawFn, dialect: str = "xgov") -> Raw:
    """Forms of a few pages whose links go forward, with conditions on any question."""
    count = draw(st.integers(2, 5))
    kinds = [draw(st.sampled_from(sorted(KINDS))) for _ in range(count)]
    several = ["", "", "one", "two"] if dialect == "xgov" else [""]
    sections = [draw(st.sampled_from(several)) for _ in range(count)]
    fields = [f"{section}.q{at}" if section else f"q{at}" for at, section in enumerate(sections)]
    conditions = [
        draw(_conditions(f"c{at}", fields, kinds)) for at in range(draw(st.integers(1, 4)))
    ]
    paths = [f"/p{at}" for at in range(count)] + ["/summary", "/missing"]
    pages = []
    for at in range(count):
        part = question(kinds[at], f"q{at}", options={"required": draw(st.booleans())})
        if kinds[at] in ("RadiosField", "CheckboxesField"):
            part["list"] = "colours"
        links = draw(
            st.lists(_links(paths[at + 1 :], [one["name"] for one in conditions]), max_size=4)
        )
        links.append({"path": paths[at + 1]})
        pages.append(
            page(f"/p{at}", part, to=links, **({"section": sections[at]} if sections[at] else {}))
        )
    titled = [{"name": one, "title": one} for one in ("one", "two")]
    found = form(*pages, conditions=conditions, sections=titled)
    return found if dialect == "xgov" else {**found, "engine": "V1"}


def _links(paths: list[str], names: list[str]) -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries(
        {"path": st.sampled_from(paths), "condition": st.sampled_from(names)}
    )


@st.composite
def _conditions(draw: st.DrawFn, name: str, fields: list[str], kinds: list[str]) -> Raw:
    tests = []
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(fields) - 1))
        operator, value = draw(st.sampled_from(KINDS[kinds[at]]))
        tests.append((fields[at], kinds[at], operator, value))
    return condition(name, *tests, join=draw(st.sampled_from(["and", "or"])))
