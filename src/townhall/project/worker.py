"""`townhall worker`: delivers what has been received, and destroys what was kept long enough."""

import argparse
import signal
import threading

from townhall.outbox import worker as outbox
from townhall.outbox.fittings import installed
from townhall.project import lifeline


def worker_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall worker`."""
    parser.add_argument(
        "--until-idle", action="store_true", help="deliver what is due now, then stop"
    )


def worker(options: argparse.Namespace) -> int:
    """Work until told to stop; what is in hand is finished first."""
    lifeline.follow_parent()
    if options.until_idle:
        outbox.run_until_idle(installed())
        return 0
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, lambda *_: stop.set())
    outbox.run(installed(), stop)
    return 0
