"""Values go into a database and come out as Django's own fields have it, worked out once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.audit.models import Head
from townhall.definitions.models import Decision, Service
from townhall.store.values import Given, field_of, reading, taking
from townhall.submissions.models import Draft, DraftPage

pytestmark = pytest.mark.django_db


class Word(StrEnum):
    ONE = "one"


class Text(str):
    __slots__ = ()


ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-3)), ZoneInfo("Europe/London")])
EPOCH = datetime(1970, 1, 2, tzinfo=UTC)
AGES = st.timedeltas(timedelta(0), timedelta(days=365 * 200)) | st.just(timedelta(hours=9))
MOMENTS = st.builds(lambda age, zone: (EPOCH + age).astimezone(zone), AGES, ZONES)
INSTANTS = st.none() | MOMENTS
IDS = st.none() | st.uuids() | st.uuids().map(str)
TEXTS = st.none() | st.text(max_size=20) | st.just(Word.ONE) | st.just(Text("two"))
NUMBERS = st.none() | st.integers(0, 2**15) | st.booleans() | st.just("3")
BYTES = st.none() | st.binary(max_size=20) | st.binary(max_size=20).map(memoryview)
FIELDS = {
    (Draft, "id"): IDS,
    (Draft, "submission"): IDS,
    (Draft, "version"): TEXTS,
    (Draft, "service"): TEXTS,
    (Draft, "started_at"): INSTANTS,
    (Draft, "tries"): NUMBERS,
    (Draft, "wrapped_key"): BYTES,
    (DraftPage, "active_at"): INSTANTS,
    (DraftPage, "revision"): NUMBERS,
    (Head, "number"): NUMBERS,
    (Service, "withdrawn"): st.booleans(),
    (Service, "opens"): st.none() | st.dates(),
    (Decision, "reason"): TEXTS,
}


def plainly(value: object) -> object:
    """What is stored: a driver's wrapper has a type of its own for each size of number."""
    if isinstance(value, memoryview):
        return bytes, bytes(value)
    return (type(value), value.obj) if hasattr(value, "obj") else (type(value), value)


@settings(max_examples=300)
@given(st.sampled_from(list(FIELDS)), st.data())
def test_they_go_in_as_django_would_have_them(named, data):
    field = field_of(*named)
    value = data.draw(FIELDS[named])
    ours = Given([taking(field, connection)])([value])
    theirs = field.get_db_prep_save(value, connection=connection)
    assert list(map(plainly, ours)) == [plainly(theirs)]


@settings(max_examples=100)
@given(MOMENTS, st.uuids())
def test_they_come_out_as_they_went_in(at, id):
    """`test_statements` compares whole rows with what the queryset gives."""
    for name, value in (("started_at", at), ("id", id)):
        field = field_of(Draft, name)
        (stored,) = Given([taking(field, connection)])([value])
        found = reading(0, field, connection)
        convert = found.convert if found else lambda one: one
        with connection.cursor() as cursor:
            kind = {"started_at": "::timestamptz", "id": "::uuid"}[name]
            typed = kind if connection.vendor == "postgresql" else ""
            cursor.execute(f"SELECT %s{typed}", [stored])
            assert convert(cursor.fetchone()[0]) == value


@settings(max_examples=100)
@given(st.lists(st.tuples(INSTANTS, TEXTS, BYTES), min_size=2, max_size=6))
def test_values_of_other_kinds_go_in_by_the_same_statement(rows):
    fields = [field_of(Draft, name) for name in ("started_at", "service", "wrapped_key")]
    way_in = Given([taking(field, connection) for field in fields])
    for row in rows:
        theirs = [
            field.get_db_prep_save(value, connection=connection)
            for field, value in zip(fields, row, strict=True)
        ]
        assert list(map(plainly, way_in(row))) == list(map(plainly, theirs))


def test_what_was_written_last_is_written_again_and_nothing_else_as_it_was():
    stored = taking(field_of(Draft, "started_at"), connection).prepare
    at, same = EPOCH + timedelta(hours=1), datetime(1970, 1, 2, 1, tzinfo=UTC)
    wanted = [stored(one) for one in (at, EPOCH, same)]
    assert [stored(one) for one in (at, at, EPOCH, same, same)] == [
        wanted[0], wanted[0], wanted[1], wanted[2], wanted[2],
    ]  # fmt: skip
    assert wanted[0] == wanted[2] != wanted[1]


def test_too_many_and_too_few_are_noticed():
    takes = [taking(field_of(Draft, "id"), connection)]
    for values in ([], [uuid.uuid4(), uuid.uuid4()]):
        with pytest.raises(ValueError, match="argument 2"):
            Given(takes)(values)
