"""Large published forms: how long they take to prove and compile, and what their pages cost."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench import machine, ours
from tests.bench.board import Board, at_most
from tests.bench.processes import python
from tests.support.corpus import ROOT as CORPUS
from tests.support.corpus import named
from townhall.engine.library import Library
from townhall.engine.load import load_service
from townhall.project import clock
from townhall.proof.check import prove

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
LARGE = {"outbreak": "reportanoutbreak", "close-contact": "close-contact-form-cca"}
TIMES = 5
PAGES_ON = 40


def test_large_forms(board: Board, tmp_path: Path) -> None:
    board.head("Large published forms")
    if CORPUS is None:
        print("  Set TOWNHALL_CORPUS to the folder of published forms to measure them.")
        for name in LARGE:
            _figures(board, name, {})
        return
    folder = _imported(tmp_path / "forms")
    found = python(
        "tests.bench.forms", str(folder), "permit", *LARGE.values(), data=tmp_path / "data"
    )
    small = found["permit"]
    for name, service in LARGE.items():
        file = folder / f"{service}.yaml"
        wall, cpu = zip(*(_checked(file) for _ in range(TIMES)), strict=True)
        one = found[service]
        _size(board, name, file, one["pages"])
        _figures(board, name, {
            "compile": (one["compile"] + one["first"]) / 1000,
            "check": wall,
            "check_cpu": cpu,
            "prove": [_proved(file) for _ in range(TIMES)],
            "page": [a / b for a, b in zip(one["middle"], small["middle"], strict=True)],
            "deepest": [a / b for a, b in zip(one["last"], small["last"], strict=True)],
        })  # fmt: skip


def _figures(board: Board, name: str, found: dict[str, object]) -> None:
    key = name.replace("-", "_")
    for figure, words, unit, goal in (
        ("compile", "compile, and draw a route’s pages once", "s", at_most(2)),
        ("check", "`townhall check`", "s", at_most(1)),
        ("check_cpu", "its CPU", "s", None),
        ("prove", "its proof alone", "s", None),
        ("page", "CPU of a page, over the small form’s", "times", at_most(1.3)),
        ("deepest", "CPU of its last page, over the small’s", "times", at_most(1.3)),
    ):
        board.add(f"{key}_{figure}", f"{name}: {words}", found.get(figure), unit, goal)


def _size(board: Board, name: str, file: Path, route: int) -> None:
    definition = load_service(file, Library.shipped()).definition
    assert definition is not None
    questions = sum(len(page.questions) for page in definition.pages)
    words = f"{len(definition.pages)} pages, {questions} questions"
    board.add(f"{name.replace('-', '_')}_size", f"{name}: as imported", words)
    board.add(f"{name.replace('-', '_')}_route", f"{name}: pages of the route walked", route)


def _imported(folder: Path) -> Path:
    """Import the forms with our own command, beside the bench's service and council."""
    shutil.copytree(ours.SERVICES, folder)
    files = [str(named()[name]) for name in LARGE]
    ran = _townhall("import", *files, "--to", str(folder))
    assert ran.returncode == 0, ran.stderr
    return folder


def _checked(file: Path) -> tuple[float, float]:
    """Time the whole command: seconds on the clock, and of CPU."""
    began, before = time.perf_counter(), _children()
    with machine.pinned(machine.SERVER):
        ran = _townhall("check", str(file))
    assert "1 service checked" in ran.stdout, ran.stderr
    return time.perf_counter() - began, _children() - before


def _proved(file: Path) -> float:
    library = Library.shipped().with_folder(file.parent)
    began = time.process_time()
    prove(file, library, today=clock.now().date())
    return time.process_time() - began


def _townhall(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "townhall.project.cli", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
