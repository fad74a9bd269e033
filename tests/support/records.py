"""A published service and people going through it, for tests of what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from tests.support.definitions import define, page, radios
from townhall.definitions.actions import Candidate, publish
from townhall.definitions.queries import live
from townhall.engine.form import Form
from townhall.engine.model import Definition
from townhall.engine.route import Step, walk
from townhall.submissions import drafts
from townhall.submissions.actions import Receipt, receive
from townhall.submissions.drafts import Started
from townhall.submissions.opened import Opened

AT = datetime(2026, 12, 7, 9, tzinfo=UTC)
TODAY = date(2026, 12, 7)

TEXT = {"personal": ["contact"]}
PAGES = [
    page("pest", radios("pest", "Rats", "Wasps", "Something else")),
    page(
        "nests",
        {"id": "nests", "ask": "How many nests?", "type": "number", "min": "1", "max": "9"},
        when={"pest": "wasps"},
    ),
    page("people", {"id": "who", "ask": "Who?", "type": "text", **TEXT}, repeat={"id": "others"}),
    page(
        "you",
        {"id": "name", "ask": "Your name", "type": "text", **TEXT},
        {"id": "email", "ask": "Email", "type": "email", "required": False},
        {"id": "health", "ask": "Health", "type": "long-text", "required": False},
    ),
]
MORE = {
    "deliver": [{"to": "inbox"}, {"to": "wasps", "when": {"pest": "wasps"}}],
    "acknowledge": {"to": "email"},
}


def definition(**more: Any) -> Definition:
    """Make the definition: four pages, one of them on some routes only, one asked for each item."""
    pages = more.pop("pages", PAGES)
    return define(pages, **{**MORE, **more})


def put_live(made: Definition | None = None, *, at: datetime = AT) -> Form:
    """Publish a definition and give its form."""
    made = made or definition()
    publish(Candidate(made, text="In plain words."), by="ann", at=at)
    service = live(made.service, at)
    assert service is not None
    return service.form


def begun(form: Form, *, at: datetime = AT) -> Started:
    """Begin a draft."""
    return drafts.begin(form, at=at)


def look(started: Started, *, at: datetime = AT, **more: Any) -> Opened:
    """Open a draft that must be there."""
    opened = drafts.open_draft(started.token, started.draft.service, at=at, **more)
    assert opened is not None
    return opened


ANSWERS: Mapping[str, Any] = {"pest": "rats", "name": "Ann Example", "email": "ann@example.org"}


def fill(
    started: Started,
    answers: Mapping[str, Any] = ANSWERS,
    *,
    people: tuple[str, ...] = ("Bob",),
    at: datetime = AT,
) -> Opened:
    """Send every page on the route with these answers, and one item for each of ``people``."""
    for _ in range(40):
        opened = look(started, at=at)
        step = walk(opened.form, opened.answers, today=TODAY).stop
        if step is None:
            return opened
        _send(opened, step, answers, people, at)
    raise AssertionError(f"never finished: {step}")


def submitted(
    form: Form, answers: Mapping[str, Any] = ANSWERS, *, at: datetime = AT, **more: Any
) -> Receipt:
    """Begin, fill and send."""
    started = begun(form, at=at)
    fill(started, answers, at=at, **more)
    return receive(started.draft, today=TODAY, at=at)


def _send(
    opened: Opened, step: Step, answers: Mapping[str, Any], people: tuple[str, ...], at: datetime
) -> None:
    held = opened.answers.items.get("others", ())
    if step.listing and len(held) >= len(people):
        drafts.finish_list(opened, step.page, at=at)
    elif step.listing or step.item:
        values = {"who": people[len(held)]}
        drafts.save_page(opened, "people", values, item=str(len(held) + 1), at=at)
    else:
        questions = {question.id for question in opened.form.leaves_of[step.page]}
        values = {name: value for name, value in answers.items() if name in questions}
        drafts.save_page(opened, step.page, values, at=at)
