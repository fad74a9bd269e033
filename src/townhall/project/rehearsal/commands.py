"""`townhall walk`: starts a process that knows nothing live, and has it walk the examples."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from townhall.project import lifeline
from townhall.project.rehearsal.surroundings import surroundings

PROGRAM = "townhall.project.rehearsal.program"


def walk_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``townhall walk``."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="SERVICE|FILE",
        help="services by name, files or folders (default: every service)",
    )
    parser.add_argument(
        "--services",
        action="append",
        type=Path,
        metavar="DIR",
        help="a folder of services, and of the council's settings for files that have none beside"
        " them; may be given again",
    )
    parser.add_argument("--json", action="store_true", help="print how each example went as JSON")


def walk(options: argparse.Namespace) -> int:
    """Walk every example through the real pages; 0 only where all of them go as they say."""
    asked = {"names": options.names, "json": options.json, "at": options.at.isoformat()}
    with tempfile.TemporaryDirectory(prefix="townhall-rehearsal-") as folder:
        known = surroundings(os.environ, Path(folder)) | _ours(options.services or [])
        command = [sys.executable, "-m", PROGRAM, json.dumps(asked)]
        return subprocess.run(command, env=known, check=False).returncode


def _ours(folders: list[Path]) -> dict[str, str]:
    """What is so of this walk alone: it is met on this machine only, and ends with this process."""
    services = os.pathsep.join(str(folder) for folder in folders)
    return {
        "TOWNHALL_HOSTS": "",
        "TOWNHALL_BEHIND_PROXY": "",
        "TOWNHALL_LOG_LEVEL": os.environ.get("TOWNHALL_LOG_LEVEL") or "ERROR",
        lifeline.NAME: str(os.getpid()),
    } | ({"TOWNHALL_SERVICES": services} if services else {})
