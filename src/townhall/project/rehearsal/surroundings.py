"""The environment of a rehearsal's processes, which holds nothing live that they could reach."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from townhall.submissions.sealing import write_key

FOLDER = "rehearsal"
"""Where a rehearsal keeps its store, inside the data folder that it stands beside."""

KEPT = frozenset(
    {
        "TOWNHALL_SERVICES",
        "TOWNHALL_HOSTS",
        "TOWNHALL_BEHIND_PROXY",
        "TOWNHALL_PROXIES",
        "TOWNHALL_LOG_LEVEL",
        "TOWNHALL_LOG_FORMAT",
    }
)
"""The settings that a rehearsal has in common with what is live: what is shown, where and to whom.

Every other one of ours is left behind, whatever it is: each destination's secret is in one.
"""

LIVE = ("TOWNHALL_", "PROMETHEUS_", "PG")
"""How the names begin of what is otherwise left behind: ours, where counts go, and libpq's own."""


def surroundings(live: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Give the environment of a rehearsal that keeps its store in ``folder``.

    The live database's address, every key, every secret, the mail relay and any proxy are not in
    it. Its own keys are new and are written down nowhere: what was sealed ends with the processes.
    """
    return {name: value for name, value in live.items() if not _is_left_behind(name)} | {
        "TOWNHALL_REHEARSAL": "yes",
        "TOWNHALL_DATA": str(folder),
        "TOWNHALL_KEYS": write_key("rehearsal"),
        "TOWNHALL_SECRET_KEY": secrets.token_urlsafe(64),
    }


def _is_left_behind(name: str) -> bool:
    if name in KEPT:
        return False
    return name.startswith(LIVE) or name == "DATABASE_URL" or name.lower().endswith("_proxy")
