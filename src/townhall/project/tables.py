"""Which changes of the tables this release needs, and which the database has had."""

from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader

Change = tuple[str, str]
"""An app and the name of one of its migrations."""


@cache
def wanted() -> frozenset[Change]:
    """Give the changes that come with this release."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {})


def made() -> frozenset[Change]:
    """Give the changes that the database has had; a database error where it has no tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return frozenset((app, name) for app, name in cursor.fetchall())
