"""Reads the conditions of DEFRA V2 forms, which point at components, lists and each other by id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
)
from townhall.importers.operators import LENGTHS, SIGNS, from_now
from townhall.importers.source_form import ChoiceList, SourceCondition, SourcePage


def read(
    raw: object, pages: tuple[SourcePage, ...], lists: Mapping[str, ChoiceList]
) -> dict[str, SourceCondition]:
    """Give the form's conditions by id."""
    names = {part.id: part.name for page in pages for part in page.components if part.id}
    items = {item.id: item.value for found in lists.values() for item in found.items if item.id}
    found = {}
    for at, one in fields.mappings(raw):
        name = fields.text(one.get("id")) or fields.text(one.get("name"))
        display = fields.text(one.get("displayName")) or name
        try:
            expression, problem = _joined(one, names, items), ""
        except Unreadable as error:
            expression, problem = None, f"In the source, {error}."
        found[name] = SourceCondition(name, display, f"conditions[{at}]", expression, problem)
    return found


def _joined(
    raw: Mapping[str, Any], names: Mapping[str, str], items: Mapping[str, Any]
) -> Expression:
    parts = tuple(_item(item, names, items) for _, item in fields.mappings(raw.get("items")))
    if not parts:
        raise Unreadable("it is empty")
    if len(parts) == 1:
        return parts[0]
    return Either(parts) if raw.get("coordinator") == "or" else Both(parts)


def _item(raw: Mapping[str, Any], names: Mapping[str, str], items: Mapping[str, Any]) -> Expression:
    if raw.get("conditionId"):
        return Name(fields.text(raw["conditionId"]))
    name = names.get(fields.text(raw.get("componentId")))
    if name is None:
        raise Unreadable("it points at a question that is not in the form")
    operator = fields.text(raw.get("operator"))
    if raw.get("type") == "RelativeDate":
        return from_now(name, operator, _relative(fields.mapping(raw.get("value"))))
    value = _value(raw, items)
    if operator in ("contains", "does not contain"):
        contains = Contains(name, value)
        return contains if operator == "contains" else Inverse(contains)
    if operator in LENGTHS and isinstance(value, float):
        return Length(name, LENGTHS[operator], value)
    if operator not in SIGNS:
        raise Unreadable(f"“{operator}” is not an operator")
    return Compare(name, SIGNS[operator], value)


def _relative(value: Mapping[str, Any]) -> Relative:
    period = value.get("period")
    if not isinstance(period, int | float) or isinstance(period, bool):
        raise Unreadable("it has no number of days, months or years")
    past = value.get("direction") == "in the past"
    return Relative(-float(period) if past else float(period), fields.text(value.get("unit")))


def _value(raw: Mapping[str, Any], items: Mapping[str, Any]) -> Literal:
    value = raw.get("value")
    if raw.get("type") == "ListItemRef":
        item = fields.text(fields.mapping(value).get("itemId"))
        if item not in items:
            raise Unreadable("it points at an option that is not in the form")
        value = items[item]
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return float(value)
    raise Unreadable("it compares with nothing")
