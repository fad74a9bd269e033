"""PostgreSQL: copied by its own `pg_dump`, restored by its own `pg_restore`."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg import sql
from psycopg.conninfo import make_conninfo

from townhall.project.recovery import files
from townhall.project.recovery.files import ASIDE, Counted, Watch
from townhall.project.recovery.manifest import Part, printable
from townhall.project.recovery.refusals import Refused
from townhall.project.recovery.store import Facts, Rows, Store, facts

DEBIAN = "/usr/lib/postgresql"
SCHEMA = "public"
LOOK_EVERY = 0.5
# In a list of what a dump holds: what there is in every database already.
THERE_ALREADY = re.compile(rf"\b(SCHEMA - {SCHEMA}|(COMMENT|ACL) - SCHEMA {SCHEMA}) ")
# Limits that are for pages, and what may not be seen in a list of processes.
APART = ("options", "password")
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
      AND pid <> pg_backend_pid()
"""
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = %s"


class Postgres(Store):
    """The database at ``DATABASE_URL``."""

    kind = "postgresql"
    part = "townhall.pgdump"

    def size(self) -> int:
        """As the server counts it; a dump is mostly smaller."""
        return int(_ask("SELECT pg_database_size(current_database())"))

    def copy(self, target: Path, watch: Watch) -> Facts:
        """``pg_dump`` of one snapshot, from which the facts are read too."""
        if not self.has_records():
            raise Refused("no-records", "there is nothing in the database to back up.")
        program, total = _program("pg_dump"), self.size()
        with psycopg.connect(_address(), password=_password()) as reading:
            reading.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

            def ask(words: str) -> Rows:
                return reading.execute(words.encode()).fetchall()

            found = facts(f"PostgreSQL {_server()}", ask)
            ((snapshot,),) = ask("SELECT pg_export_snapshot()")
            _run(
                [program, "--format=custom", "--no-owner", "--no-privileges", "--no-password",
                 f"--exclude-schema={ASIDE}*", f"--snapshot={snapshot}", f"--file={target}",
                 _address()],
                lambda: watch("copying the database", _length(target), total),
            )  # fmt: skip
        files.flush_file(target)
        return found

    def has_records(self) -> bool:
        """Whether there is a table."""
        return int(_ask(TABLES, SCHEMA)) > 0

    def room(self, size: int) -> tuple[Path, int]:
        """A copy, to restore from. Nobody can tell from here how much room the server has."""
        return settings.DATA, size

    @contextmanager
    def incoming(self, backup: Path, part: Part, aside: str, watch: Watch) -> Iterator[str]:
        """Rename what is there, restore in one transaction, and rename it back if that fails."""
        program = _program("pg_restore")
        with files.stage(settings.DATA) as stage:
            # What runs in the database is what was proven, whatever becomes of the backup.
            copy = stage / self.part
            files.copy_proven(backup, part, copy, Counted("proving again", part.size, watch))
            with self._replaced(program, copy, aside, watch) as kept:
                yield kept

    @contextmanager
    def _replaced(self, program: str, copy: Path, aside: str, watch: Watch) -> Iterator[str]:
        replaces = self.has_records()
        if replaces and (others := int(_ask(OTHERS))):
            raise Refused(
                "in-use",
                f"{others} other sessions are in the database. Stop every `townhall serve`, and "
                "whatever else reads it, and restore again.",
            )
        _begin_again(aside)
        try:
            _restore(program, copy, watch)
            yield f"schema {aside}" if replaces else ""
        except BaseException:
            _undo(aside)
            raise
        if not replaces:
            _tell("DROP SCHEMA {}", aside)


def _begin_again(aside: str) -> None:
    """Rename what is there and have an empty schema in its place."""
    try:
        with transaction.atomic():
            _tell("ALTER SCHEMA {} RENAME TO {}", SCHEMA, aside)
            _tell("CREATE SCHEMA {}", SCHEMA)
            _tell("GRANT USAGE ON SCHEMA {} TO PUBLIC", SCHEMA)
    except DatabaseError as fault:
        raise Refused(
            "not-allowed",
            f"PostgreSQL says “{_first_line(str(fault))}”. Restore as the owner of the database.",
        ) from None


def _undo(aside: str) -> None:
    try:
        with transaction.atomic():
            _tell("DROP SCHEMA {} CASCADE", SCHEMA)
            _tell("ALTER SCHEMA {} RENAME TO {}", aside, SCHEMA)
    except DatabaseError as fault:
        raise Refused(
            "half-restored",
            f"PostgreSQL says “{_first_line(str(fault))}”. What was there is whole, in the schema "
            f"{aside}: drop the schema {SCHEMA}, rename that one to it, and restore again.",
        ) from None


def _restore(program: str, copy: Path, watch: Watch) -> None:
    """Everything in the dump but what a database always has, all or nothing."""
    listed = _run([program, "--list", str(copy)], lambda: None)
    wanted = [line for line in listed.splitlines() if not THERE_ALREADY.search(line)]
    with tempfile.NamedTemporaryFile("w", suffix=".list") as list_file:
        list_file.write("\n".join(wanted) + "\n")
        list_file.flush()
        size = copy.stat().st_size
        _run(
            [program, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
             "--no-password", f"--use-list={list_file.name}", f"--dbname={_address()}", str(copy)],
            lambda: watch("putting the database back", 0, size),
        )  # fmt: skip


def _run(command: list[str], look: Callable[[], None]) -> str:
    """Run a client program to its end; gives what it printed. Raises Refused with its complaint."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            command, env=_environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        try:
            while not _ended(process):
                look()
        finally:
            process.kill()
            process.wait()
        out.seek(0)
        err.seek(0)
        if process.returncode:
            said = err.read(10_000).decode("utf-8", "replace")
            raise Refused("database-refused", f"{_first_line(said)}.")
        return out.read().decode("utf-8", "replace")


def _ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(LOOK_EVERY)
    except subprocess.TimeoutExpired:
        return False
    return True


def _program(name: str) -> str:
    """Find a client program that is not older than the server. Raises Refused."""
    server = _server()
    first = shutil.which(name)
    found = [Path(first)] if first else []
    found += sorted(Path(DEBIAN).glob(f"*/bin/{name}"), reverse=True)
    for path in found:
        if _major(path) >= server:
            return str(path)
    raise Refused(
        "no-client-programs",
        f"{name} of PostgreSQL {server} or later is not on the PATH. Install the client programs "
        f"(Debian: postgresql-client-{server}).",
    )


def _major(program: Path) -> int:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(number[1]) if number else 0


def _server() -> int:
    """The server's major version."""
    return int(_ask("SHOW server_version_num")) // 10_000


def _ask(words: str, *values: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(words, values or None)
        return str(cursor.fetchone()[0])


def _tell(words: LiteralString, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(words).format(*map(sql.Identifier, names)))


def _address() -> str:
    """Where the server is, without the password, which no list of processes may show."""
    given = settings.DATABASES["default"]
    names = {"HOST": "host", "PORT": "port", "USER": "user", "NAME": "dbname"}
    parts = {ours: str(given[theirs]) for theirs, ours in names.items() if given[theirs]}
    more = {name: str(value) for name, value in given["OPTIONS"].items() if name not in APART}
    return make_conninfo(**parts, **more)


def _password() -> str | None:
    given = settings.DATABASES["default"]
    return str(given["PASSWORD"] or given["OPTIONS"].get("password", "")) or None


def _environment() -> dict[str, str]:
    password = _password()
    # So that a complaint is in the language of the remedy.
    plain = os.environ | {"LC_MESSAGES": "C", "PGAPPNAME": "townhall"}
    return plain | {"PGPASSWORD": password} if password else plain


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _first_line(said: str) -> str:
    lines = said.strip().splitlines() or ["it did not say why"]
    return printable(lines[0], 300).rstrip(".")
