"""Says in a line which database cannot be used, why, and what to do; never its password."""

from django.conf import settings
from django.db import DatabaseError, Error, InterfaceError, OperationalError, connection

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
    ("readonly", "it may be read and not written"),
    ("locked", "another process holds it"),
    ("full", "the disk is full"),
    ("disk I/O", "the disk cannot be read or written"),
)
SERVER = "Check DATABASE_URL, and that PostgreSQL runs there and lets us in."
FILE = "Say with --data where the records are, or restore a backup (docs/backup.md)."


class Unreachable(Exception):
    """The database cannot be used; the message says which, why, and what to do."""


def reach() -> None:
    """Open the database and ask it one thing. Raises Unreachable."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as fault:
        raise Unreachable(told(fault)) from None


def is_about_reaching(fault: BaseException) -> bool:
    """Whether a fault is of the database's own state, and not of what we asked it."""
    return isinstance(fault, OperationalError | InterfaceError) or type(fault) is DatabaseError


def told(fault: BaseException) -> str:
    """Say a fault of the database's in a line."""
    remedy = SERVER if connection.vendor == "postgresql" else FILE
    return f"the database {place()} cannot be used: {cause(fault)}. {remedy}"


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
