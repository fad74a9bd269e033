"""A statement on a model's table, made ready once: Django builds a query anew each time, at
0.3 to 0.6 ms, which was two thirds of a question page (docs/decisions/0009).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Generic, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, BigAutoField, DateTimeField, Field, Model
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=tuple[Any, ...])
Names = tuple[str, ...]
AnyField: TypeAlias = "Field[Any, Any]"
Convert = Callable[[Any], Any]


class Change:
    """A statement that gives no rows, or one. ``takes`` says the field that each %s is a value of:
    the name of one of the model's, or any field.

    ``sql`` may be one for each vendor. What is not ``durable`` is committed as ``not_yet_durable``
    says.
    """

    def __init__(
        self,
        model: type[Model],
        sql: str | Mapping[str, str],
        *takes: str | AnyField,
        durable: bool = True,
    ) -> None:
        """Keep the statement; nothing is sent yet."""
        self._durable = durable
        self._sql = sql
        self._takes = [field_of(model, one) if isinstance(one, str) else one for one in takes]

    def run(self, *values: object) -> int:
        """Send it; gives how many rows it touched."""
        return int(self._send(values, lambda cursor: cursor.rowcount))

    def value(self, *values: object) -> Any:
        """Send a statement that gives one value of one row; None when it gives no row."""
        row = self.row(*values)
        return None if row is None else row[0]

    def row(self, *values: object) -> Any:
        """Send a statement that gives one row, as the driver has it; None when it gives none."""
        return self._send(values, lambda cursor: cursor.fetchone())

    def _send(self, values: tuple[object, ...], read: Convert) -> Any:
        database = connections[DEFAULT_DB_ALIAS]
        how = nullcontext() if self._durable else not_yet_durable()
        sql = self._sql if isinstance(self._sql, str) else self._sql[database.vendor]
        with how:
            return sent(database, sql, prepared(self._takes, values, database), read)


class _Reading:
    """A SELECT of some fields of a model; ``rest`` follows WHERE."""

    def __init__(self, model: type[Model], fields: Sequence[AnyField], rest: str, takes: Names):
        columns = ", ".join(f'"{field.column}"' for field in fields)
        self._fields = fields
        self._sql = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {rest}'  # noqa: S608
        self._takes = [field_of(model, name) for name in takes]
        self._converters: dict[str, list[tuple[int, Convert]]] = {}

    def _values(self, values: tuple[object, ...], *, lock: bool = False) -> list[list[Any]]:
        """Give the rows, each value of its field's type."""
        database = connections[DEFAULT_DB_ALIAS]
        locks = lock and database.features.has_select_for_update
        sql = f"{self._sql} FOR UPDATE" if locks else self._sql
        found = sent(database, sql, prepared(self._takes, values, database), _all)
        if not found:
            return []
        converters = self._converters.get(database.vendor) or self._convert(database)
        rows = [list(row) for row in found]
        for row in rows:
            for at, convert in converters:
                row[at] = convert(row[at])
        return rows

    def _convert(self, database: BaseDatabaseWrapper) -> list[tuple[int, Convert]]:
        found = [(at, _converter(field, database)) for at, field in enumerate(self._fields)]
        made = [(at, convert) for at, convert in found if convert is not None]
        self._converters[database.vendor] = made
        return made


class Select(_Reading, Generic[M]):
    """Whole rows of a model: ``Select(Draft, "secret_hash = %s", "secret_hash")``.

    With ``lock`` the rows stay this transaction's until it ends, where the database locks rows
    (SQLite's transactions begin IMMEDIATE, and so hold all of them).
    """

    def __init__(self, model: type[M], rest: str, *takes: str, lock: bool = False) -> None:
        """Write the statement: ``rest`` follows WHERE."""
        super().__init__(model, model._meta.concrete_fields, rest, takes)
        self._model = model
        self._names = [field.attname for field in model._meta.concrete_fields]
        self._lock = lock

    def rows(self, *values: object) -> list[M]:
        """Give the rows, as instances."""
        return [self._made(row) for row in self._values(values, lock=self._lock)]

    def first(self, *values: object) -> M | None:
        """Give the first row; None when there is none."""
        found = self.rows(*values)
        return found[0] if found else None

    def _made(self, row: list[Any]) -> M:
        """Make an instance as ``Model.from_db`` does, without telling signals that nobody has."""
        made = self._model.__new__(self._model)
        made.__dict__.update(zip(self._names, row, strict=True))
        made._state = ModelState()
        made._state.adding = False
        made._state.db = DEFAULT_DB_ALIAS
        return made


class Read(_Reading, Generic[R]):
    """Some fields of a model's rows, as tuples that name them: ``Read(DraftPage, StoredPage, …)``.

    A long form reads dozens of them, and needs no instance of any.
    """

    def __init__(
        self, model: type[Model], made: type[R], rest: str, *takes: str, lock: bool = False
    ) -> None:
        """Write the statement; ``made`` is a NamedTuple whose fields are the model's."""
        fields = [field_of(model, name) for name in made.__annotations__]
        super().__init__(model, fields, rest, takes)
        self._made = made
        self._lock = lock

    def rows(self, *values: object) -> list[R]:
        """Give the rows."""
        return [self._made(*row) for row in self._values(values, lock=self._lock)]

    def first(self, *values: object) -> R | None:
        """Give the first row; None when there is none."""
        found = self.rows(*values)
        return found[0] if found else None


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
        database = connections[DEFAULT_DB_ALIAS]
        values = [
            field.get_db_prep_save(getattr(row, field.attname), connection=database)
            for row in rows
            for field in self._fields
        ]
        sent(database, self._sql + ", ".join([self._row] * len(rows)), values, _nothing)


def sent(database: BaseDatabaseWrapper, sql: str, values: list[Any], read: Convert) -> Any:
    """Send a statement and read its cursor.

    It goes straight to SQLite's driver where nobody watches: Django's own way there (a cursor in a
    cursor, %s sought and replaced anew) takes longer than the statement.
    """
    watched = database.execute_wrappers or database.queries_logged
    if watched or database.vendor != "sqlite":
        with database.cursor() as cursor:
            cursor.execute(sql, values)
            return read(cursor)
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors, closing(database.connection.cursor()) as straight:
        return read(straight.execute(_questioned(sql), values))


@lru_cache(maxsize=256)
def _questioned(sql: str) -> str:
    """Write a statement with SQLite's own marks for values; none of ours has a percent sign."""
    return sql.replace("%s", "?")


def _all(cursor: Any) -> Any:
    return cursor.fetchall()


def _nothing(cursor: Any) -> None:
    """Read nothing of what a statement gives that adds rows."""


@contextmanager
def not_yet_durable() -> Iterator[None]:
    """Let what is written inside be lost to a power cut of the next moments, never to a crash.

    For drafts on SQLite (design §4: they may be NORMAL): their pages wait for no disk, and the next
    durable commit, which is the submission's own, carries them to the disk before it. Inside a
    transaction, and on PostgreSQL, nothing changes. A connection that cannot be made durable again
    is closed, so that no submission is ever committed by it.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "sqlite" or database.in_atomic_block:
        yield
        return
    database.ensure_connection()
    with database.wrap_database_errors:
        database.connection.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        _durable_again(database)


def _durable_again(database: BaseDatabaseWrapper) -> None:
    if database.connection is None:
        # Django has closed it for a fault of its own; the next begins durable.
        return
    durable = False
    try:
        with database.wrap_database_errors:
            database.connection.execute("PRAGMA synchronous=FULL")
        durable = True
    finally:
        if not durable:
            database.close()


def field_of(model: type[Model], name: str) -> AnyField:
    """Give a model's column by its field's name."""
    return next(field for field in model._meta.concrete_fields if field.name == name)


def prepared(
    fields: Iterable[AnyField], values: Iterable[object], database: BaseDatabaseWrapper
) -> list[Any]:
    """Give values as this database's driver takes them; ValueError when one is too few or many."""
    return [
        field.get_db_prep_save(value, connection=database)
        for field, value in zip(fields, values, strict=True)
    ]


def _converter(field: AnyField, database: BaseDatabaseWrapper) -> Convert | None:
    """Give what turns a value as it comes out into the field's own type; None where nothing has to.

    It is what the backend does, but for SQLite's instants, which are in UTC without saying so.
    """
    if database.vendor == "sqlite" and isinstance(field, DateTimeField):
        return _instant
    column = field.get_col(field.model._meta.db_table)
    steps = (*database.ops.get_db_converters(column), *column.get_db_converters(database))
    if not steps:
        return None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, column, database)
        return value

    return convert


def _instant(stored: datetime | None) -> datetime | None:
    return None if stored is None else stored.replace(tzinfo=UTC)
