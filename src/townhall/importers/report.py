"""Says what an import did: a table for people, and the same as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from townhall.importers.convert import Imported
from townhall.importers.findings import Finding, Level

LEVELS: tuple[Level, ...] = ("fault", "loss", "withheld", "note")
_PLURAL = {"fault": "faults", "loss": "losses", "withheld": "withheld", "note": "notes"}
SHOWN = 3
"""How many findings of one sort people are shown."""

_STATUSES = ("clean", "losses", "faults", "not recognised", "not read", "failed")


def as_json(done: Iterable[tuple[Imported, str]]) -> dict[str, Any]:
    """Give the report as plain values; each file with where it was written."""
    files = [_file(one, to) for one, to in done]
    counts = Counter(str(file["status"]) for file in files)
    return {"files": files, "totals": {name: counts[name] for name in _STATUSES}}


def _file(one: Imported, to: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "file": one.file,
        "service": one.service,
        "status": one.status,
        "to": to,
        "pages": one.pages,
        "questions": one.questions,
    }
    if one.problem:
        found["problem"] = one.problem
    for level in LEVELS:
        items = [asdict(item) for item in one.findings.of(level)]
        found[_PLURAL[level]] = [
            {key: item[key] for key in item if key != "level"} for item in items
        ]
    return found


def as_words(done: list[tuple[Imported, str]], *, verbose: bool) -> str:
    """Give the report for people: a line for each file, what was found in it, and a summary."""
    width = max([len(one.service) for one, _ in done] + [7])
    lines = [
        _row(width, "Service", ("Pages", "Questions", "Losses", "Faults", "Withheld"), "Outcome")
    ]
    for one, _ in done:
        counts = [len(one.findings.of(level)) for level in ("loss", "fault", "withheld")]
        lines.append(_row(width, one.service, (one.pages, one.questions, *counts), one.status))
    for one, to in done:
        lines += _details(one, to, verbose=verbose)
    return "\n".join([*lines, "", _summary(done)])


def _row(width: int, name: str, cells: Iterable[object], outcome: str) -> str:
    return f"{name:<{width}}  " + "  ".join(f"{cell!s:>9}" for cell in cells) + f"  {outcome}"


def _details(one: Imported, to: str, *, verbose: bool) -> list[str]:
    shown = LEVELS if verbose else LEVELS[:2]
    found = [item for level in shown for item in one.findings.of(level)]
    if not found and not one.problem:
        return []
    lines = ["", f"{one.file} → {to or 'not written'}"]
    if one.problem:
        lines.append(f"  {one.status}: {one.problem}")
    return [*lines, *_items(found, each=len(found) if verbose else SHOWN)]


def _items(found: list[Finding], *, each: int) -> Iterator[str]:
    """Write findings, at most ``each`` of one sort; JSON has them all."""
    sorts: dict[tuple[str, str, str], list[Finding]] = {}
    for item in found:
        sorts.setdefault((item.level, item.why, item.instead), []).append(item)
    for same in sorts.values():
        for item in same[:each]:
            yield f"  {item.level}: {item.path}: {item.what} {item.why} {item.instead}"
        if len(same) > each:
            yield f"  {same[0].level}: and {len(same) - each} more like the last; --verbose has all"


def _summary(done: list[tuple[Imported, str]]) -> str:
    counts = Counter(one.status for one, _ in done)
    total = len(done)
    known = total - counts["not recognised"] - counts["not read"]
    shares = [
        f"{counts[name]} {name}" + (f" ({100 * counts[name] / known:.0f}%)" if known else "")
        for name in ("clean", "losses", "faults", "failed")
    ]
    unknown = counts["not recognised"]
    tail = f"; {unknown} not of the family" if unknown else ""
    tail += f"; {counts['not read']} could not be read" if counts["not read"] else ""
    return f"{known} of {total} files recognised: {', '.join(shares)}{tail}."
