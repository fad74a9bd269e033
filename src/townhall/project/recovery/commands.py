"""`townhall backup` and `townhall restore`."""

import argparse
import getpass
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
from django.db import Error as DatabaseFault

from townhall.project.preparation import NoRecords
from townhall.project.recovery import backing_up, proving, restoring
from townhall.project.recovery.backing_up import Taken
from townhall.project.recovery.files import in_words
from townhall.project.recovery.manifest import Manifest
from townhall.project.recovery.progress import Progress
from townhall.project.recovery.refusals import Refused
from townhall.project.recovery.restoring import Restored, Wanted
from townhall.submissions.sealing import BadKeys

WHEN = "%Y-%m-%d %H:%M:%S UTC"
# What SQLite (SQLITE_FULL, SQLITE_IOERR) and PostgreSQL (53100) say of a disk.
DISK = re.compile(r"disk is full|disk I/O error|No space left on device")


def backup_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall backup`."""
    parser.add_argument(
        "to", type=Path, metavar="TO", help="a new folder; or one that is there, to make one in"
    )
    parser.add_argument(
        "--keep",
        type=int,
        metavar="DAYS",
        help="afterwards, delete the backups in TO that are older",
    )
    parser.add_argument("--json", action="store_true", help="say what was done as JSON")


def backup(options: argparse.Namespace) -> int:
    """Make a backup. Exit code 0 only when it is whole and on the disk."""
    return guarded(lambda: _backup(options))


def _backup(options: argparse.Namespace) -> int:
    if options.keep is not None:
        _keepable(options.to, options.keep)
    taken = backing_up.take(
        options.to,
        options.data,
        by=getpass.getuser(),
        at=options.at,
        watch=Progress("townhall backup"),
    )
    older = backing_up.forget_older(options.to, options.keep, at=options.at) if options.keep else []
    for name in taken.missing:
        print(
            f"townhall: warning: rows need the key “{name}”, and TOWNHALL_KEYS does not hold it.",
            file=sys.stderr,
        )
    if options.json:
        print(json.dumps(_facts(taken.manifest, taken.folder) | {"deleted": [*map(str, older)]}))
        return 0
    _say_backup(taken, older)
    return 0


def _keepable(to: Path, days: int) -> None:
    """Raise Refused where ``--keep`` has no days, or no folder in which backups come and go."""
    if days < 1:
        raise Refused("not-kept", "--keep takes 1 or more days.")
    if not to.is_dir():
        words = f"there is no folder {to} for --keep to keep backups in: make it first (mkdir)."
        raise Refused("not-kept", words)


def restore_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall restore`."""
    parser.add_argument("backup", type=Path, metavar="FROM", help="the folder of a backup")
    parser.add_argument(
        "--replace", action="store_true", help="set aside the records that are there"
    )
    parser.add_argument("--check", action="store_true", help="only prove that it could be restored")
    parser.add_argument("--json", action="store_true", help="say what was done as JSON")


def restore(options: argparse.Namespace) -> int:
    """Put a backup back, or prove it. Exit code 0 only when all of it is in place, or whole."""
    return guarded(lambda: _check(options) if options.check else _restore(options))


def _check(options: argparse.Namespace) -> int:
    said = proving.prove(options.backup, Progress("townhall restore"))
    looked = proving.look_into(options.backup, said)
    for name in looked.partly if looked else ():
        words = f"a record that the key “{name}” sealed was changed and cannot be opened."
        print(f"townhall: warning: {words}", file=sys.stderr)
    if options.json:
        print(json.dumps(_facts(said, options.backup)))
        return 0
    print(f"The backup of {said.taken_at:{WHEN}} is whole, and its keys are here.")
    if looked:
        seen = _several(looked.records, "record")
        print(f"  Tried on {seen}, the oldest and the newest of each key.")
    elif said.keys:
        print("  Whether they open what is in it, a restore will try.")
    return 0


def _restore(options: argparse.Namespace) -> int:
    done = restoring.restore(
        Wanted(options.backup, options.data.absolute(), options.replace),
        by=getpass.getuser(),
        at=options.at,
        watch=Progress("townhall restore"),
    )
    if options.json:
        print(json.dumps(_facts(done.manifest, options.backup) | _counts(done)))
    else:
        _say_restored(done, options.data)
    return 0


def guarded(do: Callable[[], int]) -> int:
    """Do it, and say in a line why it was not done."""
    try:
        return do()
    except Refused as refused:
        reason = str(refused)
    except NoRecords as refused:
        reason = f"no-folder: {refused}"
    except BadKeys as fault:
        reason = f"keys-unreadable: {fault}"
    except (DatabaseFault, psycopg.Error) as fault:
        first = (str(fault).splitlines() or [type(fault).__name__])[0]
        code = "disk" if DISK.search(first) else "database-unreachable"
        reason = f"{code}: {first}. Nothing was changed."
    except OSError as fault:
        where = f" ({fault.filename})" if fault.filename else ""
        reason = f"disk: {fault.strerror or fault}{where}. Nothing was changed."
    print(f"townhall: {reason}", file=sys.stderr)
    return 1


def _facts(said: Manifest, folder: Path) -> dict[str, object]:
    return {
        "backup": str(folder),
        "taken_at": said.taken_at.isoformat(),
        "townhall": said.townhall,
        "database": said.database,
        "keys": list(said.keys),
        "parts": len(said.parts),
        "bytes": said.size,
    }


def _counts(done: Restored) -> dict[str, object]:
    return {
        "submissions": done.settled.submissions,
        "drafts": done.settled.drafts,
        "undelivered": done.settled.undelivered,
        "purged": done.settled.purged,
        "overdue": done.settled.overdue,
        "aside": list(done.aside),
    }


def _say_backup(taken: Taken, older: list[Path]) -> None:
    said = taken.manifest
    print(f"Backed up to {taken.folder}")
    print(f"  {in_words(said.size)} in {_several(len(said.parts), 'part')}, {said.database}")
    if said.keys:
        print(f"  Its answers need the key {' and '.join(said.keys)}, which is not in it:")
        print("  keep that somewhere else, or nobody can ever read them.")
    for path in older:
        print(f"  Deleted, as it was kept long enough: {path}")


def _say_restored(done: Restored, data: Path) -> None:
    said, counts = done.manifest, done.settled
    print(f"Restored what there was at {said.taken_at:{WHEN}}")
    print(f"  {_several(counts.submissions, 'submission')}, {_several(counts.drafts, 'draft')}")
    print(f"  {_several(counts.undelivered, 'delivery', 'deliveries')} to be made")
    if counts.purged:
        print(f"  {_several(counts.purged, 'record')} kept long enough: destroyed again")
    if counts.overdue:
        print(f"  {_several(counts.overdue, 'record')} overdue: see townhall retention overdue")
    for place in done.aside:
        print(f"  What was there before is in {place}: delete it when nobody needs it")
    print("Next:")
    print(f"  1. townhall audit --data {data}   (proves that no row was changed)")
    print(f"  2. townhall serve --data {data}   (and your other options)")
    print("  3. Tell those who receive deliveries: what was delivered after that time is delivered")
    print("     again, under the same idempotency key (docs/backup.md).")


def _several(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
