"""Which submissions an event may be noted of, from which their keeping counts; and what follows."""

from __future__ import annotations

from datetime import date, datetime, time

from townhall.definitions.queries import version_form
from townhall.engine.form import Form
from townhall.engine.model import NOTED
from townhall.retention.keepers import CannotNote, Happened, Noted
from townhall.retention.periods import counts_from, read_due
from townhall.submissions.messages import LONDON
from townhall.submissions.models import Milestone, Submission
from townhall.submissions.references import read_reference


def kept_for(form: Form) -> str | None:
    """Give the rule by which what is submitted is kept; None where a version has none."""
    return form.definition.privacy.retain.submitted if form.definition.privacy else None


def named(happened: Happened) -> list[Submission]:
    """Find the submissions by their references, and hold them; CannotNote unless it fits each."""
    rows: dict[str, Submission] = {}
    refused = []
    for label in happened.labels:
        reference = read_reference(label) or ""
        # Held, so that a retention run does not destroy it between this and the commit.
        row = Submission.objects.select_for_update().filter(reference=reference).first()
        why = "no submission has this reference" if row is None else _unfit(row, happened)
        if why:
            refused.append(f"{label}: {why}")
        elif row is not None:
            rows[reference] = row
    if refused:
        raise CannotNote("\n".join(refused))
    return list(rows.values())


def _unfit(row: Submission, happened: Happened) -> str:
    """Say why an event cannot be noted of a submission; "" where it can."""
    rule = kept_for(version_form(row.version_id)) or "for ever"
    if happened.event not in NOTED or counts_from(rule) != happened.event:
        return f"it is kept {rule}, which {happened.event} changes nothing of"
    received = row.received_at.astimezone(LONDON).date()
    if happened.on < received:
        return f"it was received on {received}, after {happened.on}"
    stands = Milestone.objects.filter(submission=row, event=happened.event).first()
    noted = stands.at.astimezone(LONDON).date() if stands else happened.on
    return "" if noted == happened.on else f"{happened.event} on {noted} is noted, and stands"


def as_noted(row: Submission, happened: Happened) -> Noted:
    """Give how an event stands for a submission once it is noted; ``new`` where it is not yet."""
    rule = kept_for(version_form(row.version_id)) or ""
    known = Milestone.objects.filter(submission=row, event=happened.event).exists()
    due = read_due(rule, {happened.event: noon(happened.on)})
    return Noted(row.reference, happened.on, not known, due)


def noon(day: date) -> datetime:
    """Give the instant that stands for a day: no change of the clocks puts it into another."""
    return datetime.combine(day, time(12), LONDON)
