"""What `serve` does before it answers anyone: the tables, and the services it was given."""

import errno
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from townhall.definitions import queries as definitions
from townhall.definitions.files import Published, publish_file, rehearse_file
from townhall.engine.faults import InvalidDefinition
from townhall.engine.library import Library
from townhall.notify import standin_address
from townhall.project import clock, house
from townhall.proof.paths import services_at
from townhall.proof.twins import twins
from townhall.submissions import openable
from townhall.submissions import queries as submissions

# Any number that means this and nothing else to the database.
ADVISORY_LOCK = 7_031_882
LOCK = "preparing.lock"
REMEDIES = {
    errno.ENOSPC: " Make room on that disk.",
    errno.EROFS: (
        " Remount that disk to be written to, or copy the folder to another disk and name that "
        "with --data."
    ),
    errno.EACCES: " Give the folder to whoever runs this, or name another with --data.",
}


class NoRecords(Exception):
    """There is no data folder to work with; the message says what is wrong with it."""


def have_folder(data: Path, *, create: bool) -> None:
    """Have a data folder that we can write in; where not `create`, with a database in it.

    A folder that was mistyped is thereby noticed. Raises NoRecords.
    """
    if not create and connection.vendor == "sqlite" and not _database().is_file():
        raise NoRecords(
            f"there is no database in {data}: say with --data where it is "
            "(`townhall serve` and `townhall publish` make a new one)."
        )
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / LOCK).touch()
    except OSError as fault:
        reason = os.strerror(fault.errno) if fault.errno else type(fault).__name__
        if isinstance(fault, FileExistsError | NotADirectoryError):
            reason = "it is not a folder"
        remedy = REMEDIES.get(fault.errno or 0, "")
        raise NoRecords(f"records cannot be kept in {data}: {reason}.{remedy}") from None


def _database() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


def prepare(data: Path, *, at: datetime, publish: bool = True) -> list[str] | None:
    """Bring the tables up to date and publish every service of the settings' folders.

    Without ``publish`` what is live stays as it is: of several machines one publishes, so that
    another with older files does not put an older version back.

    A service that is refused is said with its reason, and what was live stays live. Where two
    files are one service all of it does: which one is meant cannot be told. Gives the names of the
    services that were withdrawn and stay so; None where one of the folders' own settings cannot be
    read: no page could be shown. None too where new answers would be sealed, or stored ones read,
    with another key than its name says.
    """
    bring_up_to_date(data)
    if refuse_other_keys("serve"):
        return None
    withdrawn: list[str] = []
    with one_at_a_time(data):
        try:
            shelf = house.library()
            house.council()
        except InvalidDefinition as refused:
            _refuse(*refused.faults)
            return None
        except house.NoCouncil as reason:
            _refuse(reason)
            return None
        for file in _to_publish() if publish else ():
            done = _published(file, shelf, at)
            if done.refused:
                print(f"{file}: not published\n{done.refused}", file=sys.stderr)
            if done.withdrawn:
                withdrawn.append(done.service)
    return withdrawn


def _to_publish() -> list[Path]:
    """Give the folders' services; none where two files are one service, which is said."""
    files = services_at(settings.SERVICES)[0]
    if same := twins(files):
        _refuse(*same, "nothing is published until that is put right; what is live stays so.")
        return []
    return files


def _published(file: Path, shelf: Library, at: datetime) -> Published:
    if settings.REHEARSAL:
        return rehearse_file(file, at=at, library=shelf)
    return publish_file(file, by="serve", at=at, library=shelf, revive=False)


def bring_up_to_date(data: Path) -> None:
    """Make the tables, or change them to this release's."""
    with one_at_a_time(data):
        call_command("migrate", interactive=False, verbosity=0)


def _refuse(*reasons: object, by: str = "serve") -> None:
    for reason in reasons:
        print(f"{by}: {reason}", file=sys.stderr)


@contextmanager
def one_at_a_time(data: Path) -> Iterator[None]:
    """Hold the only right to prepare this data folder, and this database, for a moment.

    Two `serve` started together on one folder, or on one PostgreSQL, take turns. There they wait
    for each other without end, and change tables however long that takes; to touch a table that is
    in use they wait as long as anyone does (``databases.POSTGRES``), so that no page waits longer.
    """
    with (data / LOCK).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            cursor.execute("RESET lock_timeout")
            yield
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
            cursor.execute("RESET statement_timeout")


def missing(at: datetime) -> list[str]:
    """Say what is not there that stored answers, or people who fill in a form, need."""
    return [*missing_keys(), *missing_prices(at)]


def missing_keys() -> list[str]:
    """Say which keys stored answers need and we do not have; what they sealed cannot be read."""
    looked = openable.look()
    return [
        *(
            f"stored answers are sealed with the key “{name}”, and TOWNHALL_KEYS does not hold it. "
            "They can be neither read nor delivered until it does."
            for name in looked.absent
        ),
        *(
            f"of the records that the key “{name}” sealed, one was changed and cannot be opened: "
            "`townhall export` names those of a service, and a backup has them as they were."
            for name in looked.partly
        ),
    ]


def missing_prices(at: datetime) -> list[str]:
    """Say which prices people may be charged that fees.yaml lacks: those cannot be worked out.

    A draft keeps its version, and prices change apart from versions.
    """
    fees, today = house.fees(), clock.london_date(at)
    forms = [*(one.form for one in definitions.published(at)), *submissions.begun_on()]
    named = {
        (form.definition.service, line.price) for form in forms for line in form.definition.fee
    }
    return [
        f"{service} charges the price “{price}”, and fees.yaml has none in force. Whoever meets it "
        "cannot send what they entered until it does."
        for service, price in sorted(named)
        if fees.price(price, today) is None
    ]


def refuse_other_keys(by: str) -> bool:
    """Say which keys of ours are others than those that sealed what is stored by their names.

    Whether there are any: then nobody may seal with them what nobody could open later.
    """
    other = openable.look().other
    _refuse(*map(openable.another_key, other), by=by)
    return bool(other)


def where_messages_go(data: Path) -> list[str]:
    """Where the stand-ins of the demonstration leave what they would have sent."""
    if house.senders().live:
        return []
    rehearsal = ["This is a rehearsal: references begin TEST, and each start begins with nothing."]
    return [
        *(rehearsal if settings.REHEARSAL else ()),
        f"Nothing is sent outside. Mail and webhooks are filed in {standin_address.folder(data)}",
    ]
