"""What each kind of request costs in instructions, which are the same however busy a machine is.

`python -m tests.bench.instructions` prints thousands of them for each kind, as valgrind's callgrind
counts them (on Debian `apt install valgrind`; a C compiler is needed too). Requests are handed
straight to our Django by one thread: waiting, the network and the kernel are no part of it.
"""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import inside, ours
from tests.bench.board import ROOT

COLLECT = Path(__file__).parent / "collect.c"
WARM, TIMES = 6, 4
KEPT = re.compile(r"^desc: Trigger: Client Request: ([a-z]+) ([0-9]+)$", re.MULTILINE)
TOTAL = re.compile(r"^(?:summary|totals): ([0-9]+)$", re.MULTILINE)


def main() -> None:
    """Print them; a journey makes each kind once, but opens and sends six pages."""
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder))
    for kind in inside.KINDS:
        print(f"{kind:10}{found[kind]:10,.0f} thousand instructions a request")
    pages = len(inside.JOURNEY["steps"]) - 2
    whole = sum(found.values()) + (pages - 1) * (found["page"] + found["save"])
    print(f"{'journey':10}{whole:10,.0f} thousand instructions")


def measured(folder: Path) -> dict[str, float]:
    """Run ourselves under callgrind; gives thousands of instructions by kind of request."""
    shim, kept = folder / "collect.so", folder / "kept"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", shim, COLLECT], check=True)
    settings = os.environ | ours.environment()
    settings |= {"TOWNHALL_DATA": str(folder / "data"), "DATABASE_URL": "", "PYTHONHASHSEED": "0"}
    # Nothing is counted until we say so, and what we go through before is ten times as fast.
    told = ("--instr-atstart=no", "--collect-atstart=no", f"--callgrind-out-file={kept}")
    us = (sys.executable, "-m", "tests.bench.instructions", str(shim))
    subprocess.run(
        ["valgrind", "--quiet", "--tool=callgrind", *told, *us],
        env=settings, cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    found = {}
    for file in folder.glob("kept.*"):
        text = file.read_text()
        name, total = KEPT.search(text), TOTAL.search(text)
        if name and total:
            found[name[1]] = int(total[1]) / int(name[2]) / 1000
    return found


class Counted:
    """Our Django, whose requests callgrind counts while `on`."""

    def __init__(self, shim: str) -> None:
        """`shim` is collect.c, compiled."""
        self.tell = ctypes.PyDLL(shim)
        self.answer = inside.application()
        self.on = False

    def __call__(self, environ: dict[str, Any], sent: bytes) -> object:
        """Answer a request."""
        if not self.on:
            return self.answer(environ, sent)
        self.tell.toggle()
        try:
            return self.answer(environ, sent)
        finally:
            self.tell.toggle()


def go_through(shim: str) -> None:
    """Make journeys for each kind of request, and keep what its requests cost."""
    inside.set_up()
    counted, made = Counted(shim), 0

    def around(kind: str, make: Callable[[], str]) -> str:
        nonlocal made
        counted.on = kind == wanted
        made += counted.on
        return make()

    wanted = ""
    for _ in range(WARM):
        inside.journey(counted, around)
    counted.tell.begin()
    for wanted in inside.KINDS:
        made = 0
        for _ in range(TIMES):
            inside.journey(counted, around)
        counted.tell.keep(f"{wanted} {made}".encode())


if __name__ == "__main__":
    go_through(sys.argv[1]) if len(sys.argv) > 1 else main()
