"""Kinds whose value is several named lines: the shared halves of name and address."""

from collections.abc import Mapping
from typing import TypeVar

from townhall.engine.kinds.base import (
    BadStored,
    Json,
    Problem,
    QuestionLike,
    Raw,
    Settings,
)
from townhall.engine.kinds.typed import one_line

S = TypeVar("S", bound=Settings)


def parse_parts(
    q: QuestionLike, raw: Raw, fields: Mapping[str, str], limit: int
) -> dict[str, str] | list[Problem]:
    """The parts that were filled in, trimmed; or what is wrong with their characters.

    `fields` maps a part's short name to its HTML field name.
    """
    typed: dict[str, str] = {}
    wrong: list[Problem] = []
    for part, field in fields.items():
        found = one_line(q.id, raw.get(field), part=part, limit=limit)
        if isinstance(found, list):
            wrong.extend(found)
        elif found is not None:
            typed[part] = found
    return wrong or typed


def load_parts(q: QuestionLike, stored: Json, parts: tuple[str, ...]) -> dict[str, str]:
    """Strings under known names. BadStored for anything else."""
    if not isinstance(stored, dict) or not set(stored) <= set(parts):
        raise BadStored(f"question {q.id!r}: stored answer does not have the parts of its kind")
    if not all(isinstance(text, str) for text in stored.values()):
        raise BadStored(f"question {q.id!r}: a part of the stored answer is not a string")
    return {part: stored[part] for part in parts if part in stored}
