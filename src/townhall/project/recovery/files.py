"""Files: copied with their hash, flushed to the disk, and kept apart until they are whole."""

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import IO

from townhall.notify import standin_address
from townhall.project.recovery.manifest import Part, damaged
from townhall.project.recovery.refusals import Refused

CHUNK = 1024 * 1024
STAGE = ".townhall-stage-"
ASIDE = "replaced_"
# Made again by whoever needs them, or nobody else's business: what the stand-in was sent is in
# clear. A name that begins with a dot is left out too.
LEFT_OUT = (
    ".*",
    "*.lock",
    "*.log",
    "*.pid",
    "*.sock",
    "*.sqlite3",
    "*.sqlite3-*",
    "rehearsal",
    f"{ASIDE}*",
    standin_address.FOLDER,
)

Watch = Callable[[str, int, int], None]
"""Told what is being done, and how many bytes of how many are."""


class Counted:
    """Adds up the bytes of pieces, and tells who watches."""

    def __init__(self, words: str, total: int, watch: Watch) -> None:
        """Begin at nothing of ``total``."""
        self.words, self.total, self.watch, self.done = words, total, watch, 0

    def __call__(self, piece: int) -> None:
        """One more piece is done."""
        self.done += piece
        self.watch(self.words, self.done, self.total)


def kept_in(data: Path) -> list[Path]:
    """The files of a data folder that a backup takes, as paths below it, in order.

    Links are not followed, and neither they nor pipes and sockets are taken.
    """
    found: list[Path] = []
    for path in sorted(data.iterdir()) if data.is_dir() else []:
        if not any(fnmatch(path.name, pattern) for pattern in LEFT_OUT):
            found += _regular(path)
    return [path.relative_to(data) for path in found]


def copy(source: Path, target: Path, name: str, told: Callable[[int], None]) -> Part:
    """Copy one regular file and flush it; gives its size and hash under ``name``.

    ``told`` is called with the bytes of each piece. Raises Refused (``no-room``) and OSError.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    hashed, size = hashlib.sha256(), 0
    # What fails half-way is in a stage, which goes as a whole.
    with _fresh(target) as out:
        for piece in pieces(source):
            hashed.update(piece)
            size += len(piece)
            out.write(piece)
            told(len(piece))
        _flush(out)
    return Part(name=name, size=size, sha256=hashed.hexdigest())


def copy_proven(folder: Path, part: Part, target: Path, told: Callable[[int], None]) -> None:
    """Copy one part of a backup to where it is used from, and prove the very bytes once more.

    It may have been changed since the backup was proven. Raises Refused (``backup-damaged``).
    """
    if copy(folder / part.name, target, part.name, told) != part:
        raise damaged(f"{part.name} was changed")


def measure(source: Path, name: str, told: Callable[[int], None]) -> Part:
    """Give the size and hash of one regular file."""
    hashed, size = hashlib.sha256(), 0
    for piece in pieces(source):
        hashed.update(piece)
        size += len(piece)
        told(len(piece))
    return Part(name=name, size=size, sha256=hashed.hexdigest())


def pieces(source: Path) -> Iterator[bytes]:
    """Read a regular file; OSError for a link, a pipe or anything else."""
    # A pipe would keep us waiting for a writer: NONBLOCK has it opened and then refused.
    handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as opened:  # noqa: PTH123 - Path.open cannot refuse a link
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{source.name} is not a regular file")
        while piece := opened.read(CHUNK):
            yield piece


def write(target: Path, content: bytes) -> None:
    """Write a new file that only we may read, and flush it."""
    with _fresh(target) as out:
        out.write(content)
        _flush(out)


def flush_file(path: Path) -> None:
    """Have a file's bytes on the disk, readable by us alone."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fchmod(handle, 0o600)
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folders(top: Path) -> None:
    """Have the names in a folder, and in those below it, on the disk."""
    for folder, _, _ in os.walk(top):
        flush_folder(Path(folder))


def flush_folder(folder: Path) -> None:
    """Have the names in one folder on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def have_room(folder: Path, needed: int) -> None:
    """Raises Refused (``no-room``) where a folder's disk has fewer free bytes than are needed."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refused(
            "no-room",
            f"the disk of {folder} has {in_words(free)} free, and {in_words(needed)} are needed.",
        )


def in_words(size: int) -> str:
    """Say a number of bytes as people do."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1_000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1_000
    return f"{amount:.1f} TB"


@contextmanager
def stage(beside: Path) -> Iterator[Path]:
    """A new folder that nobody takes for the real thing, gone when the block ends.

    What a killed run left there goes too; one that still runs holds a lock on its own.
    """
    _sweep(beside)
    with ExitStack() as ending:
        made = Path(tempfile.mkdtemp(prefix=STAGE, dir=beside))
        ending.callback(shutil.rmtree, made, ignore_errors=True)
        held = ending.enter_context((made / "in.use").open("w"))
        fcntl.flock(held, fcntl.LOCK_EX)
        yield made


def _sweep(beside: Path) -> None:
    for left in beside.glob(f"{STAGE}*"):
        try:
            with (left / "in.use").open("r") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue


def _regular(path: Path) -> Iterator[Path]:
    mode = path.lstat().st_mode
    if stat.S_ISREG(mode):
        yield path
    elif stat.S_ISDIR(mode):
        for below in sorted(path.iterdir()):
            yield from _regular(below)


def _fresh(path: Path) -> IO[bytes]:
    """A new file that only we may read."""
    return os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb"
    )


def _flush(out: IO[bytes]) -> None:
    out.flush()
    os.fsync(out.fileno())
