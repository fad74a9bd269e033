"""What is kept when a service is submitted: the answers on the route and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from townhall.engine.answers import Scope, Values
from townhall.engine.evaluate import holds
from townhall.engine.fees import Charge, Fee, FeeTables, NoPrice, charge_count
from townhall.engine.form import Form, Loop
from townhall.engine.model import Delivery
from townhall.engine.question import Question
from townhall.engine.route import Route


@dataclass(frozen=True)
class Submitted:
    """The answers of a complete route: question → value, and each repeat's items in order."""

    values: Values = field(default_factory=dict)
    items: Mapping[str, tuple[Values, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One answer in words: ``item`` counts from 1 within ``repeat``; ``shown`` is plain text."""

    question: Question
    page: str
    section: str | None
    value: Any
    shown: tuple[str, ...]
    repeat: str = ""
    item: int = 0
    item_id: str = ""


def prune(form: Form, route: Route) -> Submitted:
    """Give what is submitted: only what stands on the route (design §2, "Off the route")."""
    values: dict[str, Any] = {}
    held: dict[str, dict[str, dict[str, Any]]] = {}
    for step, visit in route.visits.items():
        loop = form.loop_of(step.page)
        if step.listing:
            held.setdefault(step.page, {})
        elif loop is None:
            values.update(visit.values)
        else:
            items = held.setdefault(loop.repeat.id, {})
            items.setdefault(step.item, {}).update(visit.values)
    return Submitted(values, {name: tuple(items.values()) for name, items in held.items()})


def route_lines(form: Form, route: Route, language: str = "en") -> Iterator[Line]:
    """Walk the answers on a route for check answers; an optional one left blank shows nothing."""
    seen: set[tuple[str, str]] = set()
    numbers: dict[tuple[str, str], int] = {}
    for step, visit in route.visits.items():
        loop = form.loop_of(step.page)
        repeat = loop.repeat.id if loop else ""
        for question in visit.asked:
            if (step.item, question.id) in seen:
                continue
            seen.add((step.item, question.id))
            if loop:
                begun = sum(1 for name, _ in numbers if name == repeat)
                numbers.setdefault((repeat, step.item), begun + 1)
            value = visit.values.get(question.id)
            shown = () if value is None else form.kind(question).show(question, value, language)
            section = form.pages_by_id[step.page].section
            yield Line(
                question,
                step.page,
                section,
                value,
                tuple(shown),
                repeat,
                numbers.get((repeat, step.item), 0),
                step.item,
            )


def dump_submitted(form: Form, submitted: Submitted) -> dict[str, Any]:
    """Give a submission as plain JSON: ``{"values": {…}, "items": {repeat: [{…}]}}``."""
    return {
        "values": _dump(form, submitted.values),
        "items": {
            name: [_dump(form, one) for one in items] for name, items in submitted.items.items()
        },
    }


def load_submitted(form: Form, stored: Mapping[str, Any]) -> Submitted:
    """Read what dump_submitted gave."""
    return Submitted(
        _load(form, stored["values"]),
        {name: tuple(_load(form, one) for one in items) for name, items in stored["items"].items()},
    )


def scope_of(submitted: Submitted) -> Scope:
    """Give the scope in which fee lines, deliveries and confirmation words are evaluated."""
    inner = {name for items in submitted.items.values() for one in items for name in one}
    asked = set(submitted.values) | inner
    return Scope(
        dict(submitted.values),
        asked,
        {name: list(items) for name, items in submitted.items.items()},
    )


def lines(form: Form, submitted: Submitted, language: str = "en") -> Iterator[Line]:
    """Walk a submission's answers in page order, in words, for messages and export."""
    seen: set[str] = set()
    for segment in form.segments:
        if not isinstance(segment, Loop):
            yield from _page_lines(form, segment.page, submitted.values, seen, language)
            continue
        repeat = segment.repeat.id
        for number, item in enumerate(submitted.items.get(repeat, ()), start=1):
            inner: set[str] = set()
            for page in segment.pages:
                for line in _page_lines(form, page.page, item, inner, language):
                    yield replace(line, repeat=repeat, item=number)


def fee_for(form: Form, scope: Scope, tables: FeeTables, *, on: date, today: date) -> Fee:
    """Price the fee lines whose condition holds, by the prices in force on ``on``.

    Raises NoPrice with the price's key where the table has none for that day. ``check`` refuses
    such a definition, but a price may leave the table while drafts that name it go on.
    """
    charges = []
    for line in form.definition.fee:
        if not holds(line.when, form, scope, today):
            continue
        price = tables.price(line.price, on)
        if price is None:
            raise NoPrice(line.price)
        times = _number(line.times, scope) if line.times else None
        count = charge_count(times, line.after_first, counted=line.times is not None)
        if count:
            charges.append(Charge(line.line, count, price, line.vat, line.ledger))
    return Fee(tuple(charges))


def _number(name: str, scope: Scope) -> Any:
    """Give what a fee line is multiplied by: an answer, or how many items a repeat has."""
    items = scope.repeats.get(name)
    return scope.get(name) if items is None else len(items)


def recipients(form: Form, scope: Scope, *, today: date) -> tuple[Delivery, ...]:
    """Give the deliveries whose condition holds."""
    return tuple(
        delivery for delivery in form.definition.deliver if holds(delivery.when, form, scope, today)
    )


def _page_lines(
    form: Form, page_id: str, values: Values, seen: set[str], language: str
) -> Iterator[Line]:
    page = form.pages_by_id[page_id]
    for question in form.leaves_of[page_id]:
        if question.id in seen or question.id not in values:
            continue
        seen.add(question.id)
        value = values[question.id]
        shown = tuple(form.kind(question).show(question, value, language))
        yield Line(question, page_id, page.section, value, shown)


def _dump(form: Form, values: Values) -> dict[str, Any]:
    return {name: form.kind_of(name).dump(value) for name, value in values.items()}


def _load(form: Form, stored: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: form.kind_of(name).load(form.question(name), value) for name, value in stored.items()
    }
