"""How often an address is acknowledged: counted by a keyed mark, so that no address is stored."""

from __future__ import annotations

from datetime import datetime, timedelta

from townhall.submissions import keys
from townhall.submissions.models import Told
from townhall.submissions.sealing import keyed_mark

CAP = 5
WINDOW = timedelta(days=1)
"""Five a day: enough for someone who reports all they see, useless to flood a stranger with."""


def told_already(submission: str) -> bool:
    """Whether this submission was acknowledged, or may have been."""
    return Told.objects.filter(pk=submission).exists()


def is_reached(address: str, *, at: datetime) -> bool:
    """Whether an address has had as many acknowledgements as it may in a day.

    Marks under every key that is still in the environment count, so that changing it resets
    nothing.
    """
    recent = Told.objects.filter(mark__in=_marks(address), at__gt=at - WINDOW)
    return recent.count() >= CAP


def note(submission: str, address: str, *, at: datetime) -> None:
    """Note that a submission was acknowledged to an address, or may have been."""
    Told.objects.bulk_create(
        [Told(submission=submission, mark=_marks(address)[0], at=at)], ignore_conflicts=True
    )


def _marks(address: str) -> list[str]:
    return [keyed_mark(key, _same(address)) for key in keys.address_keys()]


def _same(address: str) -> str:
    """Give one spelling of the addresses that reach one mailbox: any case, and any ``+tag``."""
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
