"""The rule of an upgrade without a stop: processes of the release before run on the new tables.

So a release only adds. A column or a table that is no longer used goes in the release after the one
that stopped using it; one that is renamed is added under its new name, filled, and goes later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.migrations import Migration
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AlterModelTable,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    RunSQL,
)
from django.db.migrations.operations.base import Operation
from django.db.models import Field, ManyToManyField
from django.db.models.fields import NOT_PROVIDED

TAKES_AWAY = (RemoveField, DeleteModel, RenameField, RenameModel, AlterModelTable)
SQL_TAKES_AWAY = re.compile(r"\b(DROP\s+(TABLE|COLUMN)|RENAME\s+(TO|COLUMN))\b", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """A column's type, and whether who knows nothing of it may still write its row."""

    kind: str
    omissible: bool


Tables = Mapping[str, Mapping[str, Column]]


def in_the_way(before: Tables, after: Tables) -> list[str]:
    """What keeps the release before from reading and writing the new tables."""
    faults = []
    for table, columns in before.items():
        for name, column in columns.items():
            if after.get(table, {}).get(name) != column:
                faults.append(f"{table}.{name} is gone or another")
        added = set(after.get(table, {})) - set(columns)
        faults += [
            f"{table}.{name} has to be written"
            for name in added
            if not after[table][name].omissible
        ]
    return sorted(faults)


def refused(migrations: Iterable[Migration]) -> list[str]:
    """The operations, of migrations of one release, that take away what the one before uses."""
    chosen = list(migrations)
    made = {
        (one.app_label, operation.name.lower())
        for one in chosen
        for operation in one.operations
        if hasattr(operation, "fields")
    }
    return [
        f"{one.app_label}.{one.name}: {operation.describe()}"
        for one in chosen
        for operation in one.operations
        if (one.app_label, getattr(operation, "model_name", "").lower()) not in made
        and _hinders(operation)
    ]


def _hinders(operation: Operation) -> bool:
    if isinstance(operation, AddField):
        return not _omissible(operation.field)
    if isinstance(operation, RunSQL):
        return bool(SQL_TAKES_AWAY.search(str(operation.sql)))
    # What the release before writes may break a rule that it does not know.
    return isinstance(operation, (*TAKES_AWAY, AddConstraint))


def _omissible(field: Field) -> bool:
    """Whether a row may be written without it. Django's own `default` is not in the database."""
    return field.null or isinstance(field, ManyToManyField) or field.db_default is not NOT_PROVIDED
