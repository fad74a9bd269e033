"""Many people at once, beside another engine that has the same journey and keeps it in memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.bench import machine, ours, peer
from tests.bench.board import Board, at_least, at_most

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS, JOURNEY_SECONDS = 3.0, 6.0
Driven = dict[str, list[dict[str, Any]]]

# Name, what it is, which of the driver's operations and of its figures, unit.
FIGURES = (
    ("journeys", "whole journeys", "journey", "per_s", "a second"),
    ("journey_cpu", "CPU of a journey", "journey", "server_cpu_ms", "ms"),
    ("pages", "question pages, 64 connections", "get", "per_s", "a second"),
    ("page_p99", "99th of 100 of their times", "get", "p99", "ms"),
    ("page_cpu", "CPU of one", "get", "server_cpu_ms", "ms"),
    ("saves", "pages sent, 64 connections", "post", "per_s", "a second"),
    ("save_p99", "99th of 100 of their times", "post", "p99", "ms"),
    ("load_memory", "memory of the process under it, RSS", "memory", "rss", "MB"),
)
GOALS = {"journeys": at_least(4), "pages": at_least(3), "page_p99": at_most(0.5)}
# Other programs on the machine disturb these less, so they say what the others would be without.
STEADY = {"journey_cpu": "CPU of a journey, than the peer’s", "page_cpu": "CPU of a page"}
SIDES = {"townhall": "", "slow": "slow_"}
HEADS = {"townhall": "As it is", "slow": "With 2 ms added to each commit"}


def test_beside_the_peer(board: Board, tmp_path_factory) -> None:
    """Ours, ours with slower commits, and the peer: in turn, and again."""
    if peer.FOLDER is None:
        board.head("Many at once, beside the peer: not measured")
        print(f"  {peer.ABSENT}")
        for side in SIDES:
            _ratios(board, side, lambda name: None)
        return
    driven = _drive(tmp_path_factory.mktemp("load"))
    for side in SIDES:
        board.head(f"{HEADS[side]}: one core, driven from another, beside the peer")
        if side not in driven:
            print("  Not measured: there is no C compiler (`cc`) to make the slower commits.")
            _ratios(board, side, lambda name: None)
            continue
        _absolute(board, SIDES[side], driven[side])
        ratio = _compare(driven[side], driven["peer"])
        _ratios(board, side, ratio)
        for name, words in STEADY.items():
            less = [1 / one for one in ratio(name)]
            board.add(f"{SIDES[side]}{name}_ratio", words, less, "times less")
    board.head("The peer in the same go")
    _absolute(board, "peer_", driven["peer"])


def _drive(folder: Path) -> Driven:
    with ExitStack() as stack:
        slow = ours.slow_commits(folder)
        servers = [stack.enter_context(ours.running(folder / "ours" / "data"))]
        if slow:
            slowly = ours.running(folder / "slow" / "data", name="slow", **slow)
            servers.append(stack.enter_context(slowly))
        servers.append(stack.enter_context(peer.running(folder / "peer.txt")))
        driven: Driven = {server.name: [] for server in servers}
        for _ in range(ROUNDS):
            for server in servers:
                driven[server.name].append(_round(server, folder / "said.json"))
        return driven


def _round(server: ours.Server, out: Path) -> dict[str, Any]:
    said = peer.drive(server, seconds=SECONDS, journey_seconds=JOURNEY_SECONDS, out=out)
    for operation in ("get", "post", "journey"):
        one = said[operation]
        assert not one["errors"], (server.name, operation, one)
        if one["driver_cpu"] > 0.9:
            print(f"  the driver, not {server.name}, was the limit of {operation}")
    said["memory"] = machine.memory_of(server.pid)
    return said


def _absolute(board: Board, before: str, rounds: list[dict[str, Any]]) -> None:
    for name, words, operation, figure, unit in FIGURES:
        values = [one[operation][figure] for one in rounds]
        board.add(f"{before}{name}", words, values, unit)


def _compare(
    mine: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> Callable[[str], list[float] | None]:
    found = {name: (operation, figure) for name, _, operation, figure, _ in FIGURES}

    def ratio(name: str) -> list[float]:
        operation, figure = found[name]
        pairs = zip(mine, theirs, strict=True)
        return [one[operation][figure] / other[operation][figure] for one, other in pairs]

    return ratio


def _ratios(board: Board, side: str, ratio: Callable[[str], list[float] | None]) -> None:
    for name, words, *_ in FIGURES:
        if name in GOALS:
            said = f"{words}, over the peer’s"
            board.add(f"{SIDES[side]}{name}_ratio", said, ratio(name), "times", GOALS[name])
