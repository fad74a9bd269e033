"""Making a backup: in a folder that nobody takes for one, which gets its name when it is whole."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from django.db import connection

from townhall.audit.actions import Detail, record
from townhall.project.recovery import files, manifest
from townhall.project.recovery.files import Counted, Watch
from townhall.project.recovery.manifest import Manifest, Part
from townhall.project.recovery.postgres import Postgres
from townhall.project.recovery.refusals import Refused
from townhall.project.recovery.sqlite import Sqlite
from townhall.project.recovery.store import Store
from townhall.submissions import keys
from townhall.submissions.sealing import KeyRing

STAMP = "%Y%m%dT%H%M%SZ"
NAME = "townhall-"
SPARE = 10_000_000
"""Bytes beside the copies that a backup may need."""


@dataclass(frozen=True)
class Taken:
    """A backup that was made, and the ids of keys that its rows need and we do not hold."""

    folder: Path
    manifest: Manifest
    missing: tuple[str, ...]


def store() -> Store:
    """The database of the settings."""
    return Postgres() if connection.vendor == "postgresql" else Sqlite()


def take(to: Path, data: Path, *, by: str, at: datetime, watch: Watch) -> Taken:
    """Copy the database and the data folder's files as they stand now, while all goes on.

    ``to`` is a new folder's name, or a folder that is there: then a new one is made in it, named
    after the instant. The audit row of who made it is committed before it gets its name, so nobody
    has a copy of which there is no row. Raises Refused and OSError; then there is no new folder.
    """
    folder = _name(to, data, at)
    source, kept = store(), files.kept_in(data)
    needed = source.size() + sum((data / path).lstat().st_size for path in kept)
    files.have_room(folder.parent, needed + SPARE)
    with files.stage(folder.parent) as stage:
        made = stage / "backup"
        made.mkdir(mode=0o700)
        # The database first: a file is written before the row that names it.
        facts = source.copy(made / source.part, watch)
        missing = _missing(facts.keys, keys.ring())
        told = Counted("copying files", needed, watch)
        said = Manifest(
            townhall=version("townhall"),
            taken_at=at,
            database=source.kind,
            engine=facts.engine,
            migrations=facts.migrations,
            keys=facts.keys,
            parts=(
                files.measure(made / source.part, source.part, told),
                *_copied(data, kept, made / manifest.FILES, told),
            ),
        )
        _finish(made, said)
        detail: Detail = {"to": str(folder), "parts": len(said.parts), "bytes": said.size}
        record("records.backed_up", which="records", who=by, at=at, detail=detail)
        _give_name(made, folder)
    return Taken(folder, said, missing)


def forget_older(where: Path, days: int, *, at: datetime) -> list[Path]:
    """Delete the backups in a folder that were named after an instant more than ``days`` ago."""
    old = [
        path
        for path, taken in _dated(where)
        if at - taken > timedelta(days=days) and (path / manifest.MANIFEST).is_file()
    ]
    for path in old:
        # What is half deleted must not look whole: its manifest goes first.
        (path / manifest.MANIFEST).unlink()
        shutil.rmtree(path)
    return old


def newest_in(where: Path) -> Path | None:
    """The latest backup that was named after its instant in a folder."""
    dated = sorted(_dated(where), key=lambda found: found[1])
    return dated[-1][0] if dated else None


def _name(to: Path, data: Path, at: datetime) -> Path:
    to = to.absolute()
    is_one = (to / manifest.MANIFEST).exists()
    folder = to / f"{NAME}{at:{STAMP}}" if to.is_dir() and not is_one else to
    if folder.exists() or folder.is_symlink():
        raise Refused("backup-exists", f"{folder} is there already, and is never written over.")
    if not folder.parent.is_dir():
        raise Refused("no-folder", f"there is no folder {folder.parent} to put a backup in.")
    if folder.parent.resolve().is_relative_to(data.resolve()):
        raise Refused(
            "backup-with-data",
            "a backup in the data folder is lost with it. Put it somewhere else, best on another "
            "machine's disk.",
        )
    return folder


def _missing(needed: tuple[str, ...], ring: KeyRing) -> tuple[str, ...]:
    missing = tuple(name for name in needed if name not in ring.keys)
    if missing and not ring.safe:
        raise Refused(
            "key-missing",
            f"stored answers are sealed with “{missing[0]}”, and TOWNHALL_KEYS is not set here. "
            "Back up with the environment that `townhall serve` has.",
        )
    return missing


def _copied(data: Path, kept: list[Path], target: Path, told: Counted) -> Iterator[Part]:
    for path in kept:
        name = f"{manifest.FILES}/{path.as_posix()}"
        try:
            yield files.copy(data / path, target / path, name, told)
        except FileNotFoundError:
            # Retention took it away after the database was copied: it takes its row away too.
            continue


def _finish(made: Path, said: Manifest) -> None:
    """Add the manifest and its mark, and have all of it on the disk."""
    raw = manifest.write(said)
    files.write(made / manifest.MANIFEST, raw)
    files.write(made / manifest.MARK, manifest.mark(raw, keys.ring()))
    files.flush_folders(made)


def _give_name(made: Path, folder: Path) -> None:
    try:
        # Fails where somebody else was quicker: a folder with something in it is not replaced.
        made.rename(folder)
    except OSError:
        raise Refused("backup-exists", f"{folder} is there already.") from None
    files.flush_folder(folder.parent)


def _dated(where: Path) -> Iterator[tuple[Path, datetime]]:
    for path in where.glob(f"{NAME}*"):
        try:
            taken = datetime.strptime(f"{path.name.removeprefix(NAME)}+0000", f"{STAMP}%z")
        except ValueError:
            continue
        if path.is_dir() and not path.is_symlink():
            yield path, taken
