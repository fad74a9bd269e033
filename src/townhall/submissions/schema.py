"""The JSON that a webhook is sent, and its published JSON Schema (2020-12) by version."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from townhall.engine.form import Form
from townhall.engine.question import Question
from townhall.engine.submitted import Submitted
from townhall.engine.text import filled

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def body_of(
    form: Form,
    submitted: Submitted,
    *,
    reference: str,
    received_at: datetime,
    language: str,
    leave_out: Collection[str] = (),
) -> dict[str, Any]:
    """Give a submission as JSON: answers by ``name`` (or id), option ids and never their words.

    ``leave_out`` holds the ids of questions whose classes the reader may not have. A repeat is a
    list of items under its own id. An answer that was not given is absent.
    """
    return {
        "reference": reference,
        "service": form.definition.service,
        "version": form.version,
        "received_at": received_at.isoformat(),
        "language": language,
        "answers": {
            **_answers(form, submitted.values, leave_out),
            **{
                name: [_answers(form, item, leave_out) for item in items]
                for name, items in submitted.items.items()
            },
        },
    }


def schema_of(form: Form) -> dict[str, Any]:
    """Give the JSON Schema that every submission made with this version keeps to.

    No answer is required: which are asked depends on the others, and a destination may not have
    all.
    """
    definition = form.definition
    return {
        "$schema": DIALECT,
        "$id": f"urn:sha256:{form.version}",
        "title": definition.title,
        "type": "object",
        "additionalProperties": False,
        "required": ["reference", "service", "version", "received_at", "language", "answers"],
        "properties": {
            "reference": {"type": "string"},
            "service": {"const": definition.service},
            "version": {"const": form.version},
            "received_at": {"type": "string", "format": "date-time"},
            "language": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]+)*$"},
            "answers": _answers_schema(form),
        },
    }


def _answers(form: Form, values: Mapping[str, Any], leave_out: Collection[str]) -> dict[str, Any]:
    return {
        form.question(id).key: form.kind_of(id).dump(value)
        for id, value in values.items()
        if id not in leave_out
    }


def _answers_schema(form: Form) -> dict[str, Any]:
    outside = _outside(form)
    properties = _properties(form, outside)
    for name, loop in form.loops.items():
        inside = [leaf for page in loop.pages for leaf in form.leaves_of[page.page]]
        items = _object(_properties(form, inside))
        properties[name] = {
            "type": "array",
            "title": _title(loop.repeat.plural),
            "maxItems": loop.repeat.max,
            "items": items,
        }
    return _object(properties)


def _outside(form: Form) -> Iterable[Question]:
    looped = {page.page for loop in form.loops.values() for page in loop.pages}
    outside = (leaves for page, leaves in form.leaves_of.items() if page not in looped)
    return (leaf for leaves in outside for leaf in leaves)


def _properties(form: Form, questions: Iterable[Question]) -> dict[str, Any]:
    """Describe questions; one that is asked on several pages, or several of one name, take any."""
    found: dict[str, list[dict[str, Any]]] = {}
    for question in questions:
        described = {**form.kind(question).json_schema(question), "title": _title(question.label)}
        known = found.setdefault(question.key, [])
        if described not in known:
            known.append(described)
    return {name: all[0] if len(all) == 1 else {"anyOf": all} for name, all in found.items()}


def _title(words: str) -> str:
    """Give an author's words for everybody, as page titles do: "…" stands where an answer would."""
    return filled(words, lambda _: "…")


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}
