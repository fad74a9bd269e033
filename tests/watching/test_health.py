"""What a load balancer is told, and what a stranger cannot learn from it."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection
from django.test import Client
from tests.support.ports import free_port

from townhall.project import health

NOWHERE = """
import django; django.setup()
from django.test import Client
client = Client()
for path in ("/health/live", "/health/ready"):
    answer = client.get(path)
    print(answer.status_code, answer.content.decode().strip())
"""


def ready():
    answer = Client().get("/health/ready")
    return answer.status_code, json.loads(answer.content)


def test_live_asks_no_database():
    """Without the mark for it, this test fails at any statement."""
    answer = Client().get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_says_so():
    assert ready() == (200, [])


@pytest.mark.django_db
def test_tables_of_an_earlier_release_are_not_ready():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'outbox' AND name LIKE '0002%%'")
    assert ready() == (503, ["migrations"])


@pytest.mark.django_db
def test_tables_of_a_later_release_are():
    """While machines are brought up to date one by one, the older ones go on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('outbox', '9999_later', '2027-01-01 00:00:00+00:00')"
        )
    assert ready() == (200, [])


@pytest.mark.django_db
def test_keys_that_cannot_be_read_are_not_ready(settings):
    settings.KEYS = "no-key-at-all"
    assert ready() == (503, ["keys"])


@pytest.mark.django_db
def test_a_server_that_stops_says_so_and_still_answers(settings, tmp_path):
    settings.STOPPING = str(tmp_path / "stopping-1")
    assert ready() == (200, [])
    (tmp_path / "stopping-2").touch()
    assert ready() == (200, [])
    (tmp_path / "stopping-1").touch()
    assert ready() == (503, ["stopping"])
    assert Client().get("/health/live").status_code == 200
    assert Client().get("/cookies").status_code == 200


@pytest.mark.django_db
def test_the_database_is_asked_once_in_a_while_however_often_we_are(
    django_assert_num_queries, monkeypatch
):
    # Longer than the slowest machine takes for fifty.
    monkeypatch.setattr(health, "KEPT_FOR", 600.0)
    with django_assert_num_queries(2):
        for _ in range(50):
            ready()
    health._looked.forget()
    with django_assert_num_queries(2):
        ready()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_whoever_stands_beside_us_needs_neither_our_name_nor_tls(path, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["forms.example"]
    assert Client(headers={"host": "10.0.0.7:8000"}).get(path).status_code == 200
    assert Client(headers={"host": "forms.example"}).get("/cookies").status_code == 301


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_only_a_question_is_answered(path):
    assert Client().post(path).status_code == 405


def test_a_database_that_is_away_is_not_ready_and_names_nothing():
    address = f"postgresql://someone:secret-word@127.0.0.1:{free_port()}/townhall"
    done = subprocess.run(
        [sys.executable, "-c", NOWHERE],
        env=os.environ | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["200 ok", '503 ["database"]']
    assert "secret-word" not in done.stderr
    [line] = [json.loads(one) for one in done.stderr.splitlines() if "townhall.health" in one]
    assert (line["event"], line["error"]) == ("the database does not answer", "OperationalError")
