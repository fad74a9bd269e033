"""Receiving: the one moment at which a draft becomes a submission."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, transaction

from townhall.audit.actions import record
from townhall.definitions import queries as definitions
from townhall.definitions.actions import take_place
from townhall.definitions.queries import Standing
from townhall.engine.problems import Problem
from townhall.engine.route import Route, Step, walk
from townhall.engine.submitted import dump_submitted, prune, recipients
from townhall.outbox.actions import add
from townhall.outbox.crashpoints import crashpoint
from townhall.submissions import keys, remembered
from townhall.submissions.drafts import Opened, read_draft
from townhall.submissions.locks import IDLE, Lock
from townhall.submissions.models import Draft, Milestone, Submission
from townhall.submissions.references import new_reference
from townhall.submissions.sealing import seal_json
from townhall.submissions.statements import ADD_SUBMISSION, CLOSE_DRAFT, DROP_PAGES, HOLD_DRAFT

GRACE = timedelta(hours=1)
"""How long after a service closes someone who had begun may still send."""

RESIDENT = "resident"
_ATTEMPTS = 3


@dataclass(frozen=True)
class Receipt:
    """What a person keeps: the reference as printed, and when it was received."""

    submission: uuid.UUID
    reference: str
    service: str
    version: str
    language: str
    at: datetime

    @classmethod
    def of(cls, submission: Submission) -> Receipt:
        """Give the receipt of a submission."""
        return cls(
            submission=submission.pk,
            reference=submission.reference,
            service=submission.service,
            version=submission.version_id,
            language=submission.language,
            at=submission.received_at,
        )


class Why(StrEnum):
    """Why a draft was not received. Everything in it is kept, whatever the reason.

    INCOMPLETE: a page on the route is not done or no longer holds (``step``, ``problems``). EXIT:
    the route ends on an exit page (``step``). LOCKED: idle time ended: an answer comes first.
    CLOSED, FULL: the service takes no more. WITHDRAWN: it is not there at all. STOPPED: this
    version is unsafe (``reason``). GONE: the draft was cleared, or its keeping has ended.
    """

    INCOMPLETE = "incomplete"
    EXIT = "exit"
    LOCKED = "locked"
    CLOSED = "closed"
    FULL = "full"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    GONE = "gone"


@dataclass(frozen=True)
class _Moment:
    today: date
    at: datetime
    language: str
    idle: timedelta


class Refused(Exception):
    """A draft was not received; its message is the reason's name and nothing a person typed."""

    def __init__(
        self,
        why: Why,
        *,
        step: Step | None = None,
        problems: tuple[Problem, ...] = (),
        reason: str = "",
    ) -> None:
        """Say why, and where the person goes on."""
        super().__init__(why.value)
        self.why = why
        self.step = step
        self.problems = problems
        self.reason = reason


def receive(
    draft: Draft | uuid.UUID,
    *,
    today: date,
    at: datetime,
    language: str = "en",
    idle: timedelta = IDLE,
) -> Receipt:
    """Receive a draft: everything in one transaction, or nothing.

    Proves the whole route again with its own ``today`` (London), counts it against the limit, seals
    the answers on the route under a key of their own, writes the audit row and the outbox rows, and
    destroys the draft's key and pages. A draft that was received gives the first receipt again,
    however often and however many at once. Raises Refused.
    """
    id = draft.pk if isinstance(draft, Draft) else draft
    moment = _Moment(today, at, language, idle)
    for _ in range(_ATTEMPTS - 1):
        try:
            return _receive(id, moment)
        except IntegrityError:
            # The draft's unique constraint has no other way here than two references that are one.
            continue
    return _receive(id, moment)


def note_milestone(submission: uuid.UUID, event: str, *, at: datetime) -> None:
    """Note an event from which a submission's keeping may be counted; the first one stands."""
    Milestone.objects.bulk_create(
        [Milestone(submission_id=submission, event=event, at=at)], ignore_conflicts=True
    )


def _receive(id: uuid.UUID, moment: _Moment) -> Receipt:
    with transaction.atomic():
        receipt = _receive_once(id, moment)
        crashpoint("receive.before_commit")
    crashpoint("receive.committed")
    return receipt


def _receive_once(id: uuid.UUID, moment: _Moment) -> Receipt:
    draft = HOLD_DRAFT.first(id)
    if draft is None:
        raise Refused(Why.GONE)
    if draft.submission_id is not None:
        return Receipt.of(Submission.objects.get(pk=draft.submission_id))
    opened = _openly(draft, moment)
    route = walk(opened.form, opened.answers, today=moment.today)
    taken = take_place(draft.service, draft.version_id)
    _refuse_shut(taken or definitions.standing(draft.service, draft.version_id), moment.at)
    _refuse_unproven(route)
    if taken is None:
        raise Refused(Why.FULL)
    submission = _seal(opened, route, moment)
    _close(draft, submission)
    deliveries = recipients(opened.form, route.scope, today=moment.today)
    subscribers = [f"deliver:{one.to}" for one in deliveries]
    if opened.form.definition.acknowledge is not None:
        subscribers.append("acknowledge")
    add("received", submission.pk, subscribers, at=moment.at)
    # Last: it holds the head of the audit's chain until the commit.
    record("receive", which=str(submission.pk), who=RESIDENT, at=moment.at)
    return Receipt.of(submission)


def _openly(draft: Draft, moment: _Moment) -> Opened:
    opened = read_draft(draft, at=moment.at, idle=moment.idle)
    if opened is None:
        raise Refused(Why.GONE)
    if opened.lock is not Lock.OPEN:
        raise Refused(Why.LOCKED)
    return opened


def _refuse_shut(standing: Standing | None, at: datetime) -> None:
    """Refuse what the service no longer takes; who had begun in time has an hour of grace."""
    if standing is None:
        raise Refused(Why.WITHDRAWN)
    if standing.stop is not None:
        raise Refused(Why.STOPPED, reason=standing.stop)
    if standing.closed(at) and standing.closed(at - GRACE):
        raise Refused(Why.CLOSED)


def _refuse_unproven(route: Route) -> None:
    if route.exit is not None:
        raise Refused(Why.EXIT, step=Step(route.exit.page))
    if route.stop is not None:
        raise Refused(Why.INCOMPLETE, step=route.stop, problems=route.problems)


def _seal(opened: Opened, route: Route, moment: _Moment) -> Submission:
    submission = Submission(
        id=uuid.uuid4(),
        reference=new_reference(secrets.randbelow, test=settings.REHEARSAL),
        draft=opened.draft.pk,
        service=opened.draft.service,
        version_id=opened.draft.version_id,
        language=moment.language,
        received_at=moment.at,
    )
    key, wrapped = keys.ring().new_data_key(submission.place)
    submission.key_id, submission.wrapped_key = wrapped.key_id, wrapped.sealed
    answers = dump_submitted(opened.form, prune(opened.form, route))
    submission.sealed = seal_json(key, answers, submission.place)
    ADD_SUBMISSION.add(submission)
    return submission


def _close(draft: Draft, submission: Submission) -> None:
    """Leave the header, so that a second POST and a refresh find the receipt; no key, no page."""
    CLOSE_DRAFT.run(submission.pk, b"", draft.pk)
    DROP_PAGES.run(draft.pk)
    remembered.MEMORY.forget(draft.secret_hash)
