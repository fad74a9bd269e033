"""Addresses of databases, and what the embedded one is told."""

import sqlite3

import pytest

from townhall.project.databases import database_at, hurried


def test_no_address_is_the_embedded_database_in_the_data_folder(tmp_path):
    made = database_at("", tmp_path)
    assert made["ENGINE"].endswith("sqlite3")
    assert made["NAME"] == str(tmp_path / "townhall.sqlite3")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_postgresql_address_is_taken_apart(scheme, tmp_path):
    made = database_at(f"{scheme}://ann%40x:p%2Fw@db.example:5433/hall?sslmode=require", tmp_path)
    assert made["USER"] == "ann@x"
    assert made["PASSWORD"] == "p/w"
    assert (made["HOST"], made["PORT"], made["NAME"]) == ("db.example", "5433", "hall")
    assert made["OPTIONS"]["sslmode"] == "require"
    assert "synchronous_commit=on" in made["OPTIONS"]["options"]


@pytest.mark.parametrize("address", ["mysql://a:secret@b/c", "nonsense secret", "http://secret"])
def test_another_scheme_is_refused_without_repeating_the_password(address, tmp_path):
    with pytest.raises(ValueError, match="DATABASE_URL") as refused:
        database_at(address, tmp_path)
    assert "secret" not in str(refused.value)


def test_the_embedded_database_writes_to_the_disk_before_it_answers(tmp_path):
    connection = sqlite3.connect(tmp_path / "x.sqlite3")
    connection.executescript(database_at("", tmp_path)["OPTIONS"]["init_command"])
    asked = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "secure_delete", "temp_store", "trusted_schema")
    }
    connection.close()
    full, memory = 2, 2
    assert asked == {
        "journal_mode": "wal",
        "synchronous": full,
        "secure_delete": 1,
        "temp_store": memory,
        "trusted_schema": 0,
    }


def test_a_writer_waits_at_begin(tmp_path):
    options = database_at("", tmp_path)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 20


def test_who_is_in_a_hurry_waits_for_nothing_longer_and_asks_the_same_database(tmp_path):
    lite, far = (
        database_at(address, tmp_path) for address in ("", "postgresql://a@db.example/hall")
    )
    assert hurried(lite, 2) == lite | {"OPTIONS": lite["OPTIONS"] | {"timeout": 2}}
    options = hurried(far, 2)["OPTIONS"]
    assert options["options"].startswith(far["OPTIONS"]["options"])
    assert options["options"].endswith("-c lock_timeout=2s -c statement_timeout=2s")
    assert (options["connect_timeout"], options["tcp_user_timeout"]) == (2, 2_000)
