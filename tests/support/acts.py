"""What a test has done in a process of its own, by `python -m tests.support.act ACT …`."""

from __future__ import annotations

import logging
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from tests.support.records import (
    ANSWERS,
    AT,
    TODAY,
    begun,
    definition,
    fill,
    look,
    put_live,
    submitted,
)
from townhall.engine.council import Body, Council, Destination
from townhall.engine.model import Help
from townhall.notify.ports import Message
from townhall.outbox.alarms import raise_alarms
from townhall.outbox.fittings import Fittings as OutboxFittings
from townhall.outbox.models import Delivery, State
from townhall.outbox.worker import run_until_idle
from townhall.retention.actions import run
from townhall.submissions import caps, drafts
from townhall.submissions.actions import Refused, note_milestone, receive
from townhall.submissions.delivery import acknowledge, deliver, tell, watchers
from townhall.submissions.drafts import Started
from townhall.submissions.fittings import Fittings, install
from townhall.submissions.keeping import KEEPERS
from townhall.submissions.models import Draft, DraftPage, Submission, Told
from townhall.submissions.opened import read_draft
from townhall.submissions.queries import read_answers
from townhall.submissions.sealing import SealError


def submit_filled() -> object:
    """Submit one, and leave another draft filled; print what is stored of both."""
    form = put_live()
    receipt = submitted(form)
    Delivery.objects.update(state=State.DONE, error_class="needle-of-the-outbox")
    note_milestone(receipt.submission, "needle_of_a_milestone", at=AT)
    caps.note(str(receipt.submission), "ann@example.org", at=AT)
    started = begun(form)
    fill(started)
    rows = Submission.objects.values_list("wrapped_key", "sealed")
    stored = [
        *rows,
        *Draft.objects.filter(submission=None).values_list("wrapped_key", "secret_hash"),
    ]
    stored += DraftPage.objects.values_list("sealed", "sealed")
    flat = [part for row in stored for part in row]
    flat += [b"needle-of-the-outbox", b"needle_of_a_milestone", Told.objects.get().mark]
    return {
        "reference": receipt.reference,
        "answers": [ANSWERS["name"], ANSWERS["email"]],
        "stored": [part if isinstance(part, str) else bytes(part).hex() for part in flat],
    }


def purge_later() -> object:
    """Run retention three years on."""
    outcome = run(KEEPERS, at=AT + timedelta(days=1_100))
    return {"purged": outcome.purged, "scrubbed": outcome.scrubbed}


def filled_drafts(count: str) -> object:
    """Publish a service that takes three, and fill some drafts of it; print their ids."""
    form = put_live(definition(available={"limit": 3}))
    made = [begun(form) for _ in range(int(count))]
    for started in made:
        fill(started)
    return [str(started.draft.pk) for started in made]


def receive_many(*drafts: str) -> object:
    """Receive these drafts one after another; print each one's reference, or why not."""
    print("ready", flush=True)
    sys.stdin.readline()
    return [_received(draft) for draft in drafts]


def save_until_received(draft: str) -> object:
    """Send one page of a draft again and again until it is refused; print how often it was kept."""
    opened = read_draft(Draft.objects.get(pk=draft), at=AT)
    assert opened is not None
    print("ready", flush=True)
    sys.stdin.readline()
    kept = 0
    while drafts.save_page(opened, "you", {"name": f"Ann {kept}"}, at=AT):
        kept += 1
    return kept


def pages_left() -> object:
    """Print how many pages of drafts are kept."""
    return DraftPage.objects.count()


def canary_journey(canary: str) -> object:
    """Go through every kind of journey with a canary in each answer, logging all there is."""
    logging.basicConfig(level=logging.DEBUG, force=True)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate, logger.disabled = [], True, False
        logger.setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
    answers = {"pest": "rats", "name": canary, "email": f"{canary}@example.org", "health": canary}
    form = put_live()
    receipt = submitted(form, answers, people=(canary, canary))
    read_answers(receipt.submission, by="ann", reason="case", at=AT)
    _dead_letters()
    started = begun(form)
    fill(started, answers, people=(canary,))
    late = AT + timedelta(hours=2)
    _stumble(started, answers, canary, late)
    logging.getLogger("townhall").debug("the journeys are made")
    return {"token": started.token, "queries": len(connection.queries)}


def _stumble(started: Started, answers: dict[str, str], canary: str, late: datetime) -> None:
    opened = look(started, at=late)
    page = {name: answers[name] for name in ("name", "email", "health")}
    drafts.save_page(opened, "you", page, at=late)
    drafts.try_unlock(opened, f"not {canary}", at=late)
    _received(str(started.draft.pk), at=late)
    DraftPage.objects.filter(page="you").update(page="pest", draft=started.draft.pk, item="1")
    try:
        look(started)
    except SealError as fault:
        logging.getLogger("townhall").exception("crashed", exc_info=fault)


@dataclass
class _Poison:
    """A way out that fails with everything it was given in its words."""

    to: str = "x"

    def mail(self) -> _Poison:
        return self

    def to_destination(self, name: str, destination: Destination) -> _Poison:
        return self

    @property
    def sender(self) -> _Poison:
        return self

    def send(self, message: Message, *, key: str, at: datetime) -> None:
        raise ValueError(f"{message.to} {message.subject} {message.body} {message.payload}")


def _dead_letters() -> None:
    """Fail at delivering for 73 hours, until all is dead and people have been told of it."""
    council = Council(
        name="Borough",
        controller=Body(name="Borough"),
        dpo=Body(name="Officer"),
        help=Help(phone="01632 960000"),
        mail_domains=("borough.example",),
        operator_email="operator@borough.example",
        destinations={
            "inbox": Destination(
                kind="webhook", url="https://x.example", recipient="x", purpose="x"
            )
        },
    )
    install(Fittings(lambda: council, _Poison))
    handlers = {"deliver": deliver, "acknowledge": acknowledge, "tell": tell}
    for hours in (0, 1, 2, 73, 74, 75):
        moment = AT + timedelta(hours=hours)
        fittings = OutboxFittings(handlers, clock=lambda at=moment: at, watchers=watchers)
        run_until_idle(fittings)
        raise_alarms(at=moment, watchers=watchers)
    assert Delivery.objects.filter(state=State.DEAD).exists()


def _received(draft: str, at: datetime | None = None) -> str:
    try:
        return receive(uuid.UUID(draft), today=TODAY, at=at or AT).reference
    except Refused as refused:
        return refused.why.value


ACTS: dict[str, Callable[..., object]] = {
    act.__name__: act
    for act in (
        submit_filled,
        purge_later,
        filled_drafts,
        receive_many,
        save_until_received,
        pages_left,
        canary_journey,
    )
}
