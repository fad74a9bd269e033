"""Where the time goes, and the least that a journey can cost on this server and framework."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.bench import bare, floor, ours, peer, profile
from tests.bench.board import Board
from tests.bench.processes import python

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS, JOURNEY_SECONDS, BRIEFLY = 1.5, 4.0, 0.2
JOURNEYS_EACH = 6
TIMES_THE_PEER = 4
"""How many times the peer's journeys are the goal."""
PROFILED = {"page": "a question page", "save": "sending a page", "journey": "a whole journey"}
REQUESTS_PROFILED = "340"
LIBRARIES = "libraries"
Costs = dict[str, list[float]]
KEPT = ("django", profile.C_CODE, profile.STDLIB, profile.OTHER)
FLOORS = {
    floor.SERVER_ALONE: "were each request granian alone",
    floor.DOOR: "were each answered at our door",
    floor.LEAST: "were each the least that Django answers",
    floor.START: "were each as cheap as the start page",
}


def test_layers_and_the_floor(board: Board, tmp_path: Path) -> None:
    costs = _costs(tmp_path)
    board.head(f"Layers: CPU of a request at {peer.CONNECTIONS} connections, one core")
    for layer in floor.LAYERS:
        board.add(f"layer_{layer.name}", layer.words, costs[layer.name], "ms")
    _floor(board, costs, costs.get("peer"))


def _floor(board: Board, costs: Costs, theirs: list[float] | None) -> None:
    board.head(f"The floor: CPU of a journey of {floor.REQUESTS} requests, beside the peer")
    if theirs is None:
        print(f"  {peer.ABSENT}")
    board.add("floor_peer", "the peer’s", theirs, "ms")
    board.add("floor_ours", "ours", costs["ours"], "ms")
    board.add("floor_ours_ratio", "  than the peer’s", _less(costs["ours"], theirs), "times less")
    for name, words in FLOORS.items():
        least = [floor.REQUESTS * one for one in costs[name]]
        board.add(f"floor_{name}", words, least, "ms")
        board.add(f"floor_{name}_ratio", "  than the peer’s", _less(least, theirs), "times less")
    board.add("floor_own", "a request of ours, beyond that least", _own(costs, costs["ours"]), "ms")
    goal = theirs and [one / TIMES_THE_PEER for one in theirs]
    words = f"  what {TIMES_THE_PEER} times the peer would leave for it"
    board.add("floor_own_room", words, _own(costs, goal), "ms")


def _costs(folder: Path) -> Costs:
    """Give what each layer, and a journey of ours and of the peer's, cost in each round, in ms."""
    found: Costs = {}
    with ExitStack() as stack:
        alone = stack.enter_context(bare.running(folder / "bare.txt"))
        mine = stack.enter_context(ours.running(folder / "data"))
        other = stack.enter_context(peer.running(folder / "peer.txt")) if peer.FOLDER else None
        floor.journeys(mine, 1, JOURNEYS_EACH)
        for _ in range(ROUNDS):
            one = floor.layers(alone, mine, SECONDS)
            one["ours"] = floor.journeys(mine, peer.PEOPLE, JOURNEYS_EACH)
            if other:
                said = peer.drive(
                    other, seconds=BRIEFLY, journey_seconds=JOURNEY_SECONDS, out=folder / "said"
                )
                one["peer"] = said["journey"]["server_cpu_ms"]
            for name, value in one.items():
                found.setdefault(name, []).append(value)
    return found


def _less(mine: Sequence[float], theirs: Sequence[float] | None) -> list[float] | None:
    return theirs and [b / a for a, b in zip(mine, theirs, strict=True)]


def _own(costs: Costs, journeys: Sequence[float] | None) -> list[float] | None:
    """Give what is left for a request of such journeys when the least has been taken."""
    least = costs[floor.LEAST]
    return journeys and [a / floor.REQUESTS - b for a, b in zip(journeys, least, strict=True)]


@pytest.mark.parametrize("kind", PROFILED)
def test_shares_by_package(board: Board, tmp_path: Path, kind: str) -> None:
    found = python(
        "tests.bench.profile", kind, "--json", "--times", REQUESTS_PROFILED, data=tmp_path / "data"
    )
    board.head(f"Where the profiled time of {PROFILED[kind]} goes")
    for name, share in grouped(found).most_common():
        key = name.replace(" ", "_").replace(".", "_")
        board.add(f"share_{kind}_{key}", name, 100 * share, "%")


def grouped(shares: dict[str, float]) -> Counter[str]:
    """Add up all libraries but Django; our own rooms stay apart."""
    found: Counter[str] = Counter()
    for name, share in shares.items():
        alone = name in KEPT or name.startswith(profile.OURS)
        found[name if alone else LIBRARIES] += share
    return found
