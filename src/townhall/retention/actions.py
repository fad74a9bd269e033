"""The retention run: destroys what is due, and names who has to act where it may not."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from townhall.retention.erase import scrub
from townhall.retention.keepers import Due, Keeper, MayNotYet
from townhall.retention.models import LastRun, Overdue, Purged


@dataclass(frozen=True)
class Outcome:
    """What one run did; ``scrubbed`` is False where old bytes may still stand in the database file
    because someone was reading; the next run tries again.
    """

    purged: int
    overdue: int
    scrubbed: bool


def run(keepers: Sequence[Keeper], *, at: datetime) -> Outcome:
    """Destroy everything whose keeping ended by ``at``, each record in its own transactions.

    A record's key is destroyed and committed before anything else of it is deleted, so that nothing
    readable is left however the run ends. Running again, or two at once, does no harm.
    """
    purged = overdue = 0
    for keeper in keepers:
        for due in keeper.due(at):
            try:
                keeper.destroy_key(due)
            except MayNotYet as refused:
                _note_overdue(due, str(refused), at)
                overdue += 1
            else:
                purged += _delete(keeper, due, at)
    outcome = Outcome(purged, overdue, scrub())
    LastRun.objects.update_or_create(pk=1, defaults={"at": at} | asdict(outcome))
    return outcome


def _delete(keeper: Keeper, due: Due, at: datetime) -> bool:
    """Delete one record and say so, together; False where another run was quicker."""
    with transaction.atomic():
        if not keeper.delete(due):
            return False
        Overdue.objects.filter(pk=due.subject).delete()
        Purged.objects.create(
            what=due.what,
            subject=due.subject,
            label=due.label,
            service=due.service,
            rule=due.rule,
            due_at=due.at,
            at=at,
        )
    return True


def _note_overdue(due: Due, why: str, at: datetime) -> None:
    """Note it once: the item keeps the day on which it was found."""
    item = Overdue(
        subject=due.subject,
        what=due.what,
        label=due.label,
        service=due.service,
        rule=due.rule,
        due_at=due.at,
        found_at=at,
        why=why,
        owner=due.owner,
        owner_email=due.owner_email,
    )
    Overdue.objects.bulk_create([item], ignore_conflicts=True)
