"""Every read of submissions that another room may make. Reading answers writes an audit row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db import transaction

from townhall.audit.actions import record
from townhall.audit.queries import history
from townhall.definitions.queries import version_form
from townhall.engine.form import Form
from townhall.engine.submitted import Submitted, load_submitted
from townhall.submissions import keys
from townhall.submissions.actions import Receipt
from townhall.submissions.locks import IDLE
from townhall.submissions.models import Draft, Submission
from townhall.submissions.references import read_reference
from townhall.submissions.sealing import unseal_json
from townhall.submissions.settled import SETTLED
from townhall.submissions.statements import FIND_RECEIVED

MACHINE = "townhall"
"""Who reads a submission in order to deliver it."""


class Purged(LookupError):
    """The submission is no longer kept."""


@dataclass(frozen=True)
class Reading:
    """A submission as read: what was asked, and what was answered."""

    receipt: Receipt
    form: Form
    answers: Submitted = field(repr=False)


@dataclass(frozen=True)
class Sent:
    """What may be shown to the person who has just sent a submission."""

    receipt: Receipt
    row: Submission = field(repr=False)

    @cached_property
    def answers(self) -> Submitted:
        """What they sent, decrypted only where the page says something of it."""
        return _reading(self.row).answers


def receipt(draft: Draft | uuid.UUID) -> Receipt | None:
    """Give the receipt of a draft; None when it has not been received (or is no longer kept).

    Raises OperationalError, as ``confirmation`` does, where it does not come to the disk.
    """
    submission = _received(draft.pk if isinstance(draft, Draft) else draft)
    return None if submission is None else Receipt.of(submission)


def confirmation(draft: Draft, *, at: datetime, idle: timedelta = IDLE) -> Sent | None:
    """Give what the confirmation page shows to the person who has just sent it, again at a refresh.

    It is read with the draft's own secret, so it is the person's own reading and leaves no audit
    row. None when the draft was not received, or its idle time has ended: someone else may sit
    there now.
    """
    submission = _received(draft.pk)
    if submission is None or at >= submission.received_at + idle:
        return None
    return Sent(Receipt.of(submission), submission)


def _received(draft: uuid.UUID) -> Submission | None:
    submission = FIND_RECEIVED.first(draft)
    if submission is not None:
        SETTLED.make_sure(submission.pk)
        submission.draft = draft
    return submission


@transaction.atomic
def read_answers(submission: uuid.UUID | str, *, by: str, reason: str, at: datetime) -> Reading:
    """Read one submission for someone with a reason; the audit row is committed with the reading.

    Raises Purged when it is no longer kept, and SealError when it cannot be opened.
    """
    row = _kept(submission)
    reading = _reading(row)
    record("read", which=str(row.pk), who=by, at=at, reason=reason)
    return reading


def read_for_delivery(submission: uuid.UUID) -> Reading:
    """Read one submission for the machine that delivers it. Raises as ``read_answers`` does.

    Reading discloses nothing yet: call ``disclosing`` just before anything is sent.
    """
    return _reading(_kept(submission))


def disclosing(submission: uuid.UUID, *, reason: str, at: datetime) -> None:
    """Audit that a submission is about to be sent to someone; the tries after that add no row.

    It is written before sending, as a far end that breaks off may have taken it all the same.
    """
    if not history(str(submission)).filter(what="disclose", reason=reason).exists():
        record("disclose", which=str(submission), who=MACHINE, at=at, reason=reason)


def service_of(submission: str) -> str | None:
    """Give the service of a submission; None when there is none of that id."""
    try:
        id = uuid.UUID(submission)
    except ValueError:
        return None
    return Submission.objects.filter(pk=id).values_list("service", flat=True).first()


def id_of(typed: str) -> str | None:
    """Give the id of the submission with a reference as a person has it; None when there is none.

    No answer is read, so no audit row is written.
    """
    found = Submission.objects.filter(reference=read_reference(typed)).first()
    return None if found is None else str(found.pk)


def references(subjects: Sequence[str]) -> Mapping[str, str]:
    """Give the references of submissions by their ids: for lists of deliveries, without answers."""
    rows = Submission.objects.filter(pk__in=subjects).values_list("pk", "reference")
    return {str(id): reference for id, reference in rows}


def begun_on() -> list[Form]:
    """Give each version that somebody has begun and not sent."""
    begun = Draft.objects.filter(submission=None).order_by().values_list("version", flat=True)
    return [version_form(hash) for hash in sorted(begun.distinct())]


def received_count(service: str) -> int:
    """Count a service's submissions that are still kept."""
    return Submission.objects.filter(service=service).count()


def open_reading(row: Submission) -> Reading:
    """Decrypt one row for a caller that has written the audit row itself (export)."""
    return _reading(row)


def _kept(submission: uuid.UUID | str) -> Submission:
    row = Submission.objects.filter(pk=submission).first()
    if row is None or not row.wrapped_key:
        raise Purged(str(submission))
    return row


def _reading(row: Submission) -> Reading:
    form = version_form(row.version_id)
    key = keys.ring().unwrap(row.wrapped, row.place)
    stored = unseal_json(key, bytes(row.sealed), row.place)
    if not isinstance(stored, dict):
        raise TypeError("a sealed submission holds a mapping")
    return Reading(Receipt.of(row), form, load_submitted(form, stored))
