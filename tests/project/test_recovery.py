"""Backups that are not whole, not ours or not for us: refused, and nothing is changed."""

import argparse
import fcntl
import hashlib
import json
import os
import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper as SqliteWrapper

from townhall.project.recovery import backing_up, commands, files, manifest, postgres, restoring
from townhall.project.recovery.manifest import MANIFEST, MARK, Manifest, Part
from townhall.project.recovery.progress import Progress
from townhall.project.recovery.refusals import Refused
from townhall.submissions import keys
from townhall.submissions.models import Submission
from townhall.submissions.sealing import KeyRing, write_key

PLAIN = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}}
AT = datetime(2026, 12, 7, 9, tzinfo=UTC)
OURS = write_key("ours")
CONTENT = {"townhall.sqlite3": b"no database, and never opened", "files/a/b.bin": b"x" * 3_000}


def quiet(*_: object) -> None:
    """Say nothing."""


@pytest.fixture(autouse=True)
def ring(settings) -> KeyRing:
    settings.KEYS = OURS
    return keys.ring()


def said(**more: object) -> Manifest:
    parts = [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in CONTENT.items()
    ]
    plain = {
        "townhall": "0.1.0",
        "taken_at": AT.isoformat(),
        "database": "sqlite",
        "engine": "SQLite",
        "migrations": ["audit.0001_initial"],
        "keys": ["ours"],
        "parts": parts,
    }
    return Manifest.model_validate_json(json.dumps(plain | more))


@pytest.fixture
def backup(tmp_path: Path, ring: KeyRing) -> Path:
    folder = tmp_path / "backup"
    for name, content in CONTENT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    mark(folder, manifest.write(said()), ring)
    return folder


def mark(folder: Path, raw: bytes, ring: KeyRing) -> None:
    (folder / MANIFEST).write_bytes(raw)
    (folder / MARK).write_bytes(manifest.mark(raw, ring))


def refusal(folder: Path) -> Refused:
    """Restore it where nothing is; it is refused, and nothing is there still."""
    data = folder.parent / "data"
    wanted = restoring.Wanted(folder, data, replace=True)
    with pytest.raises(Refused) as caught:
        restoring.restore(wanted, by="test", at=AT, watch=quiet)
    assert not data.exists()
    return caught.value


def test_a_whole_one_is_proven(backup: Path):
    assert restoring.prove(backup, quiet) == said()


def change(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[-2] ^= 1
    path.write_bytes(raw)


def link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def link_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.symlink_to("elsewhere")


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def lengthen(path: Path) -> None:
    with path.open("ab") as out:
        out.truncate(5_000_000_000)


SPOILT = [change, link, link_folder, pipe, lengthen, Path.unlink, lambda path: os.truncate(path, 9)]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_part_that_is_not_what_was_put_in_is_refused(backup: Path, spoil):
    spoil(backup / "files" / "a" / "b.bin")
    assert refusal(backup).code == "backup-damaged"


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "files/../../x", "files//x", ".", "", "a\\b", "files/\x1b[2J"]
)
def test_a_name_that_leads_elsewhere_is_refused_even_with_our_mark(backup: Path, ring, name: str):
    raw = json.loads(manifest.write(said()))
    raw["parts"][1]["name"] = name
    mark(backup, json.dumps(raw).encode(), ring)
    assert refusal(backup).code == "backup-damaged"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"townhall_backup": 2, "another": "thing"}, "backup-newer"),
        ({"townhall": "99.0"}, "backup-newer"),
        ({"migrations": ["audit.9999_later"]}, "backup-newer"),
        ({"keys": ["ours", "lost-one"]}, "key-missing"),
        ({"parts": []}, "backup-damaged"),
        ({"another": "thing"}, "backup-damaged"),
        ({"parts": [{"name": "a", "size": -1, "sha256": "0" * 64}]}, "backup-damaged"),
    ],
)
def test_what_this_release_or_these_keys_cannot_read_is_refused(backup: Path, ring, more, code):
    mark(backup, json.dumps(json.loads(manifest.write(said())) | more).encode(), ring)
    assert refusal(backup).code == code


def test_a_key_that_is_missing_is_named(backup: Path, ring):
    mark(backup, manifest.write(said(keys=["ours", "lost-one"])), ring)
    assert "“lost-one”" in str(refusal(backup))


def test_a_part_is_named_once(backup: Path, ring):
    part = said().parts[0].model_dump()
    mark(backup, manifest.write(said(parts=[part, part])), ring)
    assert refusal(backup).code == "backup-damaged"


def test_without_a_database_it_is_none(backup: Path, ring):
    mark(backup, manifest.write(said(parts=[said().parts[1].model_dump()])), ring)
    assert refusal(backup).code == (
        "backup-damaged" if connection.vendor == "sqlite" else "other-database"
    )


def test_a_changed_manifest_is_not_ours(backup: Path):
    change(backup / MANIFEST)
    assert refusal(backup).code == "backup-not-ours"


def test_another_key_under_the_same_id_is_not_ours(backup: Path, settings):
    settings.KEYS = write_key("ours")
    assert refusal(backup).code == "backup-not-ours"


def test_a_mark_by_a_key_that_is_not_held_names_it(backup: Path, settings):
    settings.KEYS = write_key("theirs")
    refused = refusal(backup)
    assert refused.code == "key-missing"
    assert "“ours”" in str(refused)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[" * 100_000, b"\xff", b'{"key": 1, "mark": []}'])
def test_a_mark_that_cannot_be_read_is_refused(backup: Path, raw: bytes):
    (backup / MARK).write_bytes(raw)
    assert refusal(backup).code == "backup-damaged"


@pytest.mark.parametrize("name", [MANIFEST, MARK])
def test_a_manifest_without_end_is_not_read(backup: Path, name: str):
    lengthen(backup / name)
    assert refusal(backup).code == "backup-damaged"


def test_a_half_written_one_has_no_manifest_and_a_folder_of_them_names_the_newest(tmp_path: Path):
    for day in ("20261201T010000Z", "20261202T010000Z", "never"):
        (tmp_path / "all" / f"townhall-{day}").mkdir(parents=True)
    refused = refusal(tmp_path / "all")
    assert refused.code == "no-backup"
    assert "townhall-20261202T010000Z" in str(refused)


def test_only_old_backups_are_forgotten(tmp_path: Path):
    names = ["townhall-20261101T090000Z", "townhall-20261201T090000Z", "townhall-20261102T090000Z"]
    for name in [*names, "other"]:
        (tmp_path / name).mkdir()
        (tmp_path / name / MANIFEST).touch()
    (tmp_path / names[2] / MANIFEST).unlink()
    assert backing_up.forget_older(tmp_path, 28, at=AT) == [tmp_path / names[0]]
    assert {path.name for path in tmp_path.iterdir()} == {"other", names[1], names[2]}


@pytest.mark.parametrize(
    ("to", "code"),
    [("there", "backup-exists"), ("none/x", "no-folder"), ("data/sub/x", "backup-with-data")],
)
def test_a_backup_is_put_only_where_it_is_safe(tmp_path: Path, to: str, code: str):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / MANIFEST).touch()
    (tmp_path / "data" / "sub").mkdir(parents=True)
    with pytest.raises(Refused) as caught:
        backing_up.take(tmp_path / to, tmp_path / "data", by="test", at=AT, watch=quiet)
    assert caught.value.code == code


def test_what_is_clear_passing_or_a_link_is_left_out(tmp_path: Path):
    for name in ("files/a", "files/b/c", "stand-in/mail.eml", "replaced_x/townhall.sqlite3"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name in ("townhall.sqlite3", "townhall.sqlite3-wal", "rehearsal.sqlite3", "x.lock", ".env"):
        (tmp_path / name).touch()
    (tmp_path / "files" / "link").symlink_to("/etc/passwd")
    (tmp_path / "linked").symlink_to("/etc")
    os.mkfifo(tmp_path / "files" / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "files" / "socket"))
        assert files.kept_in(tmp_path) == [Path("files/a"), Path("files/b/c")]


def test_a_copy_says_what_it_copied_and_is_ours_alone(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"abc")
    made = files.copy(tmp_path / "a", tmp_path / "below" / "b", "files/b", quiet)
    hashed = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert made == Part(name="files/b", size=3, sha256=hashed)
    assert (tmp_path / "below" / "b").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_run_left_goes_and_what_runs_stays(tmp_path: Path):
    killed, running = tmp_path / f"{files.STAGE}killed", tmp_path / f"{files.STAGE}running"
    for folder in (killed, running):
        folder.mkdir()
        (folder / "in.use").touch()
    with (running / "in.use").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with files.stage(tmp_path) as stage:
            assert stage.is_dir()
            assert not killed.exists()
        assert [path.name for path in tmp_path.iterdir()] == [running.name]


def test_a_disk_without_room_is_said_before_anything_is_written(tmp_path: Path):
    with pytest.raises(Refused, match=r"no-room: .* free, and 1\.0 TB are needed"):
        files.have_room(tmp_path, 10**12)


@pytest.mark.django_db
def test_a_disk_that_fills_up_meanwhile_is_not_taken_for_a_database_that_is_away(capsys):
    full = SqliteWrapper({**connections["default"].settings_dict, **PLAIN})

    def fill() -> int:
        with full.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 2")
            cursor.execute("CREATE TABLE held (what BLOB)")
            cursor.execute("INSERT INTO held VALUES (zeroblob(100000))")
        return 0

    assert commands.guarded(fill) == 1
    assert capsys.readouterr().err.startswith("townhall: disk: database or disk is full. Nothing")
    full.close()


def test_long_work_says_how_far_it_is(capsys):
    watch = Progress("townhall backup")
    watch("copying", 1, 2)
    assert not capsys.readouterr().err
    watch.said -= timedelta(seconds=3).total_seconds()
    watch("copying", 1_500, 2_000_000)
    assert capsys.readouterr().err == "townhall backup: copying: 1.5 kB of 2.0 MB\n"


def command(name: str, *words: str) -> int:
    """Run one of the two as the command line does."""
    parser = argparse.ArgumentParser()
    getattr(commands, f"{name}_arguments")(parser)
    parser.add_argument("--data", type=Path)
    parser.set_defaults(at=AT)
    return getattr(commands, name)(parser.parse_args(words))


def put_records(backup: Path, ring: KeyRing) -> None:
    """Give a backup a database with four submissions whose keys are ours."""
    part = backup / "townhall.sqlite3"
    part.unlink()
    with closing(sqlite3.connect(part)) as made, made:
        columns = "(id, version_id, reference, key_id, wrapped_key, received_at, started_at)"
        made.execute(f"CREATE TABLE submissions_draft {columns}")
        made.execute(f"CREATE TABLE submissions_submission {columns}")
        for number in range(4):
            one = Submission(version_id="v", reference=f"R{number}")
            _, wrapped = ring.new_data_key(one.place)
            row = (one.id.hex, "v", one.reference, wrapped.key_id, wrapped.sealed, number, "")
            made.execute("INSERT INTO submissions_submission VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    raw = part.read_bytes()
    entry = {"name": part.name, "size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
    mark(backup, manifest.write(said(parts=[entry])), ring)


def test_a_check_tries_the_keys_on_records_and_changes_nothing(backup: Path, ring, capsys):
    put_records(backup, ring)
    before = sorted(backup.iterdir())
    assert command("restore", str(backup), "--check") == 0
    assert "Tried on 4 records, the oldest and the newest of each key." in capsys.readouterr().out
    assert sorted(backup.iterdir()) == before


def test_a_check_finds_another_key_by_the_same_name(backup: Path, ring, settings, capsys):
    """The mark is by a key that we hold, and what is in it is by another of one name."""
    settings.KEYS = f"{write_key('new')},{write_key('ours')}"
    put_records(backup, ring)
    mark(backup, (backup / MANIFEST).read_bytes(), keys.ring())
    assert command("restore", str(backup), "--check") == 1
    shown = capsys.readouterr()
    assert not shown.out
    assert "key-missing: TOWNHALL_KEYS holds another key as “ours”" in shown.err


def test_a_check_says_that_it_is_whole_and_a_refusal_is_one_line(backup: Path, ring, capsys):
    put_records(backup, ring)
    assert command("restore", str(backup), "--check") == 0
    assert "2026-12-07 09:00:00 UTC is whole" in capsys.readouterr().out
    assert command("restore", str(backup), "--check", "--json") == 0
    assert json.loads(capsys.readouterr().out)["keys"] == ["ours"]
    change(backup / "townhall.sqlite3")
    assert command("restore", str(backup), "--check") == 1
    shown = capsys.readouterr()
    assert not shown.out
    assert shown.err.startswith("townhall: backup-damaged: townhall.sqlite3 was changed.")
    assert len(shown.err.splitlines()) == 1


@pytest.mark.parametrize("days", ["0", "-1"])
def test_no_backup_is_made_that_would_be_forgotten_at_once(tmp_path: Path, capsys, days: str):
    assert command("backup", str(tmp_path), f"--keep={days}", "--data", str(tmp_path / "d")) == 1
    assert "not-kept" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgres
@pytest.mark.django_db
def test_without_client_programs_the_package_is_named(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "DEBIAN", str(tmp_path))
    (tmp_path / "to").mkdir()
    with pytest.raises(Refused, match=r"no-client-programs: .*postgresql-client-\d+"):
        backing_up.take(tmp_path / "to", tmp_path / "data", by="test", at=AT, watch=quiet)
    assert list((tmp_path / "to").iterdir()) == []


def test_backups_are_kept_in_a_folder_that_is_there_and_the_one_that_is_not_is_named(
    tmp_path: Path, capsys
):
    to = tmp_path / "backups"
    assert command("backup", str(to), "--keep=14", "--data", str(tmp_path / "d")) == 1
    assert f"not-kept: there is no folder {to}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
