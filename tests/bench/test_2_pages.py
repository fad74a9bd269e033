"""What one request costs: CPU, statements, memory, and what a first visit has to fetch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import driver, inside, machine, ours
from tests.bench.board import Board, at_most
from tests.bench.processes import python

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
ROUNDS = 5
PEOPLE, JOURNEYS = 64, 3
LINKED = re.compile(r'<(?:link|script)\b[^>]*?\b(?:href|src)="(/[^"]+\.(css|js)(?:\?[^"]*)?)"')
SAID = {
    "start": "open the start page",
    "begin": "begin",
    "page": "open a question page",
    "save": "send a page",
    "check": "open check answers",
    "submit": "send the answers",
    "confirm": "open the confirmation",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[ours.Server]:
    with (
        ours.running(tmp_path_factory.mktemp("pages") / "data") as found,
        machine.pinned(machine.DRIVER),
    ):
        yield found


def test_cpu_over_http(board: Board, server: ours.Server) -> None:
    board.head("One request at a time, over HTTP: the web process’s CPU")
    opened, saved, whole = (
        [cost for (cost,) in driver.costs([server], way, ROUNDS, each)]
        for way, each in ((driver.opening, 300), (driver.saving, 300), (driver.going, 20))
    )
    board.add("get_cpu", "open a question page", [one.cpu for one in opened], "ms", at_most(1))
    board.add("post_cpu", "send a page", [one.cpu for one in saved], "ms")
    board.add("whole_cpu", "a whole journey, 17 requests", [one.cpu for one in whole], "ms")
    board.add("get_wait", "wait for a question page", [one.middle for one in opened], "ms")
    board.add("post_wait", "wait for a page to be kept", [one.middle for one in saved], "ms")
    board.add("whole_wait", "wait in a whole journey", [one.middle for one in whole], "ms")


def test_cpu_and_statements_inside(board: Board, tmp_path: Path) -> None:
    found = python("tests.bench.inside", "cpu", "queries", data=tmp_path / "data")
    board.head("One request at a time, inside Django: CPU")
    for kind in inside.KINDS:
        board.add(f"{kind}_cpu_inside", SAID[kind], found["cpu"][kind], "ms")
    board.add("journey_cpu_inside", "a whole journey", found["cpu"]["journey"], "ms")
    board.head("Statements of a request")
    for kind in inside.KINDS:
        board.add(f"{kind}_queries", SAID[kind], found["queries"][kind], "", at_most(6))


def test_a_process_that_has_not_opened_the_draft(board: Board, tmp_path: Path) -> None:
    found = python(
        "tests.bench.inside", "cpu-elsewhere", "queries-elsewhere", data=tmp_path / "data"
    )
    costs, counts = found["cpu-elsewhere"], found["queries-elsewhere"]
    board.head("The same where each request comes to a process that has not opened its draft")
    board.add("page_cpu_elsewhere", SAID["page"], costs["page"], "ms", at_most(1))
    for kind in ("save", "check", "submit"):
        board.add(f"{kind}_cpu_elsewhere", SAID[kind], costs[kind], "ms")
    most = max(counts.values())
    board.add("queries_elsewhere", "most statements of a request", most, "", at_most(6))


def test_memory(board: Board, server: ours.Server) -> None:
    board.head(f"Memory of the web process after {PEOPLE * JOURNEYS} journeys, {PEOPLE} at once")
    driver.crowd(server, PEOPLE, JOURNEYS)
    held = machine.memory_of(server.pid)
    board.add(
        "memory_rss", "the process that holds the application, RSS", held["rss"], "MB", at_most(150)
    )
    board.add("memory_pss", "the same, PSS", held["pss"], "MB", at_most(150))
    board.add("memory_all", "with the one that watches over it, PSS", held["all"], "MB")


def test_first_view(board: Board, server: ours.Server) -> None:
    board.head("A first visit, as it is sent to a browser that takes compressed answers")
    with driver.at(server) as caller:
        pages = {page: _fetched(caller, page) for page in ("/permit", "/permit/full-name")}
        how = caller.headers.get("content-encoding", "not compressed")
    page, parts = max(pages.items(), key=lambda one: sum(one[1].values()))
    for name in ("html", "css", "js"):
        words = f"{name} of {page}" + (f", {how}" if name == "html" else "")
        board.add(f"first_view_{name}", words, parts[name] / 1000, "KB")
    board.add("first_view", "all of it", sum(parts.values()) / 1000, "KB", at_most(30))


def _fetched(caller: driver.Caller, page: str) -> dict[str, int]:
    caller.ask("GET", page)
    sizes = {"html": int(caller.headers["content-length"]), "css": 0, "js": 0}
    for path, kind in LINKED.findall(caller.read(page)):
        sizes[kind] += len(caller.ask("GET", path))
    assert all(sizes.values()), (page, sizes)
    caller.ask("GET", page)
    return sizes
