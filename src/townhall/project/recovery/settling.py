"""What is done to records that come back, before anybody meets them."""

from dataclasses import dataclass
from datetime import datetime

from django.core.management import call_command

from townhall.audit.actions import record
from townhall.outbox import actions as outbox
from townhall.outbox import queries
from townhall.project.recovery.manifest import Manifest
from townhall.project.recovery.refusals import Refused
from townhall.retention import actions as retention
from townhall.retention import keepers
from townhall.submissions import openable
from townhall.submissions.models import Draft, Submission


@dataclass(frozen=True)
class Settled:
    """Counts of what came back, and of what was done to it."""

    submissions: int
    drafts: int
    undelivered: int
    purged: int
    overdue: int


def settle(said: Manifest, *, by: str, at: datetime) -> Settled:
    """Bring the tables up to date, free what was being delivered, and destroy what is due.

    What was destroyed after the backup was taken is in it: its keeping ended by the same rules, so
    the same run destroys it again. Raises Refused where a key of ours does not open what it should.
    """
    call_command("migrate", interactive=False, verbosity=0)
    if missing := openable.look().useless:
        raise Refused(
            "key-missing",
            f"the key that TOWNHALL_KEYS holds as “{missing[0]}” is not the one that sealed the "
            "answers in this backup. Find the one that did.",
        )
    outbox.release_all(by=by, at=at)
    done = retention.run(keepers.installed(), at=at)
    record(
        "records.restored",
        which="records",
        who=by,
        at=at,
        detail={"taken_at": said.taken_at.isoformat(), "townhall": said.townhall},
    )
    backlog = queries.backlog()
    return Settled(
        submissions=Submission.objects.count(),
        drafts=Draft.objects.filter(submission=None).count(),
        undelivered=backlog.open + backlog.dead,
        purged=done.purged,
        overdue=done.overdue,
    )
