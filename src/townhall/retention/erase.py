"""Makes deleted bytes go: out of the write-ahead log, and out of PostgreSQL's dead rows."""

from django.db import connection


def scrub() -> bool:
    """Clear what deletion leaves behind; False when a reader stood in the way.

    SQLite overwrites deleted bytes in the database file (``secure_delete``, settings) but its log
    still holds them until a checkpoint empties it: https://www.sqlite.org/wal.html#ckpt. PostgreSQL
    keeps dead rows until VACUUM. Backups are the operator's: docs/running.md says how long they
    keep.
    """
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Longer than any page may take.
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM")
            cursor.execute("RESET statement_timeout")
            return True
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone() or (1, 0, 0)
        return not busy
