"""Pages that follow one another wait for no disk; whatever else comes is durable."""

from __future__ import annotations

import sqlite3
from operator import methodcaller

import pytest
from django.db import OperationalError, transaction

from townhall.store.statements import Change, sent
from townhall.submissions.models import Draft

pytestmark = pytest.mark.django_db

FULL, NORMAL = 2, 1
ADD = "INSERT INTO things VALUES (1)"


DURABLE = {
    "a cursor": lambda made: made.cursor().execute(ADD),
    "the driver": lambda made: made.connection.execute(ADD),
    "the driver, again and again": lambda made: made.connection.executemany(ADD, ()),
    "the driver, a script": lambda made: made.connection.executescript(ADD),
    "a statement of ours": lambda made: Change(Draft, ADD).run(),
    "a transaction of Django's": lambda made: transaction.atomic().__enter__(),
}


def level(made) -> int:
    """How durable it is, seen without making it so."""
    return sqlite3.Connection.execute(made.connection, "PRAGMA synchronous").fetchone()[0]


def add_page() -> None:
    Change(Draft, ADD, durable=False).run()


@pytest.mark.parametrize("way", DURABLE)
def test_whatever_comes_after_a_page_is_durable(way, beside):
    assert level(beside) == FULL
    for _ in range(2):
        add_page()
        assert sent(beside, "SELECT 1", (), methodcaller("fetchone"), "reading") == (1,)
        assert level(beside) == NORMAL
    DURABLE[way](beside)
    assert level(beside) == FULL
    add_page()
    assert level(beside) == (FULL if beside.in_atomic_block else NORMAL)


def test_what_cannot_be_made_durable_is_not_written(beside):
    add_page()
    beside.connection.reading("BEGIN IMMEDIATE", ())
    for _ in range(2):
        with pytest.raises(OperationalError, match="inside a transaction"):
            Change(Draft, ADD).run()
    beside.connection.reading("COMMIT", ())
    Change(Draft, ADD).run()
    assert level(beside) == FULL
    assert beside.connection.execute("SELECT COUNT(*) FROM things").fetchone() == (2,)


def test_a_page_in_a_transaction_is_as_durable_as_the_rest_of_it(beside):
    beside.connection.execute("BEGIN IMMEDIATE")
    add_page()
    assert level(beside) == FULL
    beside.connection.execute("COMMIT")
    add_page()
    assert level(beside) == NORMAL


def test_a_connection_that_is_made_anew_begins_durable(beside):
    add_page()
    beside.close()
    beside.ensure_connection()
    assert level(beside) == FULL
