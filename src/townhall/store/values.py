"""Values on their way into a database and out: as Django does it, but worked out once a field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import NoneType
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignKey, Model

from townhall.store.ids import uuid_of

AnyField: TypeAlias = "Field[Any, Any]"
Convert = Callable[[Any], Any]
UTC_SIGNS = len("+00:00")


class Taking(NamedTuple):
    """How a field's values go in: those of type ``plain`` as they are, others by ``prepare``."""

    plain: frozenset[type]
    prepare: Convert


class Reading(NamedTuple):
    """How the value at a place of a row comes out: what makes it the field's type.

    None is None in every field, and is not converted.
    """

    at: int
    convert: Convert


def field_of(model: type[Model], name: str) -> AnyField:
    """Give a model's column by its field's name."""
    return next(field for field in model._meta.concrete_fields if field.name == name)


class Given:
    """How the values of a statement go in. By their types, which are few, it is known which of them
    are to be prepared.
    """

    def __init__(self, takes: Sequence[Taking]) -> None:
        """``takes`` are the values' fields, in order."""
        self._takes = takes
        self._ways: dict[tuple[type, ...], list[tuple[int, Convert]]] = {}

    def __call__(self, values: Sequence[object]) -> Sequence[Any]:
        """Give values as the driver takes them; ValueError when one is too few or many."""
        types = tuple(map(type, values))
        way = self._ways.get(types)
        if way is None:
            way = self._ways[types] = self._way(types)
        if not way:
            return values
        row = list(values)
        for at, prepare in way:
            row[at] = prepare(row[at])
        return row

    def _way(self, types: tuple[type, ...]) -> list[tuple[int, Convert]]:
        met = enumerate(zip(self._takes, types, strict=True))
        return [(at, take.prepare) for at, (take, kind) in met if kind not in take.plain]


def taking(field: AnyField, database: BaseDatabaseWrapper) -> Taking:
    """Give how a field's values go into this vendor's database.

    Where we say how, it is what ``get_db_prep_save`` gives for values of that very type.
    """

    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection=database)

    kind = _kind(field)
    plain = frozenset(_PLAIN[database.vendor].get(kind, ()))
    quick = _SQLITE_TAKES.get(kind) if database.vendor == "sqlite" else None
    return Taking(plain, quick(prepare) if quick else prepare)


def reading(at: int, field: AnyField, database: BaseDatabaseWrapper) -> Reading | None:
    """Give how a field's value comes out; None where the driver gives it as it is to be."""
    kind = _kind(field)
    if database.vendor == "sqlite" and kind in _SQLITE_READS:
        return Reading(at, _SQLITE_READS[kind])
    place = field.get_col(field.model._meta.db_table)
    steps = (*database.ops.get_db_converters(place), *place.get_db_converters(database))
    if not steps:
        return None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, place, database)
        return value

    return Reading(at, convert)


def _kind(field: AnyField) -> str:
    """Give the kind of a field's values: those of a key elsewhere are of that field's kind."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field.get_internal_type()


def _again(write: Convert) -> Convert:
    """Write the very value that was written last as it was then.

    What changes for a request has its instant and its draft's id more than once: neither changes.
    """
    last: tuple[Any, Any] = (None, None)

    def written(value: Any) -> Any:
        nonlocal last
        # Taken together: another thread may put its own there meanwhile.
        known, text = last
        if value is not known:
            text = write(value)
            last = value, text
        return text

    return written


_in_utc = _again(lambda at: at.isoformat(" ")[:-UTC_SIGNS])
_in_digits = _again(lambda id: f"{id.int:032x}")


def _utc(otherwise: Convert) -> Convert:
    """Write an instant as Django stores it in SQLite: in UTC without saying so."""

    def stored(value: Any) -> Any:
        if type(value) is datetime and value.tzinfo is UTC:
            return _in_utc(value)
        return otherwise(value)

    return stored


def _digits(otherwise: Convert) -> Convert:
    """Write an id as Django stores it in SQLite."""
    return lambda value: _in_digits(value) if type(value) is UUID else otherwise(value)


def _instant(stored: str) -> datetime:
    return datetime.fromisoformat(f"{stored}+00:00")


def _id(stored: str) -> UUID:
    return uuid_of(int(stored, 16))


_TEXT = (str, NoneType)
_NUMBER = (int, NoneType)
_PLAIN: dict[str, dict[str, tuple[type, ...]]] = {
    "sqlite": {
        "CharField": _TEXT,
        "TextField": _TEXT,
        "PositiveBigIntegerField": _NUMBER,
        "PositiveIntegerField": _NUMBER,
        "PositiveSmallIntegerField": _NUMBER,
        "BinaryField": (bytes, NoneType),
        "DateTimeField": (NoneType,),
        "UUIDField": (NoneType,),
    },
    "postgresql": {"CharField": _TEXT, "TextField": _TEXT, "UUIDField": (UUID, NoneType)},
}
_SQLITE_TAKES: dict[str, Callable[[Convert], Convert]] = {
    "DateTimeField": _utc,
    "UUIDField": _digits,
}
_SQLITE_READS: dict[str, Convert] = {
    "DateTimeField": _instant,
    "UUIDField": _id,
    "BooleanField": bool,
}
