"""The folder of a rehearsal's store: one rehearsal at a time, and each begins with nothing."""

import fcntl
import shutil
from pathlib import Path
from typing import TextIO

from django.db import connections

from townhall.notify import standin_address
from townhall.project.databases import REHEARSED

LOCK = "rehearsal.lock"

# Open for as long as this process lives: who opened it first has the folder.
_held: list[TextIO] = []


def begin_afresh(folder: Path) -> bool:
    """Take a folder for this process's rehearsal, without what the last one left there.

    False where another rehearsal has it. Only what a rehearsal makes is taken away: nothing live
    has any of these names.
    """
    lock = (folder / LOCK).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return False
    _held.append(lock)
    connections.close_all()
    for file in folder.glob(f"{REHEARSED}*"):
        file.unlink()
    if standin_address.folder(folder).is_dir():
        shutil.rmtree(standin_address.folder(folder))
    return True
