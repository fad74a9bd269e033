"""`townhall worker`: delivers what has been received, and destroys what was kept long enough."""

import argparse
import logging
import signal
import threading
from datetime import timedelta

from django.db import connection

from townhall.outbox import worker as outbox
from townhall.outbox.fittings import installed
from townhall.project import clock, lifeline, preparation
from townhall.retention import actions as retention
from townhall.retention import keepers

log = logging.getLogger("townhall.retention")

FIRST_DESTROYED = timedelta(minutes=5)
DESTROYED_EVERY = timedelta(hours=1)


def worker_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall worker`."""
    parser.add_argument(
        "--until-idle", action="store_true", help="deliver what is due now, then stop"
    )


def worker(options: argparse.Namespace) -> int:
    """Work until told to stop; what is in hand is finished first."""
    lifeline.follow_parent()
    if preparation.refuse_other_keys("worker"):
        return 1
    if options.until_idle:
        outbox.run_until_idle(installed())
        return 0
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, lambda *_: stop.set())
    destroying = threading.Thread(target=_destroy_what_is_due, args=(stop,), name="retention")
    destroying.start()
    outbox.run(installed(), stop)
    destroying.join()
    return 0


def _destroy_what_is_due(stop: threading.Event) -> None:
    """Make a retention run every hour. One that fails is logged by its class and made again."""
    pause = FIRST_DESTROYED
    while not stop.wait(pause.total_seconds()):
        pause = DESTROYED_EVERY
        try:
            done = retention.run(keepers.installed(), at=clock.now())
        except Exception as fault:
            log.error("retention failed", extra={"error": type(fault).__name__})  # noqa: TRY400
        else:
            log.info("retention", extra={"purged": done.purged, "overdue": done.overdue})
        connection.close()
