"""Receiving: the one moment at which a draft becomes a submission; and noting what follows."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError

from townhall.audit.actions import record
from townhall.definitions import queries as definitions
from townhall.definitions.actions import take_place
from townhall.definitions.queries import Standing
from townhall.engine.form import Form
from townhall.engine.problems import Problem
from townhall.engine.route import Route, Step
from townhall.engine.submitted import dump_submitted, prune, recipients
from townhall.outbox.actions import add
from townhall.outbox.crashpoints import crashpoint
from townhall.retention.keepers import CannotNote, Happened, Noted
from townhall.store.ids import new_id
from townhall.store.transactions import AllOrNothing
from townhall.submissions import keys, remembered
from townhall.submissions.drafts import hold_draft, open_draft
from townhall.submissions.locks import IDLE, OPEN
from townhall.submissions.messages import LONDON
from townhall.submissions.models import Draft, Milestone, Submission
from townhall.submissions.noting import as_noted, named, noon
from townhall.submissions.opened import Opened
from townhall.submissions.references import new_reference
from townhall.submissions.sealing import place, seal_json
from townhall.submissions.settled import SETTLED
from townhall.submissions.statements import RECEIVE

GRACE = timedelta(hours=1)
"""How long after a service closes someone who had begun may still send."""

RESIDENT = "resident"
_ATTEMPTS = 3


class Receipt(NamedTuple):
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
    version is unsafe (``reason``). GONE: the draft was cleared, or its keeping has ended. CHANGED:
    it holds other answers than the sender was shown.
    """

    INCOMPLETE = "incomplete"
    EXIT = "exit"
    LOCKED = "locked"
    CLOSED = "closed"
    FULL = "full"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    GONE = "gone"
    CHANGED = "changed"


class Sender(NamedTuple):
    """A browser that sends its draft of a service: what its cookie holds.

    ``seen`` is the state of the answers that it was shown (``Contents.state``), "" if unknown.
    """

    token: str
    service: str
    seen: str = ""


Choose = Callable[[Form], str]
"""Gives the language of a submission, of those that its form offers."""


class _Moment(NamedTuple):
    today: date
    at: datetime
    language: Choose
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


def _english(_: Form) -> str:
    """Choose English, which every form offers."""
    return "en"


def receive(
    draft: Draft | uuid.UUID | Sender,
    *,
    today: date,
    at: datetime,
    language: Choose = _english,
    idle: timedelta = IDLE,
) -> Receipt:
    """Receive a draft: everything in one transaction, or nothing.

    Proves the whole route again with its own ``today`` (London), counts it against the limit, seals
    the answers on the route under a key of their own, writes the audit row and the outbox rows, and
    destroys the draft's key and pages. A draft that was received gives the first receipt again,
    however often and however many at once. Raises Refused, and SealError when it cannot be read.
    """
    sent = draft.pk if isinstance(draft, Draft) else draft
    moment = _Moment(today, at, language, idle)
    for _ in range(_ATTEMPTS - 1):
        try:
            return _receive(sent, moment)
        except IntegrityError:
            # The draft's unique constraint has no other way here than two references that are one.
            continue
    return _receive(sent, moment)


def note_milestone(submission: uuid.UUID, event: str, *, at: datetime) -> None:
    """Note an event from which a submission's keeping may be counted; the first one stands."""
    Milestone.objects.bulk_create(
        [Milestone(submission_id=submission, event=event, at=at)], ignore_conflicts=True
    )


def note_event(happened: Happened, *, by: str, reason: str, at: datetime) -> tuple[Noted, ...]:
    """Note for a person that an event happened to submissions: to all that are named, or to none.

    Noted again it stands as it was, and nothing is written. Raises CannotNote with a line for each
    that it cannot be noted of, and ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a reason is needed")
    if happened.on > at.astimezone(LONDON).date():
        raise CannotNote(f"{happened.on} is still to come: note it once it has happened")
    with AllOrNothing():
        noted = {row: as_noted(row, happened) for row in named(happened)}
        new = [row for row, one in noted.items() if one.new]
        for row in new:
            note_milestone(row.pk, happened.event, at=noon(happened.on))
        detail = {"event": happened.event, "on": happened.on.isoformat()}
        for row in new:
            record("event.noted", which=str(row.pk), who=by, at=at, reason=reason, detail=detail)
    return tuple(noted.values())


def _receive(sent: uuid.UUID | Sender, moment: _Moment) -> Receipt:
    with AllOrNothing():
        receipt = _receive_once(sent, moment)
        crashpoint("receive.before_commit")
    SETTLED.note(receipt.submission)
    crashpoint("receive.committed")
    return receipt


def _receive_once(sent: uuid.UUID | Sender, moment: _Moment) -> Receipt:
    opened = _held(sent, moment)
    draft = opened.draft
    if draft.submission_id is not None:
        return Receipt.of(Submission.objects.get(pk=draft.submission_id))
    if opened.lock is not OPEN:
        raise Refused(Why.LOCKED)
    route = opened.route(moment.today)
    taken = take_place(draft.service, draft.version_id, opened.stands)
    _refuse_shut(taken or definitions.standing(draft.service, draft.version_id), moment.at)
    _refuse_unproven(route)
    _refuse_unseen(sent, opened)
    if taken is None:
        raise Refused(Why.FULL)
    receipt = _keep(opened, route, moment)
    deliveries = recipients(opened.form, route.scope, today=moment.today)
    subscribers = [f"deliver:{one.to}" for one in deliveries]
    if opened.form.definition.acknowledge is not None:
        subscribers.append("acknowledge")
    submission = str(receipt.submission)
    add("received", submission, subscribers, at=moment.at)
    # Last: it holds the head of the audit's chain until the commit.
    record("receive", which=submission, who=RESIDENT, at=moment.at)
    return receipt


def _held(sent: uuid.UUID | Sender, moment: _Moment) -> Opened:
    at, idle = moment.at, moment.idle
    if isinstance(sent, Sender):
        opened = open_draft(sent.token, sent.service, at=at, idle=idle, hold=True)
    else:
        opened = hold_draft(sent, at=at, idle=idle)
    if opened is None:
        raise Refused(Why.GONE)
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


def _refuse_unseen(sent: uuid.UUID | Sender, opened: Opened) -> None:
    """Refuse answers that are not those which the person was shown and asked to check."""
    seen = sent.seen if isinstance(sent, Sender) else ""
    if seen and opened.contents is not None and seen != opened.contents.state:
        raise Refused(Why.CHANGED)


def _keep(opened: Opened, route: Route, moment: _Moment) -> Receipt:
    """Keep what stands on the route, sealed; no key and no page is left of the draft."""
    form, draft = opened.form, opened.draft
    receipt = Receipt(
        submission=new_id(),
        reference=new_reference(secrets.randbelow, test=settings.REHEARSAL),
        service=draft.service,
        version=draft.version_id,
        language=moment.language(form),
        at=moment.at,
    )
    id, reference, service, version, language, at = receipt
    within = place(Submission.kind, str(id), version, reference)
    key, wrapped = keys.ring().new_data_key(within)
    sealed = seal_json(key, dump_submitted(form, prune(form, route)), within)
    RECEIVE.run(
        *(id, reference, draft.id, service, version),
        *(language, at, wrapped.key_id, wrapped.sealed, sealed),
    )
    remembered.MEMORY.forget(draft.secret_hash)
    return receipt
