"""Converts one file: reads it, builds the definition, and proves that the engine can run it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from townhall.engine.faults import InvalidDefinition
from townhall.engine.form import compile_form
from townhall.engine.library import Library
from townhall.engine.load import load_text
from townhall.importers import untrue, withheld
from townhall.importers.definition import Built, build
from townhall.importers.dialects import read_form
from townhall.importers.emit import as_yaml
from townhall.importers.findings import Findings
from townhall.importers.reading import NotRecognised, read_plain

Status = Literal["clean", "losses", "faults", "not recognised", "not read", "failed"]

HEADING = (
    "Imported from another builder and not reviewed by anyone: for demonstration mode only.\n"
    "Fill in owner, privacy and deliver, read every page, then remove `reviewed: false`."
)

_ORDER = (
    "townhall",
    "service",
    "title",
    "reviewed",
    "start",
    "lists",
    "conditions",
    "sections",
    "questions",
    "pages",
    "check",
    "confirmation",
)


@dataclass
class Imported:
    """What became of one file; ``text`` is empty where it could not be converted."""

    file: str
    service: str
    text: str = ""
    built: Built | None = None
    findings: Findings = field(default_factory=Findings)
    problem: str = ""
    recognised: bool = True
    read: bool = True

    @property
    def status(self) -> Status:
        """Give the file's outcome in a word."""
        if not self.read:
            return "not read"
        if not self.text:
            return "failed" if self.recognised else "not recognised"
        if self.findings.of("fault"):
            return "faults"
        return "losses" if self.findings.of("loss") else "clean"

    @property
    def pages(self) -> int:
        """Count the pages of the service."""
        return len(self.built.plain["pages"]) if self.built else 0

    @property
    def questions(self) -> int:
        """Count the questions of the service, one asked in several places once."""
        return len(self.built.questions) if self.built else 0


def convert(text: str, file: str, service: str, source: dict[str, str]) -> Imported:
    """Convert a file's text; ``source`` is what stands under ``source:``."""
    found = Imported(file, service)
    try:
        plain = untrue.made_true(read_plain(text), found.findings)
        form = read_form(plain, service.replace("-", " ").capitalize(), found.findings)
        withheld.list_withheld(plain, found.findings)
        built = build(form, service, found.findings)
    except NotRecognised as error:
        found.problem, found.recognised = str(error), False
        return found
    written = as_yaml({**_in_order(built.plain), "source": source}, HEADING)
    found.problem = refusal(written, f"{service}.yaml")
    found.built = built
    found.text = "" if found.problem else written
    return found


def refusal(text: str, file: str) -> str:
    """Say why the engine cannot run a definition; empty when it can."""
    loaded = load_text(text, file, _library())
    errors = [fault for fault in loaded.faults if fault.level == "error"]
    if loaded.definition is None or errors:
        return str(errors[0]) if errors else "The definition could not be read back."
    try:
        compile_form(loaded.definition)
    except InvalidDefinition as refused:
        fault = refused.faults[0]
        return f"{'.'.join(map(str, fault.where.path))}: {fault}"
    return ""


@cache
def _library() -> Library:
    """What comes with Townhall; an import refers to none of it."""
    return Library.shipped()


def _in_order(plain: dict[str, Any]) -> dict[str, Any]:
    """Put provenance-free parts in the order in which an author reads a service."""
    return {key: plain[key] for key in _ORDER if key in plain}
