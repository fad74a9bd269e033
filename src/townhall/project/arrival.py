"""How long a request may take to arrive, so that dripping one in keeps nobody else out."""

from collections.abc import Mapping

NAME = "TOWNHALL_ARRIVAL_SECONDS"
USUAL = "15"
MOST = 600
# Bytes a second: a fifth of what the slowest mobile telephone sends.
SLOWEST = 2_000


def seconds(environment: Mapping[str, str]) -> int:
    """Give how long headers may take, and a body that is short. Raises ValueError."""
    text = (environment.get(NAME) or USUAL).strip()
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST):
        raise ValueError(f"{NAME} must be a whole number from 1 to {MOST}")
    return int(text)
