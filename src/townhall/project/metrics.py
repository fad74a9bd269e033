"""`/metrics` in Prometheus's text form: what the processes counted, and how the records stand.

Only this machine, the networks of TOWNHALL_METRICS_ALLOW, and whoever sends TOWNHALL_METRICS_TOKEN
may read it. To anyone else the address is one that nothing stands at.
"""

import hmac
import platform
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from townhall.outbox import queries as outbox
from townhall.outbox.fittings import called
from townhall.outbox.models import State
from townhall.project import clock, counts
from townhall.project.identity import release
from townhall.retention import queries as retention

# A request that came through a proxy carries one of these, however near the proxy itself is.
FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)
# A worker says that it lives every 20 seconds (outbox.worker.Pace.sweep).
FRESH = timedelta(minutes=2)


def metrics(request: HttpRequest) -> HttpResponse | None:
    """Answer whoever may read them; None to anyone else, for whom there is nothing here."""
    if request.method not in ("GET", "HEAD") or not may_read(request):
        return None
    return HttpResponse(written(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_read(request: HttpRequest) -> bool:
    """Whether a request comes from a network that may, by no proxy, or carries the token."""
    token: str = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return True
    if any(name in request.META for name in FORWARDED):
        return False
    return _is_near(str(request.META.get("REMOTE_ADDR", "")))


def _is_near(given: str) -> bool:
    try:
        address = ip_address(given)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return any(address in network for network in settings.METRICS_ALLOW)


def written() -> bytes:
    """Give all of them as text."""
    records = CollectorRegistry()
    records.register(_Records(clock.now()))
    return generate_latest(counts.gathered()) + generate_latest(records)


class _Records(Collector):
    """What the database knows: the same on every machine, so alert on `max`, not on `sum`."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def describe(self) -> Iterable[Metric]:
        """Say nothing beforehand: the database is asked when it is read, and once."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Ask the database; where it does not answer, say that and no more."""
        try:
            found = list(_standing(self._at))
        except Error:
            found = []
        up = _gauge("townhall_database_up", "Whether the database answers.", bool(found))
        return [_build(), up, *found]


def _standing(at: datetime) -> Iterable[Metric]:
    backlog = outbox.backlog()
    yield _depth()
    yield _gauge("townhall_dead_letters", "Deliveries that a person must act on.", backlog.dead)
    waited = (at - backlog.oldest).total_seconds() if backlog.oldest else 0
    words = "Age of the oldest event that is still being delivered."
    yield _gauge("townhall_oldest_undelivered_seconds", words, max(0, waited))
    workers = outbox.workers()
    alive = sum(at - worker.at < FRESH for worker in workers)
    yield _gauge("townhall_workers", "Workers heard from in the last two minutes.", alive)
    heard = workers[0].at.timestamp() if workers else 0
    words = "When a worker was last heard from; 0 for never."
    yield _gauge("townhall_worker_heartbeat_timestamp_seconds", words, heard)
    ran = retention.last_run()
    words = "When retention last ran to its end; 0 for never."
    yield _gauge(
        "townhall_retention_last_run_timestamp_seconds", words, ran.timestamp() if ran else 0
    )
    words = "Records due to be destroyed that wait for somebody to act."
    yield _gauge("townhall_retention_overdue", words, retention.overdue())


def _depth() -> Metric:
    depth: dict[tuple[str, str], int] = {}
    for (subscriber, state), number in outbox.depth().items():
        label = counts.destination(called(subscriber)), str(State(state).value)
        depth[label] = depth.get(label, 0) + number
    words = "Deliveries that are not finished, by where they go and how they stand."
    family = GaugeMetricFamily("townhall_outbox_deliveries", words, labels=["destination", "state"])
    for label, number in sorted(depth.items()):
        family.add_metric(label, number)
    return family


@cache
def _build() -> Metric:
    family = GaugeMetricFamily(
        "townhall_build_info",
        "Always 1; what is running.",
        labels=["version", "python", "database"],
    )
    family.add_metric([release(), platform.python_version(), connection.vendor], 1)
    return family


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
