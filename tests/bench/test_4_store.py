"""Whether a request costs the same beside a million stored drafts and submissions as by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.bench import driver, machine, ours
from tests.bench.board import Board, Goal, at_most
from tests.bench.processes import python
from tests.support.postgres import NoPostgres, server

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]
ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
BLOCKS = 15
Figure = tuple[str, str, list[float], str]
FLAT = at_most(1.2)
ASKED: dict[str, tuple[str, driver.Way, int, Goal | None]] = {
    "page": ("a question page", driver.opening, 30, FLAT),
    "save": ("sending a page", driver.saving, 30, FLAT),
    "receive": ("sending the answers", driver.sending, 4, FLAT),
    # Asked four times a minute at most, and by no resident.
    "metrics": ("the page for Prometheus", driver.reading_metrics, 3, None),
}


@dataclass(frozen=True)
class Store:
    """Where one store is: its folder, and its database's address where that is PostgreSQL."""

    data: Path
    database: str = ""


def test_sqlite(board: Board, tmp_path: Path) -> None:
    board.head(f"SQLite with {ROWS:,} submissions and {2 * ROWS:,} drafts, over an empty one")
    _compare(board, "sqlite", Store(tmp_path / "empty" / "data"), Store(tmp_path / "full" / "data"))


def test_postgresql(board: Board, tmp_path: Path) -> None:
    board.head(f"PostgreSQL with {ROWS:,} submissions and {2 * ROWS:,} drafts, over an empty one")
    with ExitStack() as stack:
        try:
            with machine.pinned(machine.SERVER):
                address = stack.enter_context(server())
        except NoPostgres as reason:
            print(f"  Not measured: {reason}")
            for name, (words, _, _, goal) in ASKED.items():
                said = f"{words}: CPU, over the empty one’s"
                board.add(f"postgresql_{name}_cpu_ratio", said, None, "times", goal)
            return
        empty, full = (
            Store(tmp_path / name / "data", _made(address, name))
            for name in ("bench_empty", "bench_full")
        )
        _compare(board, "postgresql", empty, full)


def _compare(board: Board, vendor: str, empty: Store, full: Store) -> None:
    for store, rows in ((empty, 0), (full, ROWS)):
        said = python("tests.bench.store", str(rows), data=store.data, database=store.database)
    board.add(f"{vendor}_fill", "filling it", said["seconds"], "s")
    with ExitStack() as stack:
        servers = [stack.enter_context(_serving(store)) for store in (empty, full)]
        stack.enter_context(machine.pinned(machine.DRIVER))
        for name, (words, way, each, goal) in ASKED.items():
            blocks = driver.costs(servers, way, BLOCKS, each)
            for key, said, values, unit in _figures(words, blocks):
                asked = goal if unit == "times" else None
                board.add(f"{vendor}_{name}_{key}", said, values, unit, asked)
    plans = python("tests.bench.inside", "plans", data=full.data, database=full.database)["plans"]
    wasteful = [line for lines in plans.values() for line in lines]
    words = "statements that read a whole table of records"
    board.add(f"{vendor}_scans", words, len(wasteful), "", at_most(0))
    for line in wasteful:
        print(f"    {line}")


def _figures(words: str, blocks: list[list[driver.Cost]]) -> Iterator[Figure]:
    yield "cpu_full", f"{words}: CPU", [full.cpu for _, full in blocks], "ms"
    cpu = [full.cpu / empty.cpu for empty, full in blocks]
    yield "cpu_ratio", f"{words}: CPU, over the empty one’s", cpu, "times"
    wait = [full.middle / empty.middle for empty, full in blocks]
    yield "wait_ratio", f"{words}: wait, over the empty one’s", wait, "times"


@contextmanager
def _serving(store: Store) -> Iterator[ours.Server]:
    """Serve a store; on PostgreSQL the database's own work is counted too."""
    beside = (_postmaster(store.database),) if store.database else ()
    with ours.running(store.data, DATABASE_URL=store.database) as served:
        yield replace(served, beside=beside)


def _postmaster(address: str) -> int:
    with psycopg.connect(address) as connection:
        own = psutil.Process(connection.info.backend_pid).parent()
    assert own is not None
    return own.pid


def _made(address: str, name: str) -> str:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        connection.execute("ALTER SYSTEM SET autovacuum = off")
        connection.execute("SELECT pg_reload_conf()")
    return f"{address.rpartition('/')[0]}/{name}"
