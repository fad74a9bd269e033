"""The audit: whatever is changed or taken away is found."""

import argparse
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from townhall.audit import actions, commands, ends, queries
from townhall.audit.chain import START, Line, hash_of
from townhall.audit.ends import KNOWN
from townhall.audit.models import AppendOnly, Entry, Head

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def add(count=3):
    return [
        actions.record(
            "read", which=f"sub-{n}", who="ann", at=AT + timedelta(hours=n), reason="case 12"
        )
        for n in range(count)
    ]


def run(which=None, find={}.get):
    return commands.audit(argparse.Namespace(which=which, find=find))


def tamper(sql):
    """Change the table as someone with the file would: past the guard."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_append_only")
        else:
            cursor.execute("DROP TRIGGER audit_append_only")
        cursor.execute(sql)


def test_an_untouched_chain_holds():
    assert queries.broken() is None
    add()
    assert queries.broken() is None
    assert [entry.which for entry in queries.history("sub-1")] == ["sub-1"]


@pytest.mark.parametrize(
    "sql, number",
    [
        ("UPDATE audit_entry SET who = 'bob' WHERE number = 2", 2),
        ("UPDATE audit_entry SET at = '2020-01-01 00:00:00+00' WHERE number = 1", 1),
        ("UPDATE audit_entry SET reason = '' WHERE number = 3", 3),
        ("DELETE FROM audit_entry WHERE number = 2", 2),
        ("DELETE FROM audit_entry WHERE number = 3", 3),
        ("DELETE FROM audit_entry", 1),
        ("UPDATE audit_head SET number = 2", 4),
    ],
)
def test_a_changed_or_missing_row_is_found(sql, number):
    add()
    tamper(sql)
    found = queries.broken()
    assert found is not None
    assert found.number == number


def test_the_database_itself_refuses_to_change_a_row():
    add()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET who = 'bob'")
    assert queries.broken() is None


def test_the_model_refuses_too():
    add()
    with pytest.raises(AppendOnly):
        Entry.objects.update(who="bob")
    with pytest.raises(AppendOnly):
        Entry.objects.all().delete()


def test_the_head_is_made_where_it_is_missing():
    Head.objects.all().delete()
    add(1)
    assert queries.broken() is None


MOMENTS = st.lists(
    st.sampled_from(["add", "undone", "elsewhere", "forgotten", "expected"]), max_size=12
)


def end():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ends.END}")
        return cursor.fetchone()[0] or f"0 {START}"


@settings(max_examples=40)
@given(MOMENTS)
def test_the_chain_holds_whatever_this_process_takes_for_its_end(moments):
    """A row undone, a row that another process adds, and a process that has just begun."""
    started, added = list(KNOWN), 0
    with transaction.atomic():
        for moment in moments:
            known = KNOWN[0]
            with transaction.atomic():
                if moment == "expected":
                    ends.expect(end())
                actions.record(moment, which="x", who="ann", at=AT)
                transaction.set_rollback(moment == "undone")
            added += moment != "undone"
            if moment == "elsewhere":
                KNOWN[0] = known
            if moment == "forgotten":
                KNOWN[:] = started
        assert queries.broken() is None
        assert queries.count() == added
        transaction.set_rollback(True)


INSERT = (
    "INSERT INTO audit_entry (number, at, who, what, which, reason, detail, before, hash) "
    "VALUES (%s, '2026-11-23 09:00:00+00', 'ann', 'read', 'x', '', '', %s, %s)"
)


@pytest.mark.parametrize(
    "number, before, taken",
    [(4, "the last", 1), (4, START, 0), (3, "the last", 0), (5, "the last", 0)],
)
def test_the_database_takes_no_row_that_does_not_follow_the_last(number, before, taken):
    last = add()[-1].hash
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [number, last if before == "the last" else before, "f" * 64])
        assert cursor.rowcount == taken
    assert Head.objects.get().number == queries.count() == 3 + taken


def test_the_release_before_may_still_add_to_it():
    """It moved the head itself, and only then added the row."""
    (line,) = add(1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_head SET number = 2, hash = %s", ["f" * 64])
        cursor.execute(INSERT, [2, line.hash, "f" * 64])
        assert cursor.rowcount == 1
    assert Head.objects.get().number == queries.count() == 2


def test_a_row_costs_no_reading_of_the_end_that_this_process_left():
    add(1)
    sent = []
    with connection.execute_wrapper(lambda run, *given: sent.append(given[0]) or run(*given)):
        add(1)
    assert not [sql for sql in sent if sql.startswith("SELECT")]


@given(st.integers(1), st.text(), st.text())
@example(1, "Ann “é”", "")
def test_the_hash_is_of_the_row_as_a_list(number, who, reason):
    line = Line(number, "2026-11-23T09:00:00.000000+00:00", who, "read", "x", reason, "", START)
    written = json.dumps(list(line)[:-1]).encode()
    assert hash_of(line) == hashlib.sha256(written).hexdigest()


def test_signs_that_a_terminal_obeys_are_left_out():
    entry = actions.record("read", which="x", who="a\x00\x1b[31m", at=AT, reason="one\ntwo")
    assert (entry.who, entry.reason) == ("a  [31m", "one two")


def test_the_command_says_whether_it_holds(capsys):
    add()
    assert run("sub-1") == 0
    assert "ann read sub-1: case 12" in capsys.readouterr().out
    assert run() == 0
    assert capsys.readouterr().out == "3 rows, the chain holds\n"
    tamper("UPDATE audit_entry SET who = 'bob' WHERE number = 2")
    assert run() == 1
    said = capsys.readouterr()
    assert "row 2 was changed" in said.err
    assert "holds" not in said.out


def test_a_record_is_found_by_reference_and_a_service_with_its_versions(capsys):
    add()
    actions.record("publish", which="a-pest 1f2e", who="ann", at=AT)
    assert run("7KD4", find={"7KD4": "sub-2"}.get) == 0
    assert "ann read sub-2" in capsys.readouterr().out
    assert run("a-pest") == 0
    assert "ann publish a-pest 1f2e" in capsys.readouterr().out


def test_what_nothing_is_recorded_of_is_said(capsys):
    add()
    for which in ("sub", "sub-9", "%"):
        assert run(which) == 1
        assert f"nothing is recorded of {which}" in capsys.readouterr().err
