"""Programs that the tests start and kill: `python -m tests.reliability.programs NAME ARGUMENT…`.

They are the house itself, with its own settings and wiring; only the worker's pace is quicker.
"""

import dataclasses
import json
import signal
import sys
import threading
import uuid
from collections import Counter
from datetime import datetime, timedelta

import django
from django.db import connection, transaction

django.setup()

# ruff: noqa: E402
from townhall.definitions.actions import Candidate, publish
from townhall.definitions.queries import live
from townhall.engine.model import Definition
from townhall.notify.ports import Message
from townhall.notify.senders import LOOPBACK
from townhall.notify.webhook import WebhookSender
from townhall.outbox import actions, claims, fittings, queries, worker
from townhall.outbox.models import Delivery
from townhall.project import clock
from townhall.submissions import drafts
from townhall.submissions.actions import receive
from townhall.submissions.models import Draft, Submission

SERVICE = "tiny"
DESTINATION = "waste-system"
TINY = {
    "townhall": 1,
    "service": SERVICE,
    "title": "Send a note",
    "summary": "One question, so that little stands between a press and a commit.",
    "owner": {"team": "Notes", "email": "notes@borough.example", "review": "2027-04-01"},
    "privacy": {
        "purpose": "To test",
        "basis": "public task",
        "power": "None",
        "retain": {"submitted": "2 years after submitted"},
    },
    "pages": [
        {
            "page": "what",
            "title": "What",
            "questions": [{"id": "note", "ask": "Note", "type": "text", "personal": ["none"]}],
        }
    ],
    "deliver": [{"to": DESTINATION}],
    "confirmation": {"next": "Nothing."},
}
QUICK = worker.Pace(
    threads=2,
    at_once=8,
    lease=timedelta(seconds=3),
    idle=timedelta(milliseconds=20),
    sweep=timedelta(seconds=5),
)


def prefill(count: str) -> None:
    """Publish the service and make drafts that want only the last press. Prints secret and id."""
    made = Definition.model_validate(TINY)
    at = clock.now()
    publish(Candidate(made, text="In plain words."), by="test", at=at)
    found = live(SERVICE, at)
    assert found is not None
    for first in range(0, int(count), 200):
        with transaction.atomic():
            for number in range(first, min(first + 200, int(count))):
                _fill(found.form, number, at)


def _fill(form: object, number: int, at: datetime) -> None:
    started = drafts.begin(form, at=at)  # type: ignore[arg-type]
    opened = drafts.open_draft(started.token, SERVICE, at=at)
    assert opened is not None
    drafts.save_page(opened, "what", {"note": f"note {number}"}, at=at)
    print(started.token, started.draft.pk, number)


def answers(draft: str) -> None:
    """Print what a draft holds that was not sent."""
    opened = drafts.hold_draft(uuid.UUID(draft), at=clock.now())
    assert opened is not None
    print(opened.answers.values)


def receive_one(draft: str) -> None:
    """Receive one draft, as the last press does."""
    at = clock.now()
    print(receive(Draft.objects.get(pk=draft), today=clock.today(), at=at).reference)


def receive_each(*drafts: str) -> None:
    """Receive drafts, one after another."""
    for draft in drafts:
        receive_one(draft)


def work() -> None:
    """Deliver at the quick pace until told to stop."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    house = dataclasses.replace(fittings.installed(), jitter=lambda: 0.0)
    worker.run(house, stop, QUICK)


def pass_through(draft: str) -> None:
    """Take one draft the whole way: receive it, deliver what is due."""
    receive_one(draft)
    pace = dataclasses.replace(QUICK, lease=timedelta(milliseconds=1))
    worker.run_until_idle(fittings.installed(), pace)


def ledger() -> None:
    """Print what is stored: each draft's submissions, and how the deliveries stand."""
    rows = Submission.objects.values_list("draft", "pk", "reference")
    found = {
        "submissions": [[str(draft), str(id), reference] for draft, id, reference in rows],
        "events": Counter(Delivery.objects.values_list("subject", flat=True)),
        "states": Counter(Delivery.objects.values_list("state", flat=True)),
        "backlog": queries.backlog().open,
    }
    print(json.dumps(found))


def backlog() -> None:
    """Print how many deliveries are still to be made."""
    print(queries.backlog().open)


def add_events(count: str) -> None:
    """Add events for one subscriber each, for `flaky`."""
    with transaction.atomic():
        for number in range(int(count)):
            actions.add("test", f"s{number}", ["deliver:far"], at=clock.now())


def claim_many(lines: str, most: str) -> None:
    """Wait for a line, then claim whatever can be claimed, up to so many; print their numbers."""
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(most)):
        held = claims.claim(at=clock.now(), lease=timedelta(hours=1), at_once=10_000)
        if held is None:
            return
        print(lines, held.delivery.pk)


def flaky(url: str, secret: str) -> None:
    """Deliver everything to a receiver that breaks, with a short patience, then stop."""
    sender = WebhookSender(secret, LOOPBACK, plain_http=True, seconds=0.3)

    def deliver(subject: str, argument: str, *, key: str, at: datetime) -> None:
        sender.send(Message(url, payload={"subject": subject}), key=key, at=at)

    house = fittings.Fittings({"deliver": deliver}, clock.now, jitter=lambda: 0.0)
    stop = threading.Event()
    pace = dataclasses.replace(QUICK, threads=6, lease=timedelta(seconds=30))
    threading.Thread(target=worker.run, args=(house, stop, pace)).start()
    while queries.backlog().open:
        stop.wait(0.2)
    stop.set()


def pragmas() -> None:
    """Print the settings on which durability rests, as the house's own connection has them."""
    asked = {
        "sqlite": ["PRAGMA journal_mode", "PRAGMA synchronous"],
        "postgresql": ["SHOW synchronous_commit"],
    }
    with connection.cursor() as cursor:
        print(json.dumps([cursor.execute(one).fetchone()[0] for one in asked[connection.vendor]]))


PROGRAMS = {
    one.__name__: one
    for one in (
        prefill, answers, receive_one, receive_each, work, pass_through, ledger, backlog,
        add_events, claim_many, flaky, pragmas,
    )
}  # fmt: skip

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](*sys.argv[2:])
