"""What is sent, and what every sender promises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, repr=False)
class Message:
    """One message to one recipient. It has no repr of its own, so that no log can hold its words.

    `to`: a mail address, or a webhook's URL. `subject` and `body`: plain text, for mail and GOV.UK
    Notify. `payload`: what a webhook is sent as JSON. `headers`: more headers for a webhook, none
    of them holding an answer.
    """

    to: str
    subject: str = ""
    body: str = ""
    payload: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Sender(Protocol):
    """Sends a message through one kind of door.

    Returning means that the far end has it for good. Otherwise it raises an error of
    `outbox.errors`: TryAgain, NotYet (the far end took it and has not settled it: send again with
    the same key to ask), or GiveUp. The same `key` twice has one effect wherever the far end can
    tell; mail, which cannot, gets the same Message-ID, and a TryAgain that is Uncertain where the
    far end may have it. Each try ends by itself, well within `outbox.claims.LONGEST`. No
    transaction may be held while it sends.
    """

    def send(self, message: Message, *, key: str, at: datetime) -> None:
        """`key`: the delivery's idempotency key. `at`: the instant of this try, aware."""
