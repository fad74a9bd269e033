"""Takes typed values out of a form's plain data, whatever its author put there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townhall.importers.source_form import Scalar

_MAX_TEXT = 100_000


def text(raw: object) -> str:
    """Give words: a string, a number, or the English of words given per language."""
    if isinstance(raw, dict):
        raw = raw.get("en") or next((part for part in raw.values() if isinstance(part, str)), "")
    if isinstance(raw, str):
        return raw[:_MAX_TEXT]
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return f"{raw:g}" if isinstance(raw, float) else str(raw)
    return ""


def other_languages(raw: object) -> list[str]:
    """Give the languages besides English in which words are given."""
    return [str(key) for key in raw if key != "en"] if isinstance(raw, dict) else []


def scalar(raw: object) -> Scalar:
    """Give a list's value as typed; anything that is not one is the empty string."""
    return raw if isinstance(raw, str | int | float | bool) else ""


def mapping(raw: object) -> dict[str, Any]:
    """Give a set of named values; anything else is an empty one."""
    return {str(key): value for key, value in raw.items()} if isinstance(raw, dict) else {}


def mappings(raw: object) -> Iterator[tuple[int, dict[str, Any]]]:
    """Walk the sets of named values in a list, with their positions."""
    if isinstance(raw, list):
        for at, part in enumerate(raw):
            if isinstance(part, dict):
                yield at, mapping(part)
