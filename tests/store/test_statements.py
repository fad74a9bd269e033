"""Statements made ready once give what Django's own queries give, and say how durable they are."""

import sqlite3
import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from tests.support.records import AT, begun, definition, fill, look, put_live
from townhall.definitions.models import Service
from townhall.store.statements import Change, Read, Select, inserting
from townhall.submissions import drafts
from townhall.submissions.models import Draft, DraftPage
from townhall.submissions.statements import StoredPage

FULL, NORMAL = 2, 1


def sqlite_only():
    return connection.vendor == "sqlite"


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.django_db
def test_rows_are_those_of_the_model_with_every_value_of_its_type():
    started = begun(put_live(definition(available={"from": "2026-01-02", "limit": 9})))
    fill(started)
    draft, service = started.draft.pk, started.draft.service
    for model, where, one in (
        (Draft, "id", draft),
        (DraftPage, "draft", draft),
        (Service, "slug", service),
    ):
        column = model._meta.get_field(where).column
        found = Select(model, f"{column} = %s", where).rows(one)
        wanted = list(model.objects.filter(**{where: one}))
        assert sorted(map(repr, map(columns, found))) == sorted(map(repr, map(columns, wanted)))
        assert wanted
    assert Select(Draft, "id = %s", "id").first(uuid.uuid4()) is None
    read = Read(DraftPage, StoredPage, "draft_id = %s", "draft").rows(started.draft.pk)
    wanted = DraftPage.objects.filter(draft=started.draft.pk).values_list(*StoredPage._fields)
    assert sorted(map(repr, read)) == sorted(repr(StoredPage(*row)) for row in wanted)


@pytest.mark.django_db
def test_fields_that_are_known_are_not_read():
    started = begun(put_live())
    found = Select(Draft, "secret_hash = %s", "secret_hash", known=("secret_hash",), lock=True)
    row = found.stored(started.draft.secret_hash)
    assert row is not None
    assert started.draft.secret_hash not in row
    made = found.made(row)
    assert "secret_hash" not in made.__dict__
    made.secret_hash = started.draft.secret_hash
    assert columns(made) == columns(Draft.objects.get(pk=started.draft.pk))
    assert found.stored("nobody's") is None


@pytest.mark.django_db
def test_rows_are_added_in_one_statement_and_constraints_hold():
    form = put_live()
    made = [
        Draft(
            service="tiny",
            version_id=form.version,
            secret_hash=f"{number:064}",
            started_at=AT,
            active_at=AT + timedelta(minutes=number),
            key_id="k",
            wrapped_key=b"\0\xff",
        )
        for number in range(3)
    ]
    names = [field.name for field in Draft._meta.concrete_fields]
    values = [[getattr(one, field.attname) for field in one._meta.concrete_fields] for one in made]
    all_three = Change(Draft, inserting(Draft, *names, rows=3), *names * 3)
    assert all_three.run(*[value for row in values for value in row]) == 3
    for one in made:
        assert columns(Draft.objects.get(pk=one.pk)) == columns(one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Change(Draft, inserting(Draft, *names), *names).run(*values[0])


@pytest.mark.django_db
def test_a_change_says_how_many_rows_it_touched():
    started = begun(put_live())
    change = Change(Draft, "UPDATE submissions_draft SET tries = %s WHERE id = %s", "tries", "id")
    assert change.run(3, started.draft.pk) == 1
    assert change.run(3, uuid.uuid4()) == 0
    assert Draft.objects.get(pk=started.draft.pk).tries == 3
    with pytest.raises(ValueError, match="shorter"):
        change.run(3)


@pytest.mark.django_db(transaction=True)
def test_a_page_waits_for_no_disk_and_everything_else_does():
    """Design §4: drafts may be NORMAL; submissions, audit and outbox are FULL."""
    started = begun(put_live())
    opened = look(started)
    seen = []
    with connection.execute_wrapper(lambda run, *given: seen.append(level()) or run(*given)):
        drafts.save_page(opened, "pest", {"pest": "rats"}, at=AT)
        Draft.objects.filter(pk=started.draft.pk).update(tries=1)
    if sqlite_only():
        assert seen == [NORMAL, FULL]
        assert level() == FULL


def level() -> int:
    """How durable the connection is, seen without making it so."""
    if not isinstance(connection.connection, sqlite3.Connection):
        return FULL
    return sqlite3.Connection.execute(connection.connection, "PRAGMA synchronous").fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_what_goes_straight_to_the_driver_is_what_django_would_send():
    started = begun(put_live())
    fill(started)
    pages = Select(DraftPage, "draft_id = %s", "draft")
    straight = [columns(row) for row in pages.rows(started.draft.pk)]
    with connection.execute_wrapper(lambda run, *given: run(*given)):
        assert [columns(row) for row in pages.rows(started.draft.pk)] == straight
    assert straight
    nowhere = Change(Draft, "UPDATE nowhere SET tries = %s", "tries")
    with pytest.raises(DatabaseError):
        nowhere.run(1)
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            pages.rows(started.draft.pk)
