"""What is said to whoever asked: a status, headers and all of the body."""

from typing import NamedTuple

from townhall.project.handler import Headers

# What the door says of a request whose body there was no room for; no header can have this name.
CROWDED = "townhall.crowded"


class Said(NamedTuple):
    """An answer, as granian takes it."""

    status: int
    headers: Headers
    body: bytes
