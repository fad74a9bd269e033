"""Finds out when the web process that was just started answers."""

import http.client
import time
from collections.abc import Sequence

LOOK_EVERY = 0.1
LONGEST_ANSWER = 30.0
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked at, not listened at


def wait_for_an_answer(host: str, port: int, names: Sequence[str]) -> None:
    """Wait until the home page is answered at a host and port, whatever the answer is.

    ``names`` are those that the server takes as its own (``ALLOWED_HOSTS``).
    """
    while not answers(host, port, a_name_of_ours(names)):
        time.sleep(LOOK_EVERY)


def answers(host: str, port: int, name: str) -> bool:
    """Whether a request is answered there at all."""
    asking = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=LONGEST_ANSWER)
    try:
        asking.request("HEAD", "/", headers={"Host": name})
        asking.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        asking.close()


def a_name_of_ours(names: Sequence[str]) -> str:
    """Give a name that the server does not refuse: `.borough.example` takes `x.borough.example`."""
    first = next((name for name in names if name != "*"), "localhost")
    return f"x{first}" if first.startswith(".") else first
