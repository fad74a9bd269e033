"""Ends a process when the one that started it has gone, however that one ended."""

import os
import threading
import time

LOOK_EVERY = 0.25
NAME = "TOWNHALL_PARENT"


def environment_for_children() -> dict[str, str]:
    """Our environment, with who we are in it: what a child started by us must be given."""
    return os.environ | {NAME: str(os.getpid())}


def follow_parent() -> None:
    """End this process at once when its parent is no longer the one that started it.

    The parent is the one named in the environment, so a parent that died before we looked is
    noticed too. Nothing happens in a process that nobody of ours started. Ending at once is
    safe: a draft, a submission or a delivery is either committed or not.
    """
    parent = os.environ.get(NAME)
    if parent:
        threading.Thread(target=_watch, args=(int(parent),), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os._exit(1)
