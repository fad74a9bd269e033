"""Parts of the bench that run in a process of their own, on the server's core."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench import machine, ours
from tests.bench.board import ROOT


def python(module: str, *arguments: str, data: Path, database: str = "") -> dict[str, Any]:
    """Run a module with a store in `data`, or at `database`; gives the JSON that it printed."""
    settings = os.environ | ours.environment()
    settings |= {"TOWNHALL_DATA": str(data), "DATABASE_URL": database}
    with machine.pinned(machine.SERVER):
        ran = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=settings, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    found: dict[str, Any] = json.loads(ran.stdout)
    return found
