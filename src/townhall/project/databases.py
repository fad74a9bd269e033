"""From one address to Django's description of a database."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from townhall.store.connection import Connection

# FULL: an acknowledged submission is on the disk before the page says so (store/connection.py).
# IMMEDIATE: a writer waits at BEGIN, where waiting is safe, instead of failing when a read turns
# into a write. All writers wait while the log is copied into the database: once in 16 MB of it,
# which is a quarter of the times that SQLite would.
SQLITE = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; "
    "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;"
)
POSTGRES = "-c synchronous_commit=on -c lock_timeout=20s -c statement_timeout=60s"
SECONDS_TO_WAIT = 20
EMBEDDED = "townhall.sqlite3"
REHEARSED = "rehearsal.sqlite3"
SECONDS_TO_CONNECT = 5


def database_at(url: str, data: Path) -> dict[str, Any]:
    """Describe the database at `url`: `postgresql://user:word@host:port/name` or `sqlite:///path`.

    An empty address is the embedded database in the data folder. Raises ValueError for any other
    scheme, without repeating the address, which may hold a password.
    """
    parts = urlsplit(url or f"sqlite:///{(data / EMBEDDED).absolute()}")
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path.removeprefix("/")))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must begin with sqlite:// or postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": POSTGRES, "connect_timeout": SECONDS_TO_CONNECT}
        | dict(parse_qsl(parts.query)),
    }


def hurried(described: dict[str, Any], seconds: int) -> dict[str, Any]:
    """Describe the same database for someone who would rather hear soon that it does not answer."""
    options = described["OPTIONS"]
    if described["ENGINE"].endswith("sqlite3"):
        return described | {"OPTIONS": options | {"timeout": seconds}}
    sooner = f"-c lock_timeout={seconds}s -c statement_timeout={seconds}s"
    return described | {
        "OPTIONS": options
        | {
            "options": f"{options.get('options', '')} {sooner}",
            "connect_timeout": seconds,
            # Milliseconds in which what was sent must have reached a machine that is there.
            "tcp_user_timeout": seconds * 1_000,
        }
    }


def rehearsal_in(data: Path) -> dict[str, Any]:
    """Describe a rehearsal's own database: always a file, of a name that no live one has."""
    return _sqlite(str((data / REHEARSED).absolute()))


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": SECONDS_TO_WAIT,
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE,
            "factory": Connection,
        },
    }
