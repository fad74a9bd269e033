"""What each process counts as it works: requests, drafts begun, submissions, tries to deliver.

A label is a service's name, a page's kind, a method, a class of status, a destination's name or an
error's class: never a path, a reference, an id or a word that anybody typed. Each kind of label has
a bound, beyond which everything is `other`.

Where PROMETHEUS_MULTIPROC_DIR names a folder, the processes of one machine count there together,
each in files of its own slot, which the process that follows it goes on with: so a count neither
goes back nor grows a file when a process is started again. (Prometheus client_python, "Multiprocess
Mode", whose own files go by process id.)
"""

import fcntl
import os
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import IO, Any, NamedTuple, TypeAlias

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

OTHER = "other"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS: Mapping[str | None, str] = {"GET": "GET", "HEAD": "GET", "POST": "POST"}
# A council has tens of services; five hundred is a page of them that nobody could read.
MOST_SERVICES = 500
MOST_DESTINATIONS = 200
MOST_OUTCOMES = 60
DOUBLE = 8
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

Numbers: TypeAlias = "memoryview[float]"

_held: list[IO[str]] = []


class Bounded:
    """Names that a label may have: the first so many that are met, and `other` for all later."""

    def __init__(self, most: int) -> None:
        """``most``: how many names there may be besides `other`."""
        self._most = most
        self._names: set[str] = set()

    def admit(self, name: str) -> str:
        """Give the name, now or once known; `other` when there is no more room."""
        if name not in self._names:
            if len(self._names) >= self._most:
                return OTHER
            self._names.add(name)
        return name

    def __contains__(self, name: object) -> bool:
        """Whether the name was admitted before."""
        return name in self._names

    def known(self, name: str) -> str:
        """Give the name where it was admitted before; else `other`."""
        return name if name in self._names else OTHER


def _take_slot(folder: Path) -> str:
    """Take the first slot that no living process holds, for as long as this one lives."""
    number = 0
    while True:
        held = (folder / f"slot-{number}.lock").open("a")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.close()
            number += 1
        else:
            _held.append(held)
            return str(number)


def _share(folder: str) -> None:
    """Count in this folder; a process that may not write there counts for itself alone."""
    try:
        slot = _take_slot(Path(folder))
    except OSError:
        del os.environ[FOLDER]
        values.ValueClass = values.MutexValue
        return
    values.ValueClass = values.MultiProcessValue(lambda: slot)


prometheus_client.disable_created_metrics()
if FOLDER in os.environ:
    _share(os.environ[FOLDER])

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "townhall_requests",
    "Requests answered. static: styles and script. none: no page of ours.",
    ("service", "page", "method", "status"),
    registry=REGISTRY,
)
SECONDS_TAKEN = Histogram(
    "townhall_request_seconds",
    "How long an answer took to make, by the clock.",
    ("page", "method"),
    buckets=SECONDS,
    registry=REGISTRY,
)
DRAFTS = Counter(
    "townhall_drafts_begun", "Times that somebody began a form.", ("service",), registry=REGISTRY
)
SUBMISSIONS = Counter(
    "townhall_submissions_received",
    "Forms that were sent and acknowledged.",
    ("service",),
    registry=REGISTRY,
)
TRIES = Counter(
    "townhall_delivery_tries",
    "Tries to deliver, by how each ended: done, or a class of error.",
    ("destination", "outcome"),
    registry=REGISTRY,
)
HAPPENINGS: Mapping[str, Counter] = {"begun": DRAFTS, "received": SUBMISSIONS}

services = Bounded(MOST_SERVICES)
_destinations = Bounded(MOST_DESTINATIONS)
_outcomes = Bounded(MOST_OUTCOMES)
_counting = Lock()


class Alone(NamedTuple):
    """What counts the requests of one kind in a process that counts for itself."""

    requests: Any
    total: Any
    buckets: Sequence[Any]

    def add(self, seconds: float, bucket: int) -> None:
        """Add a request to client_python's own values."""
        self.requests._value += 1
        self.total._value += seconds
        self.buckets[bucket]._value += 1


class Together(NamedTuple):
    """The same where processes count together: client_python's files, and places in them."""

    counter: Numbers
    requests: int
    histogram: Numbers
    total: int
    buckets: Sequence[int]

    def add(self, seconds: float, bucket: int) -> None:
        """Add a request to what the files say. Nothing else adds to these numbers."""
        _, _, histogram, total, buckets = self
        self.counter[self.requests] += 1
        histogram[total] += seconds
        histogram[buckets[bucket]] += 1


Series = Alone | Together


def series(service: str, page: str, method: str, status: int) -> Series:
    """Give what counts such requests. ``status`` is the hundred: 2 for 200 to 299."""
    requests = REQUESTS.labels(service, page, method, f"{status}xx")._value
    taken = SECONDS_TAKEN.labels(page, method)
    if not requests._multiprocess:
        return Alone(requests, taken._sum, taken._buckets)
    buckets = [_place(one) for one in taken._buckets]
    return Together(
        _numbers(requests), _place(requests), _numbers(taken._sum), _place(taken._sum), buckets
    )


def _numbers(value: Any) -> Numbers:
    """Give the file that a value stands in, as numbers.

    Where the file grows it is mapped anew, and this is the beginning of it still.
    """
    return memoryview(value._file._m).cast("d")


def _place(value: Any) -> int:
    return int(value._file._positions[value._key]) // DOUBLE


def request(of: Series, seconds: float) -> None:
    """Count an answered request, as `inc` and `observe` would, under one lock in place of three."""
    bucket = bisect_left(SECONDS, seconds)
    with _counting:
        of.add(seconds, bucket)


def happened(what: str, service: str) -> None:
    """Count that a draft was `begun` or a submission `received`."""
    HAPPENINGS[what].labels(services.admit(service)).inc()


def tried(subscriber: str, outcome: str) -> None:
    """Count a try to deliver. ``subscriber`` as the outbox may call it: it holds no address."""
    TRIES.labels(destination(subscriber), _outcomes.admit(outcome)).inc()


def destination(subscriber: str) -> str:
    """Give the label of a subscriber: a destination's name, or who is told of what."""
    plug, _, argument = subscriber.partition(":")
    return _destinations.admit(argument if plug == "deliver" and argument else plug)


def gathered() -> CollectorRegistry:
    """What was counted by all processes that count together."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together, folder)
    return together
