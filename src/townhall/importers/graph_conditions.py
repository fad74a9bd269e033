"""Reads the conditions of XGov and DEFRA V1 forms: structured ones, and expr-eval strings."""

from __future__ import annotations

import re

from townhall.importers import fields
from townhall.importers.expressions import (
    Both,
    Compare,
    Contains,
    Either,
    Expression,
    Inverse,
    Length,
    Literal,
    Name,
    Relative,
    Unreadable,
    read_expression,
)
from townhall.importers.operators import LENGTHS, SIGNS, from_now
from townhall.importers.source_form import SourceCondition

_BARE = ("NumberField", "YesNoField")


def read(raw: object) -> dict[str, SourceCondition]:
    """Give the form's conditions by name."""
    found = {}
    for at, one in fields.mappings(raw):
        name = fields.text(one.get("name"))
        found[name] = _condition(one, name, f"conditions[{at}]")
    return found


def field_names(raw: object) -> set[str]:
    """Give the fields that structured conditions name without a section."""
    found: set[str] = set()
    for _, one in fields.mappings(raw):
        groups = [fields.mapping(one.get("value")).get("conditions")]
        while groups:
            for _, part in fields.mappings(groups.pop()):
                groups.append(part.get("conditions"))
                found.add(fields.text(fields.mapping(part.get("field")).get("name")))
    return {name for name in found if "." not in name}


def _condition(raw: dict[str, object], name: str, path: str) -> SourceCondition:
    display = fields.text(raw.get("displayName")) or name
    value = raw.get("value")
    try:
        expression = (
            read_expression(value)
            if isinstance(value, str)
            else _group(fields.mapping(value).get("conditions"), 0)
        )
    except Unreadable as error:
        return SourceCondition(name, display, path, None, f"In the source, {error}.")
    return SourceCondition(name, display, path, expression)


def _group(raw: object, depth: int) -> Expression:
    """Join a list of conditions by their coordinators; `and` binds closer than `or`."""
    if depth > 20:
        raise Unreadable("its groups are nested too deep")
    alternatives: list[list[Expression]] = []
    for _, part in fields.mappings(raw):
        if part.get("coordinator") == "or" or not alternatives:
            alternatives.append([])
        alternatives[-1].append(_part(part, depth))
    if not alternatives:
        raise Unreadable("it is empty")
    joined = [parts[0] if len(parts) == 1 else Both(tuple(parts)) for parts in alternatives]
    return joined[0] if len(joined) == 1 else Either(tuple(joined))


def _part(raw: dict[str, object], depth: int) -> Expression:
    if "conditions" in raw:
        return _group(raw["conditions"], depth + 1)
    if raw.get("conditionName"):
        return Name(fields.text(raw["conditionName"]))
    field = fields.mapping(raw.get("field"))
    name, kind = fields.text(field.get("name")), fields.text(field.get("type"))
    if not name:
        raise Unreadable("it names no question")
    return _test(name, kind, fields.text(raw.get("operator")), fields.mapping(raw.get("value")))


def _test(name: str, kind: str, operator: str, value: dict[str, object]) -> Expression:
    if value.get("type") == "RelativeTime":
        return _relative(name, operator, value)
    typed = _value(kind, fields.text(value.get("value")))
    if operator in ("contains", "does not contain"):
        contains = Contains(name, typed)
        return contains if operator == "contains" else Inverse(contains)
    if operator in LENGTHS:
        return Length(name, LENGTHS[operator], _number(fields.text(value.get("value"))))
    if operator not in SIGNS:
        raise Unreadable(f"“{operator}” is not an operator")
    return Compare(name, SIGNS[operator], typed)


def _relative(name: str, operator: str, value: dict[str, object]) -> Expression:
    past = value.get("direction") == "in the past"
    count = _number(fields.text(value.get("timePeriod")))
    when = Relative(-count if past else count, fields.text(value.get("timeUnit")))
    return from_now(name, operator, when)


def _value(kind: str, text: str) -> Literal:
    if not text:
        raise Unreadable("it compares with nothing")
    if kind not in _BARE:
        return text
    if text in ("true", "false"):
        return text == "true"
    return _number(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", text):
        raise Unreadable(f"`{text}` is not a value that it can compare with")
    return float(text)
