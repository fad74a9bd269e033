"""A statement on a model's table, made ready once: Django builds a query anew each time, at
0.3 to 0.6 ms, which was two thirds of a question page (docs/decisions/0009).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from django.db import connection
from django.db.models import AutoField, BigAutoField, Field, Model

M = TypeVar("M", bound=Model)
AnyField: TypeAlias = "Field[Any, Any]"
Convert = Callable[[Any], Any]


class Change:
    """A statement that gives no rows. ``takes`` names the model's field that each %s is a value of.

    ``sql`` may be one for each vendor. What is not ``durable`` is committed as ``not_yet_durable``
    says.
    """

    def __init__(
        self, model: type[Model], sql: str | dict[str, str], *takes: str, durable: bool = True
    ) -> None:
        """Keep the statement; nothing is sent yet."""
        self._durable = durable
        self._sql = sql
        self._takes = [field_of(model, name) for name in takes]

    def run(self, *values: object) -> int:
        """Send it; gives how many rows it touched."""
        return int(self._send(values, lambda cursor: cursor.rowcount))

    def value(self, *values: object) -> Any:
        """Send a statement that gives one value of one row; None when it gives no row."""
        row = self._send(values, lambda cursor: cursor.fetchone())
        return None if row is None else row[0]

    def _send(self, values: tuple[object, ...], read: Convert) -> Any:
        how = nullcontext() if self._durable else not_yet_durable()
        with how, connection.cursor() as cursor:
            cursor.execute(self.text, prepared(self._takes, values))
            return read(cursor)

    @property
    def text(self) -> str:
        """The statement as this database takes it."""
        return self._sql if isinstance(self._sql, str) else self._sql[connection.vendor]


class Select(Generic[M]):
    """Whole rows of a model: ``Select(Draft, "secret_hash = %s", "secret_hash")``.

    With ``lock`` the rows stay this transaction's until it ends, where the database locks rows
    (SQLite's transactions begin IMMEDIATE, and so hold all of them).
    """

    def __init__(self, model: type[M], rest: str, *takes: str, lock: bool = False) -> None:
        """Write the statement: ``rest`` follows WHERE."""
        self._lock = lock
        self._model = model
        self._fields = model._meta.concrete_fields
        self._names = [field.attname for field in self._fields]
        columns = ", ".join(f'"{field.column}"' for field in self._fields)
        self._sql = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {rest}'  # noqa: S608
        self._takes = [field_of(model, name) for name in takes]
        self._converters: dict[str, list[Convert | None]] = {}

    def rows(self, *values: object) -> list[M]:
        """Give the rows, as instances."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, prepared(self._takes, values))
            found = cursor.fetchall()
        if not found:
            return []
        convert = self._converters.get(connection.vendor) or self._convert_here()
        return [self._made(row, convert) for row in found]

    def first(self, *values: object) -> M | None:
        """Give the first row; None when there is none."""
        found = self.rows(*values)
        return found[0] if found else None

    @property
    def text(self) -> str:
        """The statement as this database takes it."""
        locks = self._lock and connection.features.has_select_for_update
        return f"{self._sql} FOR UPDATE" if locks else self._sql

    def _made(self, row: Sequence[Any], convert: list[Convert | None]) -> M:
        values = [
            value if change is None else change(value)
            for value, change in zip(row, convert, strict=True)
        ]
        return self._model.from_db(connection.alias, self._names, values)

    def _convert_here(self) -> list[Convert | None]:
        made = [_converter(field) for field in self._fields]
        self._converters[connection.vendor] = made
        return made


class Insert(Generic[M]):
    """Rows of a model as new rows; a number that the database gives is not read back."""

    def __init__(self, model: type[M]) -> None:
        """Write the statement."""
        own = (AutoField, BigAutoField)
        fields = [one for one in model._meta.concrete_fields if not isinstance(one, own)]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        self._fields = fields
        self._sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES '  # noqa: S608
        self._row = f"({', '.join(['%s'] * len(fields))})"

    def add(self, *rows: M) -> None:
        """Write the rows in one statement; none is no statement. Raises IntegrityError."""
        if not rows:
            return
        values = [
            field.get_db_prep_save(getattr(row, field.attname), connection=connection)
            for row in rows
            for field in self._fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._sql + ", ".join([self._row] * len(rows)), values)


@contextmanager
def not_yet_durable() -> Iterator[None]:
    """Let what is written inside be lost to a power cut of the next moments, never to a crash.

    For drafts on SQLite (design §4: they may be NORMAL): their pages wait for no disk, and the next
    durable commit, which is the submission's own, carries them to the disk before it. Inside a
    transaction, and on PostgreSQL, nothing changes.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    own = connection.connection
    own.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        own.execute("PRAGMA synchronous=FULL")


def field_of(model: type[Model], name: str) -> AnyField:
    """Give a model's column by its field's name."""
    return next(field for field in model._meta.concrete_fields if field.name == name)


def prepared(fields: Iterable[AnyField], values: Iterable[object]) -> list[Any]:
    """Give values as this database's driver takes them; ValueError when one is too few or many."""
    return [
        field.get_db_prep_save(value, connection=connection)
        for field, value in zip(fields, values, strict=True)
    ]


@dataclass(frozen=True)
class _Converted:
    """What the backend and the field do to a value as it comes out."""

    steps: tuple[Callable[..., Any], ...]
    column: Any

    def __call__(self, value: Any) -> Any:
        for step in self.steps:
            value = step(value, self.column, connection)
        return value


def _converter(field: AnyField) -> Convert | None:
    column = field.get_col(field.model._meta.db_table)
    steps = (
        *connection.ops.get_db_converters(column),
        *column.get_db_converters(connection),
    )
    return _Converted(steps, column) if steps else None
