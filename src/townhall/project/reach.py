"""Says in a line which database cannot be used, why, and what to do; never its password."""

import time
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, Error, InterfaceError, OperationalError, connection

FULL = "the disk is full"
READ_ONLY = "it may be read and not written"
# What the engines say (libpq, SQLite), and what that is for whoever runs us. Their own words are
# not repeated: they may hold a part of the address.
CAUSES = (
    ("password authentication failed", "the user or the password is refused"),
    ("no password supplied", "it asks for a password, and there is none"),
    ("does not exist", "it has no such database or user"),
    ("Connection refused", "nothing listens there"),
    ("resolve host", "there is no such host"),
    ("translate host name", "there is no such host"),
    ("timeout", "it does not answer"),
    ("No such file or directory", "nothing listens there"),
    ("not a database", "it is a file of another kind"),
    ("malformed", "the file is damaged"),
    ("unable to open", "it cannot be opened or written in"),
    ("readonly", READ_ONLY),
    ("locked", "another process holds it"),
    ("No space left on device", FULL),
    ("is full", FULL),
    ("disk I/O", "the disk cannot be read or written"),
)
SERVER = "Check DATABASE_URL, and that PostgreSQL runs there and lets us in."
FILE = "Say with --data where the records are, or restore a backup (docs/backup.md)."
EMPTY = (
    "It held records, or was only begun. Put a backup back with `townhall restore … --replace` "
    "(docs/backup.md); or, if it is meant to be new, delete it."
)
REMEDIES = {
    FULL: "Make room on that disk.",
    READ_ONLY: (
        "Have the disk remounted to be written to, and the file be ours to write, or copy the "
        "folder to another disk and name that with --data."
    ),
}
# SQLite makes a file, and a moment later its first page.
LOOKS, PAUSE = 20, 0.1


class Unreachable(Exception):
    """The database cannot be used; the message says which, why, and what to do."""


def reach() -> None:
    """Open the database and ask it one thing. Raises Unreachable."""
    if connection.vendor == "sqlite" and is_empty(Path(place())):
        raise Unreachable(f"the database {place()} cannot be used: it is an empty file. {EMPTY}")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as fault:
        raise Unreachable(told(fault)) from None


def is_empty(file: Path) -> bool:
    """Whether a file is there and stays without a byte: SQLite would take it for a new database."""
    for look in range(LOOKS):
        if look:
            time.sleep(PAUSE)
        if not file.is_file() or file.stat().st_size:
            return False
    return True


def is_about_reaching(fault: BaseException) -> bool:
    """Whether a fault is of the database's own state, and not of what we asked it."""
    return isinstance(fault, OperationalError | InterfaceError) or type(fault) is DatabaseError


def told(fault: BaseException) -> str:
    """Say a fault of the database's in a line."""
    why = cause(fault)
    remedy = REMEDIES.get(why) or (SERVER if connection.vendor == "postgresql" else FILE)
    return f"the database {place()} cannot be used: {why}. {remedy}"


def cause(fault: BaseException) -> str:
    """Say why, in words of ours; a fault that is not known by its words is named by its class."""
    said = str(fault)
    return next((words for sign, words in CAUSES if sign in said), type(fault).__name__)


def place() -> str:
    """Where the database is: a file, or `host:port/name` and the user, without the password."""
    found = settings.DATABASES["default"]
    if connection.vendor != "postgresql":
        return str(found["NAME"])
    host = found["HOST"] or "on this machine"
    port = f":{found['PORT']}" if found["PORT"] else ""
    user = f" as {found['USER']}" if found["USER"] else ""
    return f"{host}{port}/{found['NAME']}{user}"
