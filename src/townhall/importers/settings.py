"""The settings of each kind, read from a component's schema and options."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from townhall.engine.kinds.patterns import BadPattern, compiled
from townhall.importers.findings import Findings
from townhall.importers.source_form import Component

Plain = dict[str, Any]

_READ = frozenset(
    {
        "min",
        "max",
        "length",
        "regex",
        "precision",
        "integer",
        "maxlength",
        "required",
        "trim",
        "email",
    }
)
_QUIET = frozenset({"optionalText", "hideTitle"})


def of_kind(kind: str, part: Component, findings: Findings) -> Plain:
    """Give the keys that a kind adds to a question."""
    reader = _READERS.get(kind)
    found = reader(part, findings) if reader else {}
    for key in sorted(set(part.schema) - _READ - _QUIET):
        findings.loss(
            f"{part.path}.schema.{key}",
            f"“{part.title}” has a rule `{key}`.",
            "We do not know what it asks of an answer.",
            "Answers are not held to it.",
        )
    if "regex" in part.schema and kind != "text" and part.schema["regex"]:
        findings.loss(
            f"{part.path}.schema.regex",
            f"“{part.title}” must match a pattern of its own.",
            f"A {kind} question has its own rules here.",
            "Our rules for such answers.",
        )
    return found


def _text(part: Component, findings: Findings) -> Plain:
    exact = whole(part.schema.get("length"))
    found: Plain = {
        "min_length": exact or whole(part.schema.get("min")),
        "max_length": exact or whole(part.schema.get("max")) or whole(part.schema.get("maxlength")),
        **_affixes(part),
    }
    for key in ("min_length", "max_length"):
        if found[key] is not None and not 1 <= found[key] <= 1000:
            found[key] = None
    if words := whole(part.options.get("maxWords")):
        findings.loss(
            part.path,
            f"“{part.title}” takes at most {words} words.",
            "A one-line answer counts characters here.",
            "No limit of words.",
        )
    return _given({**found, "pattern": _pattern(part, findings)})


def _pattern(part: Component, findings: Findings) -> Plain | None:
    regex = part.schema.get("regex")
    if not isinstance(regex, str) or not regex:
        return None
    matches = _whole_match(regex)
    try:
        compiled(matches)
    except BadPattern as error:
        findings.loss(
            f"{part.path}.schema.regex",
            f"“{part.title}” must match a pattern.",
            f"Patterns are RE2 here, so that no answer can make one slow, and {error}.",
            "Answers are not held to it.",
        )
        return None
    name = (part.short or part.title or "an answer").rstrip("?:. ")
    return {"matches": matches, "say": f"Enter “{name}” in the correct format"[:1900]}


def _whole_match(regex: str) -> str:
    """Write a pattern that may match anywhere as one that matches the whole text."""
    if (
        regex.startswith("^")
        and regex.endswith("$")
        and not regex.endswith(r"\$")
        and "|" not in regex
    ):
        return regex[1:-1]
    return f"(?s:.*)(?:{regex})(?s:.*)"


def _long_text(part: Component, findings: Findings) -> Plain:
    longest = whole(part.schema.get("max")) or whole(part.schema.get("maxlength"))
    words = whole(part.options.get("maxWords"))
    return _given(
        {
            "max_length": longest if longest and longest <= 50_000 and not words else None,
            "max_words": words if words and words <= 10_000 else None,
        }
    )


def _number(part: Component, findings: Findings) -> Plain:
    places = whole(part.schema.get("precision")) or 0
    found = {
        "min": _limit(part.schema.get("min")),
        "max": _limit(part.schema.get("max")),
        "decimals": min(places, 6) or None,
        **_affixes(part),
    }
    if found.get("prefix") == "£":
        found |= {"type": "money", "prefix": None, "decimals": None}
        if found["min"] is None:
            findings.loss(
                part.path,
                f"“{part.title}” takes amounts below £0.",
                "Money is 0 or more here.",
                "At least £0.",
            )
    elif not (places or part.schema.get("integer") or _counts(part)):
        findings.loss(
            part.path,
            f"“{part.title}” takes any number of decimals.",
            "Numbers are whole here unless they say more.",
            "Whole numbers; set `decimals` to take more.",
        )
    return _given(found)


def _counts(part: Component) -> bool:
    """Whether a question asks for a count, which nobody answers with decimals."""
    return re.search(r"\b(how many|number of)\b", part.title, re.IGNORECASE) is not None


def _date(part: Component, findings: Findings) -> Plain:
    past, future = part.options.get("maxDaysInPast"), part.options.get("maxDaysInFuture")
    found = {}
    if (days := whole(past)) is not None:
        found["min"] = f"today - {days} days" if days else "today"
    if (days := whole(future)) is not None:
        found["max"] = f"today + {days} days" if days else "today"
    return found


def _affixes(part: Component) -> Plain:
    return {key: str(part.options[key]) for key in ("prefix", "suffix") if part.options.get(key)}


def whole(raw: object) -> int | None:
    """Give a whole number that is 0 or more; None for anything else."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int) or (isinstance(raw, str) and re.fullmatch(r"\d{1,9}", raw)):
        return int(raw) if int(raw) >= 0 else None
    return None


def _limit(raw: object) -> str | None:
    if isinstance(raw, bool):
        return None
    text = f"{raw:g}" if isinstance(raw, float) else str(raw)
    return text if re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", text) else None


def _given(found: Plain) -> Plain:
    return {key: value for key, value in found.items() if value is not None}


_READERS: dict[str, Callable[[Component, Findings], Plain]] = {
    "text": _text,
    "long-text": _long_text,
    "number": _number,
    "date": _date,
}
