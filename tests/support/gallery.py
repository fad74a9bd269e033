"""The gallery's services: made by `townhall new`, walked, and compared with what the docs show."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from townhall.engine.form import Form, compile_form
from townhall.engine.kinds.base import Context
from townhall.engine.library import Library
from townhall.engine.load import load_service
from townhall.engine.model import Example
from townhall.proof.new import Known, new_service

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "gallery"
PAGES = FOLDER / "pages.json"
TODAY = date(2026, 12, 1)
MOST_PAGES = 20
# What differs from one walk to the next: times, dates, references.
_FLEETING = re.compile(
    r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|\d[\d:.,]*(?:am|pm)?|midday|midnight|"
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


def entries() -> list[dict[str, str]]:
    """The gallery's services: pattern, slug and title."""
    found: list[dict[str, str]] = tomllib.loads((FOLDER / "patterns.toml").read_text())["made"]
    return found


def make(folder: Path) -> dict[str, Form]:
    """Write each service into a folder that has the demonstration council; gives them compiled."""
    for name in ("council.yaml", "fees.yaml"):
        shutil.copy(ROOT / "services" / name, folder)
    shelf = Library.shipped().with_folder(folder)
    made = {}
    for one in entries():
        known = Known(title=one["title"])
        written = new_service(one["pattern"], one["slug"], shelf, today=TODAY, known=known)
        file = folder / f"{one['slug']}.yaml"
        file.write_text(written.text, encoding="utf-8")
        definition = load_service(file, shelf).definition
        assert definition is not None
        made[one["pattern"]] = compile_form(definition)
    return made


def answers_of(form: Form, example: Example) -> dict[str, list[str]]:
    """Give what goes into every box: the example's answers, and a sample for what it leaves out."""
    filled: dict[str, list[str]] = {}
    for question in form.questions.values():
        kind, given = form.kind(question), example.answers.get(question.id)
        if given is not None:
            filled |= kind.as_posted(question, given)
        elif question.required:
            filled |= kind.refill(question, kind.sample(question, Context(TODAY)))
    return filled


def shown(html: str) -> dict[str, str]:
    """Give a page's heading, and a mark of every word of it that is the same at each walk."""
    page = BeautifulSoup(html, "html.parser")
    words = " ".join(page.select_one("main").get_text(" ").split())
    heading = " ".join(page.h1.get_text(" ").split())
    mark = hashlib.sha256(_FLEETING.sub("…", words).encode()).hexdigest()[:16]
    return {"heading": heading, "words": mark}


def name_of(path: str) -> str:
    """Give the part of an address that names the page; the start page has none of its own."""
    return path.partition("?")[0].strip("/").partition("/")[2] or "start"


def walked(form: Form, visitor: Any, look: Callable[[str], dict[str, str]]) -> list[dict[str, str]]:
    """Walk a service by its first example and look at each page; ``visitor`` sends the answers."""
    slug = form.definition.service
    visitor.open(f"/{slug}")
    pages = [look("start")]
    visitor.start(slug)
    answers = answers_of(form, form.definition.examples[0])
    for _ in range(MOST_PAGES):
        name = name_of(visitor.path)
        pages.append(look(name))
        if name == "confirmation":
            return pages
        asked = {str(one["name"]) for one in visitor.page.select("form#page-form [name]")}
        visitor.send({box: text for box, text in answers.items() if box in asked})
    raise AssertionError(f"no end: {pages}")


def recorded() -> dict[str, list[dict[str, str]]]:
    """What the docs show now."""
    found: dict[str, list[dict[str, str]]] = json.loads(PAGES.read_text())
    return found
