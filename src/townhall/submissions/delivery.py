"""What the outbox calls: takes a submission to a destination, and tells residents and owners.

Each is called with no transaction held and may be called again with the same key; see
outbox/fittings.py for the contract.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import get_args
from urllib.parse import urlsplit

from townhall.definitions import queries as definitions
from townhall.engine.council import Council, Destination
from townhall.engine.question import PersonalClass
from townhall.notify.addresses import host_is_allowed, mail_is_allowed
from townhall.notify.ports import Message
from townhall.outbox import queries as outbox
from townhall.outbox.errors import GiveUp, TryAgain, Uncertain
from townhall.submissions import caps, queries
from townhall.submissions.fittings import installed
from townhall.submissions.messages import (
    acknowledgement_text,
    held_back,
    submission_text,
    trouble_text,
)
from townhall.submissions.queries import Purged, Reading
from townhall.submissions.schema import body_of
from townhall.submissions.sealing import SealError

OPERATOR = "operator"
OWNER = "owner-"
OWN = "To deal with what was sent"


def deliver(subject: str, argument: str, *, key: str, at: datetime) -> None:
    """Take a submission to the destination named ``argument``, within what that may hold."""
    plugs = installed()
    destination = _destination(plugs.council(), argument)
    reading = _read(subject)
    outlet = plugs.senders().to_destination(argument, destination)
    leave_out = held_back(reading.form, destination.classes)
    message = _message(reading, destination, outlet.to, leave_out)
    queries.disclosing(uuid.UUID(subject), reason=f"deliver to {argument}", at=at)
    outlet.sender.send(message, key=key, at=at)


def acknowledge(subject: str, argument: str, *, key: str, at: datetime) -> None:
    """Tell the resident that it was received: once, and no address more often than the cap.

    One that may have arrived counts as sent: a receipt too few is better than one with every try,
    to an address that may be a stranger's.
    """
    plugs = installed()
    council = plugs.council()
    if not council.acknowledgements or caps.told_already(subject):
        return
    reading = _read(subject)
    address = _resident(reading)
    if address is None or caps.is_reached(address, at=at):
        return
    receipt = reading.receipt
    subject_line, words = acknowledgement_text(
        reading.form.definition, council, reference=receipt.reference, at=receipt.at
    )
    sender = plugs.senders().mail()
    queries.disclosing(uuid.UUID(subject), reason="acknowledge", at=at)
    try:
        sender.send(Message(address, subject_line, words), key=key, at=at)
    except Uncertain:
        # It is tried again all the same, so that the time-out is counted; that try finds this note.
        caps.note(subject, address, at=at)
        raise
    caps.note(subject, address, at=at)


def tell(subject: str, argument: str, *, key: str, at: datetime) -> None:
    """Tell an owner or the operator of deliveries in trouble; ``subject`` is an alarm's id."""
    rows = outbox.in_trouble(subject)
    address = _watcher(argument)
    if not rows or address is None:
        return
    references = queries.references([row.subject for row in rows])
    words = trouble_text(
        (references.get(row.subject, ""), row.subscriber, row.error_class, row.since or row.at)
        for row in rows
    )
    installed().senders().mail().send(Message(address, *words), key=key, at=at)


def watchers(subject: str) -> tuple[str, ...]:
    """Give the names of those to tell of trouble with a submission: its service's owner too."""
    service = queries.service_of(subject)
    return (OPERATOR, f"{OWNER}{service}") if service else (OPERATOR,)


def _destination(council: Council, name: str) -> Destination:
    """Find a registered destination, or one that the operator's lists allow by its address."""
    known = council.destinations.get(name)
    if known is not None:
        return known
    whole = {"recipient": name, "purpose": OWN, "classes": get_args(PersonalClass)}
    if mail_is_allowed(name, council.mail_domains):
        return Destination.model_validate({"kind": "email", "address": name, **whole})
    if host_is_allowed(_host(name), council.hosts):
        return Destination.model_validate({"kind": "webhook", "url": name, **whole})
    raise TryAgain("unknown_destination")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _resident(reading: Reading) -> str | None:
    """Give the address that the definition says to acknowledge to, where one was given."""
    given = reading.form.definition.acknowledge
    address = reading.answers.values.get(given.to) if given else None
    return address if isinstance(address, str) else None


def _watcher(name: str) -> str | None:
    """Give a watcher's address: the operator's, or that of a service's owner as it is now."""
    if name == OPERATOR:
        return installed().council().operator_email
    owner = definitions.owner_of(name.removeprefix(OWNER))
    return owner.email if owner else None


def _read(subject: str) -> Reading:
    try:
        return queries.read_for_delivery(uuid.UUID(subject))
    except Purged:
        raise GiveUp("purged") from None
    except SealError:
        raise TryAgain("cannot_open") from None


def _message(reading: Reading, destination: Destination, to: str, leave_out: set[str]) -> Message:
    receipt = reading.receipt
    title = reading.form.definition.title
    if destination.kind == "webhook":
        return Message(to, payload=_payload(reading, leave_out))
    words = submission_text(
        reading.form,
        reading.answers,
        reference=receipt.reference,
        at=receipt.at,
        leave_out=leave_out,
    )
    return Message(to, f"{title}: {receipt.reference}", words)


def _payload(reading: Reading, leave_out: set[str]) -> Mapping[str, object]:
    receipt = reading.receipt
    return body_of(
        reading.form,
        reading.answers,
        reference=receipt.reference,
        received_at=receipt.at,
        language=receipt.language,
        leave_out=leave_out,
    )
