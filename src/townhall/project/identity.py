"""What this process calls itself to those who look after it."""

import os
import socket
from importlib.metadata import version

LONGEST_HOST = 150


def name() -> str:
    """Give the machine and the process's number there."""
    return f"{socket.gethostname()[:LONGEST_HOST]}:{os.getpid()}"


def release() -> str:
    """Give the version of Townhall that runs."""
    return version("townhall")
