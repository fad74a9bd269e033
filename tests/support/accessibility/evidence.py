"""What was looked at, with which tool, and what came of it: one JSON file a state."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.accessibility.states import State

ROOT = Path(__file__).resolve().parents[3]
EVIDENCE = Path(os.environ.get("TOWNHALL_EVIDENCE", ROOT / "build" / "accessibility"))
KNOWN = {tool: ROOT / "tests" / f"{tool}-known.toml" for tool in ("axe", "ibm")}
"""What a tool is known to find and why it stands: rule, selector, upstream, review, effect."""


class Outcome(StrEnum):
    """What came of one rule. PERSON: the tool cannot tell and says that a person must look."""

    PASSED = "passed"
    FAILED = "failed"
    KNOWN = "known"
    PERSON = "for a person"


@dataclass(frozen=True)
class Finding:
    """One rule that something on the page breaks, or that a person must look at."""

    rule: str
    selector: str = ""
    html: str = ""
    why: str = ""
    remedy: str = ""
    outcome: Outcome = Outcome.FAILED
    known: str = ""


@dataclass(frozen=True)
class Result:
    """One check of one state: what ran, which of its rules passed, and what it found."""

    check: str
    tool: str
    version: str
    criteria: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def failures(self) -> list[Finding]:
        """What fails the state."""
        return [one for one in self.findings if one.outcome is Outcome.FAILED]


@dataclass(frozen=True)
class Looked:
    """One state and all that was found; ``like`` names the states that showed its parts before."""

    state: State
    results: tuple[Result, ...] = ()
    like: tuple[str, ...] = ()
    screenshot: str = ""

    @property
    def faults(self) -> list[str]:
        """Each failure in words: the page, the state, the rule, the selector and the remedy."""
        where = f"{self.state.path} ({self.state.service}: {self.state.name})"
        return [
            f"{where}\n  {result.check}: {one.rule}: {one.why}\n  at {one.selector} {one.html}"
            f"\n  remedy: {one.remedy}"
            for result in self.results
            for one in result.failures
        ]


@dataclass
class Evidence:
    """Everything that was looked at in one visit."""

    looked: list[Looked] = field(default_factory=list)

    def demand(self) -> Evidence:
        """Fail, saying every fault, unless nothing was found that is not known."""
        assert self.looked, "nothing was looked at"
        faults = [fault for one in self.looked for fault in one.faults]
        assert not faults, "\n\n".join([f"{len(faults)} faults", *faults])
        return self


def write(looked: Looked, folder: Path = EVIDENCE) -> Path:
    """Write one state's evidence and give its file."""
    state = looked.state
    file = folder / state.service / f"{state.slug}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    record = {
        "service": state.service,
        "state": state.name,
        "page": state.path,
        "status": state.status,
        "shape": state.shape,
        "looked_at_as": list(looked.like),
        "screenshot": looked.screenshot or None,
        "results": [_record(result) for result in looked.results],
    }
    file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return file


def _record(result: Result) -> dict[str, Any]:
    outcome = Outcome.PASSED
    for worse in (Outcome.PERSON, Outcome.KNOWN, Outcome.FAILED):
        if any(one.outcome is worse for one in result.findings):
            outcome = worse
    return {
        "check": result.check,
        "tool": result.tool,
        "version": result.version,
        "criteria": list(result.criteria),
        "outcome": str(outcome),
        "passed_rules": list(result.passed),
        "findings": [asdict(one) for one in result.findings],
    }


def records(folder: Path = EVIDENCE) -> list[dict[str, Any]]:
    """Every state's evidence as it was written."""
    return [json.loads(file.read_text()) for file in sorted(folder.glob("*/*.json"))]


@cache
def known(tool: str) -> tuple[Mapping[str, Any], ...]:
    """What a tool is known to find, and why it stands."""
    entries: list[dict[str, Any]] = tomllib.loads(KNOWN[tool].read_text())["known"]
    return tuple(entries)


def unused(tool: str, seen: Iterable[Mapping[str, Any]]) -> list[str]:
    """The known findings of a tool that nothing showed: what does not happen is not known."""
    used = {
        finding["known"]
        for record in seen
        for result in record["results"]
        if result["check"] == tool
        for finding in result["findings"]
    }
    return [name for name in map(name_of, known(tool)) if name not in used]


def name_of(entry: Mapping[str, Any]) -> str:
    """A known finding's name in the evidence."""
    return f"{entry['rule']} at {entry['selector']}"
