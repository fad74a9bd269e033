"""Puts what a release left behind into a new database, as if it had been left a minute ago."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from tests.support.own_database import empty_database
from tests.upgrade.additive import Column

RELEASES = Path(__file__).parent / "releases"
# What is due by the clock. The audit's times stay, because its chain holds them.
CLOCKS = {
    "submissions_draft": ("started_at", "active_at"),
    "submissions_draftpage": ("saved_at", "active_at"),
    "submissions_submission": ("received_at",),
    "outbox_event": ("at",),
    "outbox_delivery": ("next_at", "first_tried_at", "failing_since", "finished_at"),
}
A_MOMENT = timedelta(minutes=1)


def engine() -> str:
    """The engine that this run is for."""
    return "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"


@dataclass(frozen=True)
class Left:
    """A database that a release left behind, and what is known of it."""

    known: dict[str, Any]
    data: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What this release's processes are given to go on with it."""
        return {
            "DATABASE_URL": self.url,
            "TOWNHALL_KEYS": self.known["keys"],
            "TOWNHALL_DATA": str(self.data),
        }

    def ask(self, words: str) -> list[Any]:
        """Ask the database; a change is kept."""
        if self.url:
            with psycopg.connect(self.url) as connection:
                done = connection.execute(words)
                return done.fetchall() if done.description else []
        with closing(sqlite3.connect(self.data / "townhall.sqlite3")) as connection, connection:
            return connection.execute(words).fetchall()

    def tables(self) -> dict[str, dict[str, Column]]:
        """Every table with its columns."""
        if self.url:
            rows = self.ask(
                "SELECT table_name, column_name, data_type,"
                " is_nullable = 'YES' OR column_default IS NOT NULL OR is_identity = 'YES'"
                " FROM information_schema.columns WHERE table_schema = 'public'"
            )
        else:
            rows = self.ask(
                'SELECT t.name, c.name, c.type, NOT c."notnull" OR c.dflt_value IS NOT NULL'
                " FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"
            )
        found: dict[str, dict[str, Column]] = {}
        for table, name, kind, omissible in rows:
            found.setdefault(table, {})[name] = Column(kind, bool(omissible))
        return found

    def indexes(self) -> set[str]:
        """Every index by its name."""
        ours = "SELECT name FROM sqlite_master WHERE type = 'index'"
        return {
            name for (name,) in self.ask("SELECT indexname FROM pg_indexes" if self.url else ours)
        }


@contextmanager
def left_by(release: str, folder: Path) -> Iterator[Left]:
    """Load what a release left, with its clocks moved to a minute ago."""
    home = RELEASES / release / engine()
    known = json.loads((home / "captured.json").read_text())
    folder.mkdir(parents=True, exist_ok=True)
    with empty_database() as url:
        left = Left(known, folder, url)
        _load(left, (home / "dump.sql").read_text())
        captured = datetime.fromisoformat(known["captured_at"])
        _move_clocks(left, datetime.now(UTC) - A_MOMENT - captured)
        yield left


def _load(left: Left, dump: str) -> None:
    if left.url:
        with psycopg.connect(left.url) as connection:
            connection.execute(dump.encode())
        return
    with closing(sqlite3.connect(left.data / "townhall.sqlite3")) as connection:
        connection.executescript(dump)


def _move_clocks(left: Left, by: timedelta) -> None:
    seconds = int(by.total_seconds())
    for table, columns in CLOCKS.items():
        moved = ", ".join(f"{name} = {_moved(left, name, seconds)}" for name in columns)
        left.ask(f"UPDATE {table} SET {moved}")


def _moved(left: Left, column: str, seconds: int) -> str:
    if left.url:
        return f"{column} + interval '{seconds} seconds'"
    return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '{seconds:+d} seconds')"


def releases() -> list[str]:
    """Every release that was captured, oldest first."""
    names = [path.name for path in RELEASES.iterdir() if path.is_dir()]
    return sorted(names, key=lambda name: [int(part) for part in re.findall(r"\d+", name)])
