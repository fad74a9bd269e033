"""Proving a backup before anything is touched: it is ours, whole, and fit for this release."""

import re
from importlib.metadata import version
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from townhall.project.recovery import files, manifest, sqlite
from townhall.project.recovery.backing_up import newest_in
from townhall.project.recovery.files import Watch
from townhall.project.recovery.manifest import Manifest, Part, damaged
from townhall.project.recovery.refusals import Refused
from townhall.project.recovery.sqlite import Sqlite
from townhall.submissions import keys, openable
from townhall.submissions.openable import Looked


def prove(folder: Path, watch: Watch) -> Manifest:
    """Read a backup from end to end. Gives what it says of itself; raises Refused.

    In this order: who marked it, whether this release can read it, whether we hold every key that
    its rows need, and whether every part has its size and its hash.
    """
    said = manifest.read(*_words_of(folder), keys.ring())
    _refuse_newer(said)
    if missing := [name for name in said.keys if name not in keys.ring().keys]:
        raise Refused(
            "key-missing",
            f"answers in this backup are sealed with the key “{missing[0]}”, and TOWNHALL_KEYS "
            "does not hold it. Add it, after the others.",
        )
    _prove_parts(folder, said, watch)
    return said


def look_into(folder: Path, said: Manifest) -> Looked | None:
    """Try our keys on records in a proven backup; None where only a restore can read them.

    Raises Refused where another key than ours, by its name, sealed what is in it.
    """
    if said.database != Sqlite.kind:
        return None
    looked = sqlite.look_into(folder.absolute() / Sqlite.part, said.keys)
    if looked.other:
        raise Refused("key-missing", openable.another_key(looked.other[0]))
    return looked


def _words_of(folder: Path) -> tuple[bytes, bytes]:
    if not (folder / manifest.MANIFEST).is_file():
        newest = newest_in(folder)
        hint = f" The newest in it is {newest}." if newest else ""
        raise Refused("no-backup", f"{folder} is no backup.{hint}")
    try:
        return _short(folder / manifest.MANIFEST), _short(folder / manifest.MARK)
    except OSError as fault:
        raise damaged(f"its manifest cannot be read ({type(fault).__name__})") from None


def _short(path: Path) -> bytes:
    if path.lstat().st_size > manifest.LARGEST:
        raise damaged(f"{path.name} is too long")
    return b"".join(files.pieces(path))


def _refuse_newer(said: Manifest) -> None:
    ours = version("townhall")
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    for migration in loader.disk_migrations.values():
        known |= {f"{app}.{name}" for app, name in migration.replaces}
    if _numbers(said.townhall) > _numbers(ours) or not known.issuperset(said.migrations):
        raise Refused(
            "backup-newer",
            f"Townhall {manifest.printable(said.townhall)} made this backup, and this is {ours}. "
            "Restore it with that release or a later one.",
        )


def _numbers(release: str) -> list[int]:
    return [int(number[:9]) for number in re.findall(r"\d+", release)[:4]]


def _prove_parts(folder: Path, said: Manifest, watch: Watch) -> None:
    top, told = folder.resolve(), files.Counted("proving the backup", said.size, watch)
    for part in said.parts:
        path = folder / part.name
        # Sizes first: what is long beyond its word is not read.
        if path.resolve() != top / part.name or not _is(path, part):
            raise damaged(f"{part.name} is not what was put in it")
        try:
            found = files.measure(path, part.name, told)
        except OSError:
            raise damaged(f"{part.name} cannot be read") from None
        if found != part:
            raise damaged(f"{part.name} was changed")


def _is(path: Path, part: Part) -> bool:
    try:
        return path.lstat().st_size == part.size
    except OSError:
        return False
