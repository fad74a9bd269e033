"""Ports for servers that a test starts as processes of their own."""

import secrets
import socket

# Whoever listens at "any port" is given one from 32768 up (Linux) or from 49152 (RFC 6335). Between
# the choice of a port and a process that listens there lies a second, in which a fake of another
# test could be given the same one, and would answer in its place.
LOWEST, HIGHEST = 10_000, 32_000


def free_port() -> int:
    """A port that nobody listens at, and that nobody is given who asks for any."""
    while True:
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
