"""The embedded database: copied by SQLite itself, restored beside the old one, then moved."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from townhall.project.databases import SECONDS_TO_WAIT
from townhall.project.recovery import files
from townhall.project.recovery.files import Counted, Watch
from townhall.project.recovery.manifest import Part, damaged
from townhall.project.recovery.refusals import Refused
from townhall.project.recovery.store import Facts, Rows, Store, facts
from townhall.submissions import openable
from townhall.submissions.models import Draft, Submission
from townhall.submissions.openable import End, Looked

LOOK_EVERY = 200_000
"""Steps of SQLite's machine between two looks at how far it is."""
BESIDE = ("", "-wal", "-shm", "-journal")


OF_A_KEY = """
    SELECT id, version_id, key_id, wrapped_key{more} FROM {table}
    WHERE length(wrapped_key) > 0 AND key_id = ? ORDER BY {order} LIMIT ?
"""


class Sqlite(Store):
    """One file, with its log beside it."""

    kind = "sqlite"
    part = "townhall.sqlite3"

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(str(settings.DATABASES["default"]["NAME"])).absolute()

    def size(self) -> int:
        """Its file and its log."""
        present = [path for path in map(self._beside, BESIDE) if path.is_file()]
        return sum(path.stat().st_size for path in present)

    def copy(self, target: Path, watch: Watch) -> Facts:
        """``VACUUM INTO``: one read transaction, so nobody waits, and without deleted bytes.

        https://www.sqlite.org/lang_vacuum.html#vacuuminto
        """
        total = self.size()

        def look() -> None:
            done = target.stat().st_size if target.is_file() else 0
            watch("copying the database", done, total)

        try:
            with closing(_opened(self.path, "mode=ro")) as source:
                source.set_progress_handler(look, LOOK_EVERY)
                source.execute("VACUUM INTO ?", [str(target)])
            files.flush_file(target)
            return _facts(target)
        except sqlite3.Error as fault:
            raise _refusal(fault, self.path) from None

    def has_records(self) -> bool:
        """Whether there is a file: what it holds is not for us to weigh."""
        return any(self._beside(end).exists() for end in BESIDE)

    def room(self, size: int) -> tuple[Path, int]:
        """The copy, and as much again for its log while it is brought up to date."""
        return self.path.parent, 2 * size

    @contextmanager
    def incoming(self, backup: Path, part: Part, aside: str, watch: Watch) -> Iterator[str]:
        """Make the copy ready beside the old database, which is touched last."""
        home = self.path.parent
        with files.stage(home) as stage:
            staged = stage / "coming.sqlite3"
            files.copy_proven(backup, part, staged, Counted("putting back", part.size, watch))
            _prove(staged)
            replaces = self.has_records()
            if replaces:
                self._refuse_if_open()
            with _pointed_at(staged):
                yield str(home / aside) if replaces else ""
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            files.flush_file(staged)
            if replaces:
                self._set_aside(home / aside)
            staged.rename(self.path)
            files.flush_folder(home)

    def _set_aside(self, aside: Path) -> None:
        """Move the old database away, unless some process has it open."""
        self._refuse_if_open()
        aside.mkdir(mode=0o700, exist_ok=True)
        # The log first: a database without it is only older, a log without its database is nothing.
        for end in reversed(BESIDE):
            if self._beside(end).exists():
                self._beside(end).rename(aside / self._beside(end).name)

    def _refuse_if_open(self) -> None:
        if _is_open_elsewhere(self.path):
            raise Refused(
                "in-use",
                f"a process has {self.path} open. Stop `townhall serve`, Litestream, and whatever "
                "else reads it, and restore again.",
            )

    def _beside(self, end: str) -> Path:
        return self.path.with_name(self.path.name + end)


def look_into(copy: Path, names: Sequence[str]) -> Looked:
    """Try our keys on the oldest and the newest records of each key id in a copy, as it lies there.

    Raises Refused where it cannot be read. What Django would open, it would write to.
    """
    try:
        with closing(_opened(copy, "mode=ro&immutable=1")) as held:
            return openable.told([end for name in names for end in _ends(held, name)])
    except sqlite3.Error:
        raise damaged("SQLite cannot read its database") from None


def _ends(held: sqlite3.Connection, name: str) -> Iterator[End]:
    received = ("submissions_submission", "received_at", ", reference", Submission)
    begun = ("submissions_draft", "started_at", "", Draft)
    for table, since, more, model in (received, begun):
        for order in (since, f"{since} DESC"):
            words = OF_A_KEY.format(more=more, table=table, order=order)
            rows = held.execute(words, [name, openable.ENDS])
            found = [
                model(id=UUID(id), version_id=version, key_id=key, wrapped_key=wrapped, **_of(rest))
                for id, version, key, wrapped, *rest in rows
            ]
            yield openable.end_of(name, found)


def _of(rest: Sequence[str]) -> dict[str, str]:
    return dict(zip(("reference",), rest, strict=False))


def _facts(copy: Path) -> Facts:
    with closing(_opened(copy, "mode=ro&immutable=1")) as made:

        def ask(words: str) -> Rows:
            return made.execute(words).fetchall()

        if ask("PRAGMA quick_check(1)") != [("ok",)]:
            raise Refused(
                "database-damaged",
                "SQLite finds faults in a copy of the database, so the database has them too. "
                "Go back to the last whole backup.",
            )
        return facts(f"SQLite {sqlite3.sqlite_version}", ask)


def _prove(staged: Path) -> None:
    try:
        with closing(_opened(staged, "mode=ro&immutable=1")) as made:
            whole = made.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
    except sqlite3.Error:
        whole = False
    if not whole:
        raise damaged("SQLite finds faults in its database")


def _is_open_elsewhere(path: Path) -> bool:
    """Whether another process has it open: each holds a shared lock for as long as it does.

    https://www.sqlite.org/pragma.html#pragma_locking_mode: EXCLUSIVE needs that nobody else does.
    A file that is no database, or a damaged one, is nobody's.
    """
    try:
        with closing(_opened(path, "mode=rw", wait=0)) as held:
            held.execute("PRAGMA locking_mode=EXCLUSIVE")
            held.execute("BEGIN EXCLUSIVE")
            held.execute("COMMIT")
    except sqlite3.OperationalError as fault:
        return fault.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    except sqlite3.DatabaseError:
        return False
    return False


@contextmanager
def _pointed_at(path: Path) -> Iterator[None]:
    """Have Django's connection go to another file, as its test runner does."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _opened(path: Path, mode: str, wait: float = SECONDS_TO_WAIT) -> sqlite3.Connection:
    address = f"{path.as_uri()}?{mode}"
    return sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)


def _refusal(fault: sqlite3.Error, path: Path) -> Refused:
    if getattr(fault, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
        return Refused("no-room", "the disk filled up while the database was copied.")
    return Refused(
        "database-unreadable",
        f"{path} cannot be copied: SQLite says “{fault}”. Is it Townhall's database, and may "
        f"{os.fspath(path.parent)} be written in?",
    )
