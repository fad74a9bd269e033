"""Runs the local stand-in beside web and worker, for as long as `serve` does."""

import signal
import sys
import threading
from pathlib import Path

from townhall.notify import standin
from townhall.project import lifeline


def main(data: Path) -> None:
    """File what is sent until told to stop."""
    lifeline.follow_parent()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, lambda *_: stop.set())
    standin.run(data, stop)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
