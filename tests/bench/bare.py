"""The server and nothing else: `python -m tests.bench.bare PORT` answers `ok` to whoever asks.

It is granian as `townhall/project/web.py` starts it, with neither our door nor Django behind it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from tests.bench import machine, ours, peer
from tests.support.ports import free_port
from tests.support.serving import end, eventually

HEADERS = [("content-type", "text/plain; charset=utf-8")]


async def answer(scope: Any, transport: Any) -> None:
    """Answer one request."""
    transport.response_bytes(200, HEADERS, b"ok\n")


@contextmanager
def running(said: Path) -> Iterator[ours.Server]:
    """Start it on the server's core."""
    port = free_port()
    with said.open("wb") as out, machine.pinned(machine.SERVER):
        process = Popen([sys.executable, "-m", __name__, str(port)], stdout=out, stderr=out)
    try:
        eventually(lambda: process.poll() is not None or peer.listens(port))
        assert process.poll() is None, said.read_text()
        yield ours.Server("bare", f"http://127.0.0.1:{port}", process.pid, ours.JOURNEY)
    finally:
        end(process)


if __name__ == "__main__":
    MPServer(
        "tests.bench.bare:answer",
        port=int(sys.argv[1]),
        interface=Interfaces.RSGI,
        workers=1,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()
