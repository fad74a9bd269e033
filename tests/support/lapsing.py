"""Makes a server's records look older than they are, where a test cannot move its clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

Column = tuple[str, str]
HEARD: tuple[Column, ...] = (
    ("submissions_draft", "active_at"),
    ("submissions_draftpage", "active_at"),
)
SAVED: tuple[Column, ...] = (("submissions_draftpage", "saved_at"),)


def forget_two_hours(data: Path, columns: Iterable[Column] = HEARD) -> None:
    """As if two hours had passed since the server heard anything; for a server on SQLite."""
    with closing(sqlite3.connect(data / "townhall.sqlite3", timeout=20)) as records:
        for table, column in columns:
            records.execute(f"UPDATE {table} SET {column} = datetime({column}, '-2 hours')")
        records.commit()
