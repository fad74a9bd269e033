"""Named places where a test may stop the process dead, so that each gap between two steps is
proven.

A point does nothing unless the environment names it: `TOWNHALL_CRASH_AT=outbox.called` ends the
process there as `kill -9` would: no clean-up, no rollback sent, no buffer flushed.
"""

import os

POINTS = (
    "receive.before_commit",
    "receive.committed",
    "outbox.before_claim_commit",
    "outbox.claimed",
    "outbox.called",
    "outbox.before_record_commit",
    "outbox.recorded",
)
"""Every point there is, in the order in which one submission passes them."""

VARIABLE = "TOWNHALL_CRASH_AT"
STATUS = 137
# A process is asked at its start.
_ASKED = os.environ.get(VARIABLE)


def crashpoint(name: str) -> None:
    """End the process here if the environment asks for this point. Raises ValueError for an unknown
    name.
    """
    if name not in POINTS:
        raise ValueError(f"no crash point is called {name}")
    if name == _ASKED:
        os._exit(STATUS)
