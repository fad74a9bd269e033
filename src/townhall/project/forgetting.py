"""Has a process that answers forget the drafts that nobody goes on with, however quiet it is."""

import os
import threading
import time

from townhall.project import clock, lifeline
from townhall.submissions import remembered

LOOK_EVERY = 15.0


def begin() -> None:
    """Begin to look every few seconds; in a process that nobody of ours started, nothing does."""
    if os.environ.get(lifeline.NAME):
        threading.Thread(target=_forget, name="forget", daemon=True).start()


def _forget() -> None:
    while True:
        time.sleep(LOOK_EVERY)
        remembered.MEMORY.forget_unused(at=clock.now())
