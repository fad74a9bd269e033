"""A transaction of ours does all that Django's own does, whatever happens in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from townhall.outbox.models import Delivery, Event
from townhall.store.connection import IMMEDIATE
from townhall.store.transactions import AllOrNothing

AT = datetime(2026, 12, 2, 9, tzinfo=UTC)
Block = Callable[[], AbstractContextManager[None]]
STATE = (
    *("in_atomic_block", "autocommit", "commit_on_exit", "needs_rollback", "savepoint_ids"),
    *("atomic_blocks", "closed_in_transaction", "errors_occurred", "run_on_commit"),
)


class Stop(Exception):
    """Something goes wrong within."""


def add(name: str) -> None:
    Event.objects.create(name=name, subject="x", at=AT)


def all_is_well(block: Block, told: list[str]) -> None:
    with block():
        add("one")
        assert connection.in_atomic_block
        assert len(connection.atomic_blocks) == 1
        add("two")


def something_is_raised(block: Block, told: list[str]) -> None:
    with block():
        add("one")
        raise Stop


def inside_another(block: Block, told: list[str]) -> None:
    with transaction.atomic():
        add("kept")
        with suppress(Stop), block():
            add("one")
            raise Stop
        with block():
            add("two")


def another_inside(block: Block, told: list[str]) -> None:
    with block():
        add("kept")
        with suppress(IntegrityError), transaction.atomic():
            Event.objects.bulk_create([Event.objects.get()])
        with transaction.atomic():
            add("two")


def a_fault_that_is_kept_quiet(block: Block, told: list[str]) -> None:
    with block():
        add("one")
        with suppress(Stop), transaction.atomic(savepoint=False):
            raise Stop
        with pytest.raises(transaction.TransactionManagementError):
            add("two")


def what_cannot_be_committed(block: Block, told: list[str]) -> None:
    with block():
        add("one")
        Delivery.objects.create(event_id=Event().pk, subject="x", subscriber="y", next_at=AT)


def told_at_the_end(block: Block, told: list[str]) -> None:
    with block():
        transaction.on_commit(lambda: told.append("committed"))
        add("one")
        told.append("added")


def told_of_nothing(block: Block, told: list[str]) -> None:
    with suppress(Stop), block():
        transaction.on_commit(lambda: told.append("committed"))
        raise Stop


def one_after_another(block: Block, told: list[str]) -> None:
    something = suppress(Stop)
    with something, block():
        add("one")
        raise Stop
    with block():
        add("two")
    with block():
        transaction.set_rollback(True)
        add("three")


def a_connection_that_is_closed(block: Block, told: list[str]) -> None:
    with block():
        add("one")
        connection.close()


CASES = (
    all_is_well,
    something_is_raised,
    inside_another,
    another_inside,
    a_fault_that_is_kept_quiet,
    what_cannot_be_committed,
    told_at_the_end,
    told_of_nothing,
    one_after_another,
    a_connection_that_is_closed,
)


def outcome(case: Callable[[Block, list[str]], None], block: Block) -> tuple[object, ...]:
    """What was raised and told, how the connection is left, and what stands in the database."""
    told: list[str] = []
    raised = "nothing"
    connection.ensure_connection()
    try:
        case(block, told)
    except (Stop, DatabaseError) as error:
        raised = type(error).__name__
    left = [repr(getattr(connection, name)) for name in STATE]
    connection.close()
    names = list(Event.objects.order_by("name").values_list("name", flat=True))
    Event.objects.all().delete()
    return raised, told, left, names


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_transaction_is_as_djangos(case):
    assert outcome(case, AllOrNothing) == outcome(case, transaction.atomic)


@pytest.mark.django_db(transaction=True)
def test_whoever_watches_sees_a_transaction_begin():
    if connection.vendor != "sqlite":
        return
    seen: list[str] = []
    connection.ensure_connection()
    watch = connection.execute_wrapper(lambda run, sql, *more: seen.append(sql) or run(sql, *more))
    with watch, AllOrNothing():
        add("one")
    assert seen[0] == IMMEDIATE
    assert "INSERT" in seen[1]


@pytest.mark.django_db
def test_a_database_that_is_held_is_said_to_be(beside, other):
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError), AllOrNothing():
        raise AssertionError("it has begun")
    assert not beside.in_atomic_block
    other.execute("COMMIT")
    with AllOrNothing():
        beside.connection.execute("INSERT INTO things VALUES (1)")
    assert other.execute("SELECT thing FROM things").fetchall() == [(1,)]


@pytest.fixture
def other(beside):
    """Somebody else at the same database."""
    with closing(sqlite3.connect(beside.settings_dict["NAME"], isolation_level=None)) as records:
        yield records
