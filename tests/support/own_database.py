"""A database of a test's own, for tests that need whole processes or the bytes on the disk."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def own_database(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a new, migrated database: a file in ``folder``, or one on the server."""
    with empty_database() as url:
        env = os.environ | {
            "TOWNHALL_DATA": str(folder),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "townhall.project.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }
        run(env, "django", "migrate", "--verbosity=0")
        yield env


@contextmanager
def empty_database() -> Iterator[str]:
    """The address of a database without tables: a new one on the server, or "" for a file."""
    address = os.environ.get("DATABASE_URL", "")
    with _on_server(address) if address.startswith("postgres") else _in_folder() as url:
        yield url


def run(env: dict[str, str], *arguments: str) -> str:
    """Run a module to its end and give what it printed; fails where it fails."""
    return finish(start(env, *arguments))


def start(env: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start a module in a process of its own."""
    command = [sys.executable, "-m", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=env, text=True, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe
    )


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a process and give what it printed; fails where it failed."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


@contextmanager
def _in_folder() -> Iterator[str]:
    yield ""


@contextmanager
def _on_server(address: str) -> Iterator[str]:
    name = f"own_{uuid.uuid4().hex}"
    _tell(address, "CREATE DATABASE {}", name)
    try:
        yield urlsplit(address)._replace(path=f"/{name}").geturl()
    finally:
        _tell(address, "DROP DATABASE {} WITH (FORCE)", name)


def _tell(address: str, words: str, name: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(words).format(sql.Identifier(name)))
