"""Makes a server's records look older than they are, where a test cannot move its clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from uuid import UUID

from townhall.submissions.models import Draft
from townhall.submissions.sealing import KeyRing

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
        _have_drafts_read_again(records)
        records.commit()


def _have_drafts_read_again(records: sqlite3.Connection) -> None:
    """Wrap each draft's key anew: a process that remembers a draft knows no other sign of this.

    Nobody but a test sets back when a page came in (docs/decisions/0015).
    """
    ring = KeyRing.demonstration()
    drafts = "SELECT id, version_id, key_id, wrapped_key FROM submissions_draft"
    for id, version, name, key in records.execute(f"{drafts} WHERE wrapped_key != x''").fetchall():
        draft = Draft(id=UUID(id), version_id=version, key_id=name, wrapped_key=key)
        anew = ring.wrap(ring.unwrap(draft.wrapped, draft.place), draft.place)
        changed = "UPDATE submissions_draft SET wrapped_key = ? WHERE id = ?"
        records.execute(changed, (anew.sealed, id))
