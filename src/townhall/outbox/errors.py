"""What a handler says when it could not finish a delivery.

    DeliveryError         carries `error_class`, a short slug that is stored and shown
    ├── TryAgain          not done; worth another try later (a time-out, a 503)
    │   └── Uncertain     it may have been done: the answer was lost
    ├── NotYet            the other side has it and has not settled it; ask again later
    └── GiveUp            no later try can help; a person must look (a bounce, a 422)

An error class never holds an answer, an address or the far end's reply: `http_503`, `timeout`,
`bounced`.
"""

import re
from datetime import timedelta

SLUG = re.compile(r"[a-z0-9_:.\-]{1,60}", re.ASCII)


class DeliveryError(Exception):
    """A delivery did not finish. `error_class` is all that is kept of the reason."""

    def __init__(self, error_class: str, *, after: timedelta | None = None) -> None:
        """`after`: not before this long from now, where the far end said so."""
        if not SLUG.fullmatch(error_class):
            raise ValueError("an error class is a short lower-case slug")
        super().__init__(error_class)
        self.error_class = error_class
        self.after = after


class TryAgain(DeliveryError):
    """The far end did not take it; a later try may work."""


class Uncertain(TryAgain):
    """The far end was given all of it and its answer was lost. What must arrive is tried again; a
    handler to whom a second copy is worse than none counts it as made.
    """


class NotYet(DeliveryError):
    """The far end took it and has not said how it ended. This is not a failure."""


class GiveUp(DeliveryError):
    """No later try can work: the delivery is dead until a person acts."""
