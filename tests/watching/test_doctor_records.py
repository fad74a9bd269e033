"""What the doctor finds in the records, on each database, and where there is none to ask."""

import os
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction
from tests.support.definitions import define, page
from tests.support.own_database import own_database

from townhall.outbox import actions, beats
from townhall.outbox.models import Delivery
from townhall.project import preparation, tables
from townhall.project.doctor import commands, records_looks
from townhall.project.doctor.findings import Asked, Level
from townhall.retention import actions as retention
from townhall.retention.models import Overdue
from townhall.submissions import drafts
from townhall.submissions.sealing import write_key

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 7, 9, tzinfo=UTC)
AGO = {"now": timedelta(), "minutes": timedelta(minutes=4), "hour": timedelta(hours=2)}


@pytest.fixture
def asked(tmp_path):
    return Asked(AT, tmp_path)


def only(findings):
    """The one finding, as its level and words; a finding that is not well has a remedy."""
    [one] = findings
    assert bool(one.remedy) is (one.level is not Level.OK)
    return one.level, one.said


def waiting(at, state="waiting"):
    with transaction.atomic():
        event = actions.add("submission.received", uuid.uuid4(), ["deliver:pests-inbox"], at=at)
    Delivery.objects.filter(event=event).update(state=state)


def test_the_database_that_the_tests_use_is_well(asked):
    found = list(records_looks.look_at_the_database(asked))
    assert {one.level for one in found} <= {Level.OK, Level.WARN}
    if connection.vendor == "postgresql":
        assert [one.check for one in found] == ["database", "database", "clock"]


def test_the_tables(asked, monkeypatch):
    assert only(records_looks.look_at_the_tables(asked))[0] is Level.OK
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('outbox', '9999_later', '2027-01-01 00:00:00+00:00')"
        )
    assert only(records_looks.look_at_the_tables(asked))[0] is Level.WARN
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name LIKE '0002%%'")
    level, said = only(records_looks.look_at_the_tables(asked))
    assert level is Level.BAD
    assert f"lack {len(tables.wanted() - tables.made())} changes" in said


def test_a_key_that_stored_answers_need(asked, put, settings, clock):
    settings.KEYS = write_key("old")
    put(define([page("one", {"id": "who", "ask": "Who?", "type": "text"})]))
    form = records_looks.definitions.published(AT)[0].form
    drafts.begin(form, at=AT)
    assert only(records_looks.look_at_stored_keys(asked))[0] is Level.OK
    settings.KEYS = write_key("new")
    level, said = only(records_looks.look_at_stored_keys(asked))
    assert (level, "“old”" in said) == (Level.BAD, True)


def test_another_key_by_a_name_that_stored_answers_need(asked, put, settings, clock):
    settings.KEYS = write_key("a")
    put(define([page("one", {"id": "who", "ask": "Who?", "type": "text"})]))
    form = records_looks.definitions.published(AT)[0].form
    begun = [drafts.begin(form, at=AT + timedelta(hours=number)).draft for number in range(2)]
    level, said = only(records_looks.look_at_stored_keys(asked))
    assert (level, "2 records looked at" in said) == (Level.OK, True)
    begun[0].wrapped_key = b"changed"
    begun[0].save()
    level, said = only(records_looks.look_at_stored_keys(asked))
    assert (level, "Not every record" in said) == (Level.BAD, True)
    settings.KEYS = write_key("a")
    level, said = only(records_looks.look_at_stored_keys(asked))
    assert (level, "another key" in said) == (Level.BAD, True)
    assert preparation.refuse_other_keys("serve")


def test_something_that_has_not_happened_yet(asked):
    assert list(records_looks.look_at_the_clock_of_the_records(asked)) == []
    waiting(AT)
    assert list(records_looks.look_at_the_clock_of_the_records(asked)) == []
    waiting(AT + timedelta(hours=3))
    level, said = only(records_looks.look_at_the_clock_of_the_records(asked))
    assert (level, "3 hours from now" in said) == (Level.BAD, True)


@pytest.mark.parametrize(
    ("ago", "level"), [("now", Level.OK), ("minutes", Level.WARN), ("hour", Level.BAD)]
)
def test_a_worker_by_how_long_it_has_been_quiet(ago, level, asked):
    release = records_looks.release()
    beats.beat(uuid.uuid4(), name="machine:7", release=release, at=AT - AGO[ago])
    assert only(records_looks.look_at_the_workers(asked))[0] is level


def test_no_worker_or_one_of_another_release(asked):
    level, said = only(records_looks.look_at_the_workers(asked))
    assert (level, "No worker is running" in said) == (Level.BAD, True)
    beats.beat(uuid.uuid4(), name="machine:7", release="0.0.1", at=AT)
    level, said = only(records_looks.look_at_the_workers(asked))
    assert (level, "0.0.1" in said) == (Level.WARN, True)


@pytest.mark.parametrize(
    ("waited", "level"),
    [
        (timedelta(minutes=1), Level.OK),
        (timedelta(minutes=20), Level.WARN),
        (timedelta(hours=5), Level.BAD),
    ],
)
def test_deliveries_by_how_long_the_oldest_has_waited(waited, level, asked):
    oldest, dead = records_looks.look_at_deliveries(asked)
    assert (oldest.level, dead.level) == (Level.OK, Level.OK)
    waiting(AT - waited)
    waiting(AT)
    oldest, dead = records_looks.look_at_deliveries(asked)
    assert oldest.level is level
    assert oldest.said.startswith("2 deliveries to be made; the oldest has waited")
    assert dead.level is Level.OK


def test_dead_letters(asked):
    waiting(AT, state="dead")
    oldest, dead = records_looks.look_at_deliveries(asked)
    assert (oldest.level, dead.level) == (Level.OK, Level.BAD)
    assert "redrive --dead" in dead.remedy


@pytest.mark.parametrize(
    ("late", "level"),
    [
        (timedelta(minutes=50), Level.OK),
        (timedelta(hours=5), Level.WARN),
        (timedelta(days=3), Level.BAD),
    ],
)
def test_retention_by_how_long_ago_it_ran(late, level, asked):
    retention.run([], at=AT - late)
    assert only(records_looks.look_at_retention(asked))[0] is level


def test_retention_that_never_ran_or_may_not(asked):
    assert only(records_looks.look_at_retention(asked))[0] is Level.WARN
    beats.beat(uuid.uuid4(), name="machine:7", release="1", at=AT)
    assert only(records_looks.look_at_retention(asked))[0] is Level.OK
    retention.run([], at=AT)
    Overdue.objects.create(
        subject="s", what="submission", service="a", rule="r", due_at=AT, found_at=AT, why="w",
        owner="Team", owner_email="t@borough.example",
    )  # fmt: skip
    ran, overdue = records_looks.look_at_retention(asked)
    assert (ran.level, overdue.level) == (Level.OK, Level.WARN)
    assert overdue.said.startswith("1 record should be destroyed")


def test_a_review_that_is_past(asked, put_service):
    put_service("missed-bin")
    assert only(records_looks.look_at_reviews(asked))[0] is Level.OK
    late = Asked(AT + timedelta(days=3_650), asked.data)
    level, said = only(records_looks.look_at_reviews(late))
    assert (level, said.startswith("missed-bin was to be reviewed by")) == (Level.WARN, True)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("password=canary", "OperationalError"),
        ("canary: Connection refused", "nothing listens there"),
    ],
)
def test_without_a_database_the_rest_is_looked_at_and_the_records_are_said_not_to_be(
    asked, monkeypatch, words, why
):
    def away(asked):
        raise OperationalError(words)

    monkeypatch.setattr(commands, "DATABASE", ("database", away))
    found = list(commands.examined(asked))
    assert {one.check for one in found} >= {"settings", "keys", "disk", "clock", "mail"}
    *_, database, records = found
    assert database.level is Level.BAD
    assert f"does not answer ({why})" in database.said
    assert "worker" in records.said
    assert "canary" not in str(found)


def test_a_table_that_cannot_be_read_is_said_and_the_next_is(asked, monkeypatch):
    def broken(asked):
        raise OperationalError("no such table: canary")

    looks = (("worker", broken), ("reviews", records_looks.look_at_reviews))
    monkeypatch.setattr(commands, "OF_THE_RECORDS", looks)
    *_, broken_one, last = commands.examined(asked)
    assert (broken_one.level, broken_one.check) == (Level.BAD, "worker")
    assert last.check == "reviews"
    assert "canary" not in str(broken_one)


def told(folder, env, *arguments):
    command = [sys.executable, "-m", "townhall.project.cli", "doctor", "--data", str(folder)]
    return subprocess.run([*command, *arguments], env=env, capture_output=True, text=True)


def test_as_somebody_runs_it(tmp_path):
    """Well but for a worker; then where the database is a letter that somebody put there."""
    data = tmp_path / "data"
    data.mkdir()
    with own_database(data) as env:
        before = {path.name for path in data.iterdir()}
        done = told(data, env)
        assert done.returncode == 1
        assert "bad   worker       No worker is running" in done.stdout
        assert done.stdout.count("\nbad ") == 1
        assert done.stdout.endswith("1 thing bad: see to the first one first.\n")
        assert done.stderr == ""
        made = {path.name for path in data.iterdir()} - before
        assert made <= {"townhall.sqlite3-wal", "townhall.sqlite3-shm"}
    plain = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    (tmp_path / "townhall.sqlite3").write_bytes(b"A canary in a letter.\n" * 100)
    done = told(tmp_path, plain)
    assert done.returncode == 1
    assert "bad   database" in done.stdout
    assert "Not looked at, because the database does not answer" in done.stdout
    assert "Traceback" not in done.stderr
    assert "canary" not in done.stdout + done.stderr
