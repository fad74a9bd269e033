"""Telling people: a delivery that has failed for an hour or is dead is told of at once and every
day after.

The telling is itself an event (`deliveries.troubled`, delivered to `tell:WATCHER`), so it is tried
as hard as any delivery. A telling that fails raises no alarm of its own; the log has a line for
each alarm.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from townhall.outbox import queries
from townhall.outbox.actions import add
from townhall.outbox.models import OPEN, Alarm, Delivery, State

log = logging.getLogger("townhall.outbox")

PATIENCE = timedelta(hours=1)
AGAIN = timedelta(days=1)
TELL = "tell"


def troubled(at: datetime) -> QuerySet[Delivery]:
    """The deliveries of which someone must be told now, oldest first."""
    found = queries.troubled(failing=at - PATIENCE, told=at - AGAIN)
    failing = Q(state__in=OPEN, failing_since__lte=at - PATIENCE) | Q(state=State.DEAD)
    untold = Q(told_at=None) | Q(told_at__lte=at - AGAIN)
    # Asked again of the rows themselves: another worker may have told of some, or delivered them.
    return Delivery.objects.filter(failing & untold, pk__in=found).order_by("pk")


def raise_alarms(*, at: datetime, watchers: Callable[[str], Iterable[str]]) -> int:
    """Add one event for each watcher with something new to hear. Returns how many deliveries are
    told of.

    `watchers`: subject -> the names of those to tell. Several workers may call this at once: a row
    is told of once, because it is taken and marked in one transaction.
    """
    if not troubled(at).exists():
        return 0
    with transaction.atomic():
        rows = list(troubled(at).select_for_update(skip_locked=True))
        heard: dict[str, list[Delivery]] = defaultdict(list)
        for row in rows:
            for watcher in watchers(row.subject):
                heard[watcher].append(row)
        for watcher, troubles in heard.items():
            _tell(watcher, troubles, at)
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=at)
    return len(rows)


def _tell(watcher: str, troubles: list[Delivery], at: datetime) -> None:
    alarm = Alarm.objects.create(watcher=watcher, at=at)
    alarm.deliveries.set(troubles)
    add("deliveries.troubled", alarm.pk, [f"{TELL}:{watcher}"], at=at)
    told = {"count": len(troubles), "watcher": watcher}
    log.error("deliveries in trouble", extra=told)
