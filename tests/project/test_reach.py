"""A database that cannot be used is said in a line, by every command that needs one."""

import errno
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from tests.support.ports import free_port

from townhall.project import cli, preparation, reach

WORD = "hunter2-the-password"
COMMANDS = {
    "serve": ["serve", "--port", str(free_port())],
    "worker": ["worker"],
    "publish": ["publish", "x.yaml"],
    "withdraw": ["withdraw", "x"],
    "export": ["export", "x", "--json", "--reason", "audit"],
    "keys": ["keys", "rotate"],
    "deliveries": ["deliveries", "list"],
    "audit": ["audit"],
    "retention": ["retention", "run"],
    "backup": ["backup", "copy"],
}
# Each is asked in one process, because starting one takes a second; none waits for an empty file.
EACH = """
import contextlib, io, json, sys
from townhall.project import cli, reach
reach.PAUSE = 0.0
said = {}
for name, arguments in json.loads(sys.argv[1]).items():
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        code = cli.main(arguments)
    said[name] = [code, err.getvalue()]
print("\\n" + json.dumps(said))
"""


def test_each_command_with_records_is_asked_here():
    needs = {one.name for one in cli.COMMANDS if one.data and not one.bare}
    assert needs - set(COMMANDS) <= {"doctor"}


def asked(folder, commands=COMMANDS, **environment):
    """What each command ends with: {name: [exit code, standard error]}."""
    told = {
        name: [*arguments, "--data", str(folder / "data")] for name, arguments in commands.items()
    }
    command = [sys.executable, "-c", EACH, json.dumps(told)]
    done = subprocess.run(
        command,
        env=os.environ | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout.splitlines()[-1])


def each_said(found, *words):
    for name, (code, said) in found.items():
        assert code == 1, name
        assert len(said.splitlines()) == 1, said
        assert WORD not in said
        for word in words:
            assert word in said, f"{name}: {said}"


def test_a_server_that_is_not_there(tmp_path):
    port = free_port()
    address = f"postgresql://ann:{WORD}@127.0.0.1:{port}/hall"
    found = asked(tmp_path, DATABASE_URL=address)
    each_said(found, f"127.0.0.1:{port}/hall as ann", "nothing listens there", "DATABASE_URL")


@contextmanager
def refusing(code, text):
    """A PostgreSQL that lets nobody in: the start of its protocol (version 3), and one error."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer():
            while True:
                try:
                    caller, _ = door.accept()
                except OSError:
                    return
                with caller:
                    while struct.unpack("!ii", caller.recv(8))[1] in (80877103, 80877104):
                        caller.sendall(b"N")
                    fields = b"SFATAL\0VFATAL\0C" + code + b"\0M" + text + b"\0\0"
                    caller.sendall(b"E" + struct.pack("!i", len(fields) + 4) + fields)
                    caller.recv(4096)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)


def test_a_server_that_refuses_the_password(tmp_path):
    few = {name: COMMANDS[name] for name in ("serve", "deliveries")}
    with refusing(b"28P01", b'password authentication failed for user "ann"') as port:
        address = f"postgresql://ann:{WORD}@127.0.0.1:{port}/hall"
        found = asked(tmp_path, few, DATABASE_URL=address)
    each_said(found, f":{port}/hall as ann", "the user or the password is refused")


def test_a_file_of_another_kind(tmp_path):
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "townhall.sqlite3"
    file.write_text("Dear council, " * 1_000)
    found = asked(tmp_path, DATABASE_URL="")
    each_said(found, str(file), "a file of another kind", "--data")
    assert file.read_text() == "Dear council, " * 1_000


def test_a_file_of_no_bytes_is_no_new_database(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "townhall.sqlite3"
    file.touch()
    found = asked(tmp_path, DATABASE_URL="")
    each_said(found, str(file), "it is an empty file", "docs/backup.md", "delete it")
    doctor = [sys.executable, "-m", "townhall.project.cli", "doctor", "--data", str(file.parent)]
    done = subprocess.run(doctor, capture_output=True, text=True)
    assert done.returncode == 1
    assert "is an empty file" in " ".join(done.stdout.split())
    assert file.stat().st_size == 0
    assert {path.name for path in file.parent.iterdir()} <= {file.name, "preparing.lock"}


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "Make room on that disk."),
        (errno.EROFS, "Remount that disk to be written to"),
    ],
)
def test_a_folder_that_cannot_be_written_has_a_remedy(tmp_path, monkeypatch, number, remedy):
    def refused(*_, **__):
        raise OSError(number, "no")

    monkeypatch.setattr(preparation.Path, "touch", refused)
    with pytest.raises(preparation.NoRecords, match=remedy):
        preparation.have_folder(tmp_path, create=True)


def test_a_file_that_is_just_being_made_is_waited_for(tmp_path, monkeypatch):
    """Two that start together on one folder: SQLite makes an empty file, then its first page."""
    file = tmp_path / "townhall.sqlite3"
    file.touch()
    monkeypatch.setattr(reach.time, "sleep", lambda seconds: file.write_bytes(b"x"))
    assert not reach.is_empty(file)


def test_other_ends_of_a_database_are_said_and_faults_of_ours_are_not_hidden():
    damaged = DatabaseError("database disk image is malformed")
    assert reach.is_about_reaching(damaged)
    assert "cannot be used: the file is damaged. " in reach.told(damaged)
    assert "cannot be used: DatabaseError. " in reach.told(DatabaseError(f"near {WORD}"))
    full = OperationalError("database or disk is full")
    assert reach.told(full).endswith("cannot be used: the disk is full. Make room on that disk.")
    assert "on another disk" not in reach.told(full)
    read_only = OperationalError("attempt to write a readonly database")
    assert "may be read and not written. Have the disk remounted" in reach.told(read_only)
    assert reach.is_about_reaching(OperationalError("server closed the connection unexpectedly"))
    assert not reach.is_about_reaching(IntegrityError("UNIQUE constraint failed"))
    assert not reach.is_about_reaching(ValueError("a fault of ours"))
