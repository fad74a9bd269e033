"""Submissions as lines of CSV or JSON. Plain values in, lines out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from townhall.engine.form import Form
from townhall.engine.question import Question
from townhall.engine.submitted import Submitted, lines

HELD_BACK = frozenset({"special", "offence", "child"})
"""Classes that an export leaves out unless the field is named (acceptance.md)."""

FIXED = ("reference", "service", "version", "received_at", "language")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Field:
    """One column: the key that answers go by, and whether it is exported without being named."""

    key: str
    open: bool


def fields_of(forms: Iterable[Form]) -> list[Field]:
    """Give every field that any of a service's versions asks, in page order, oldest version first.

    A field is held back when it is of a held-back class in any version.
    """
    found: dict[str, bool] = {}
    for form in forms:
        for question in _asked(form):
            held_back = bool(HELD_BACK & set(question.classes))
            found[question.key] = found.get(question.key, True) and not held_back
    return [Field(key, open) for key, open in found.items()]


def chosen(fields: Sequence[Field], named: Sequence[str]) -> list[str]:
    """Give the keys to export: those not held back and those named, in order of the fields.

    Raises KeyError with a name that is no field.
    """
    known = {field.key for field in fields}
    for name in named:
        if name not in known:
            raise KeyError(name)
    return [field.key for field in fields if field.open or field.key in named]


def answers_in_words(form: Form, submitted: Submitted, keys: Sequence[str]) -> dict[str, str]:
    """Give the answers to some keys in words; those of several items follow each other."""
    found: dict[str, list[str]] = {}
    for line in lines(form, submitted):
        if line.question.key in keys:
            found.setdefault(line.question.key, []).append("\n".join(line.shown))
    return {key: "; ".join(parts) for key, parts in found.items()}


def csv_line(cells: Sequence[str]) -> str:
    """Write one line of CSV (RFC 4180) in which no cell is a formula to a spreadsheet."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([neutral(cell) for cell in cells])
    return out.getvalue()


def json_line(fixed: Mapping[str, str], answers: Mapping[str, Any]) -> str:
    """Write one line of JSON."""
    return json.dumps({**fixed, "answers": answers}, ensure_ascii=False) + "\n"


def neutral(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run (OWASP, CSV injection).

    What is stored, and what JSON gives, is unchanged. A NUL, which ends some readers, is left out.
    """
    plain = cell.replace("\0", "")
    return f"'{plain}" if plain.lstrip(" \u00a0").startswith(_FORMULA) else plain


def _asked(form: Form) -> Iterator[Question]:
    for page in form.pages:
        yield from form.leaves_of[page.page]
