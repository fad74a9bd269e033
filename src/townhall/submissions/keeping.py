"""How long drafts and submissions are kept, and how one is destroyed: retention's keepers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce, Greatest

from townhall.definitions.queries import version_form
from townhall.engine.form import Form
from townhall.engine.model import NOTED
from townhall.outbox.actions import StillUndelivered, forget
from townhall.retention.keepers import Due, Keeper, MayNotYet, Waiting
from townhall.retention.periods import counts_from, read_due
from townhall.submissions import drafts, unfinished
from townhall.submissions.actions import note_event
from townhall.submissions.models import Draft, Milestone, Submission, Told
from townhall.submissions.noting import kept_for

DRAFT = "draft"
SUBMISSION = "submission"


def due_drafts(at: datetime) -> Iterator[Due]:
    """Give the unfinished drafts whose keeping has ended by their own version's rule."""
    for form in _forms(Draft):
        saved = Greatest("active_at", Coalesce(Max("pages__saved_at"), "active_at"))
        mine = Draft.objects.filter(version=form.version, submission=None)
        for id, started, last in mine.annotate(last=saved).values_list("pk", "started_at", "last"):
            due = unfinished.due_at(form, started=started, last_saved=last)
            if due is not None and at >= due:
                rule = unfinished.rule_of(form)
                yield Due(DRAFT, str(id), form.definition.service, rule, due)


def due_submissions(at: datetime) -> Iterator[Due]:
    """Give the submissions whose keeping has ended by their own version's rule.

    A rule that counts from an event (``closed``, ``visit``) which has not happened keeps its own.
    """
    for form in _forms(Submission):
        rule = kept_for(form)
        if rule is not None:
            yield from _due_of(form, rule, at)


def waiting_submissions(at: datetime) -> Iterator[Waiting]:
    """Count the submissions that wait for an event, of each version whose rule has one.

    Only those received so long ago that they would be due, had it happened on that day.
    """
    for form in _forms(Submission):
        rule = kept_for(form)
        event = counts_from(rule) if rule else None
        if rule and event in NOTED:
            noted = Milestone.objects.filter(event=event).values("submission")
            mine = Submission.objects.filter(version=form.version).exclude(pk__in=noted)
            received = mine.values_list("received_at", flat=True)
            ends = [read_due(rule, {event: when}) for when in received]
            if count := sum(end is not None and at >= end for end in ends):
                yield Waiting(form.definition.service, rule, event, count)


def destroy_draft_key(due: Due) -> None:
    """Make a draft unreadable."""
    Draft.objects.filter(pk=due.subject, submission=None).update(wrapped_key=b"")


def delete_draft(due: Due) -> bool:
    """Take away a draft and its pages."""
    return drafts.forget([due.subject]) > 0


@transaction.atomic
def destroy_submission_key(due: Due) -> None:
    """Make a submission unreadable and take its deliveries away; MayNotYet while one is open."""
    try:
        forget(due.subject)
    except StillUndelivered:
        raise MayNotYet("something of it has not been delivered") from None
    Submission.objects.filter(pk=due.subject).update(wrapped_key=b"")


def delete_submission(due: Due) -> bool:
    """Take away a submission, its draft's header, its milestones and that it was acknowledged."""
    Told.objects.filter(pk=due.subject).delete()
    Draft.objects.filter(submission__pk=due.subject).delete()
    Milestone.objects.filter(submission__pk=due.subject).delete()
    return Submission.objects.filter(pk=due.subject).delete()[0] > 0


KEEPERS = (
    Keeper(due_drafts, destroy_draft_key, delete_draft),
    Keeper(
        due_submissions,
        destroy_submission_key,
        delete_submission,
        note=note_event,
        waiting=waiting_submissions,
    ),
)


def _forms(model: type[Draft] | type[Submission]) -> list[Form]:
    """Give every version that a draft or a submission is of."""
    hashes = model.objects.order_by().values_list("version", flat=True).distinct()
    return [version_form(hash) for hash in sorted(hashes)]


def _due_of(form: Form, rule: str, at: datetime) -> Iterator[Due]:
    mine = Submission.objects.filter(version=form.version)
    events: dict[str, dict[str, datetime]] = {}
    happened = Milestone.objects.filter(submission__version=form.version)
    for id, event, when in happened.values_list("submission", "event", "at"):
        events.setdefault(str(id), {})[event] = when
    owner = form.definition.owner
    for id, reference, received in mine.values_list("pk", "reference", "received_at"):
        due = read_due(rule, {"submitted": received, **events.get(str(id), {})})
        if due is not None and at >= due:
            yield Due(
                SUBMISSION,
                str(id),
                form.definition.service,
                rule,
                due,
                label=reference,
                owner=owner.team if owner else "",
                owner_email=owner.email if owner else "",
            )
