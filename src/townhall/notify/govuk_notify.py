"""GOV.UK Notify, through its own client: asks by reference first, so a lost answer is not sent
twice.

Notify has no idempotency key; `reference` is the caller's handle (GOV.UK Notify, REST API
documentation, "reference" and "Get the status of multiple messages").
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from notifications_python_client.errors import HTTPError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient
from requests import RequestException

from townhall.notify.addresses import mail_domain
from townhall.notify.ports import Message
from townhall.notify.sanitise import inert
from townhall.outbox.errors import DeliveryError, GiveUp, NotYet, TryAgain

BASE_URL = "https://api.notifications.service.gov.uk"
TIMEOUT = 20
ASK_AFTER = timedelta(seconds=30)
TRIES = 3
"""How often Notify may fail to deliver (a full inbox) before we stop asking it to."""

KEY_LENGTH = 73
SETTLED_BADLY = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})
FINAL = frozenset({400, 413})

# The client logs the far end's reply, which may quote what it was sent.
logging.getLogger("notifications_python_client.base").addFilter(lambda record: False)


@dataclass(frozen=True)
class NotifySender:
    """Sends mail with one template, whose placeholders are ((subject)) and ((body)).

    ``direct``: by no proxy that the environment names, as to a stand-in on this machine.
    """

    api_key: str = field(repr=False)
    template: str
    base_url: str = BASE_URL
    direct: bool = False

    def send(self, message: Message, *, key: str, at: datetime) -> None:
        """Send, or learn how an earlier try ended. Done means that Notify says "delivered"."""
        if len(self.api_key) < KEY_LENGTH or not self.template:
            raise TryAgain("not_configured")
        if mail_domain(message.to) is None:
            raise GiveUp("bad_address")
        client = self._client()
        found = _asked(lambda: client.get_all_notifications(reference=key))
        if not _is_to_be_sent(_statuses(found)):
            return
        personalisation = {"subject": inert(message.subject), "body": inert(message.body)}
        _asked(
            lambda: client.send_email_notification(
                email_address=message.to,
                template_id=self.template,
                personalisation=personalisation,
                reference=key,
            )
        )
        raise NotYet("accepted", after=ASK_AFTER)

    def reach(self, seconds: float) -> None:
        """See that Notify answers under this key, and send nothing. Raises a DeliveryError."""
        if len(self.api_key) < KEY_LENGTH or not self.template:
            raise TryAgain("not_configured")
        client = self._client()
        client.timeout = seconds
        _asked(lambda: client.get_all_notifications(reference="doctor"))

    def _client(self) -> Any:
        made: Any = NotificationsAPIClient
        client = made(self.api_key, base_url=self.base_url, timeout=TIMEOUT)
        client.request_session.max_redirects = 0
        client.request_session.trust_env = not self.direct
        return client


def _is_to_be_sent(statuses: Sequence[str]) -> bool:
    """False where it is delivered. Raises NotYet while Notify is at it, GiveUp after a bounce."""
    if "delivered" in statuses:
        return False
    if "permanent-failure" in statuses:
        raise GiveUp("bounced")
    if set(statuses) - SETTLED_BADLY:
        raise NotYet("sending")
    if len(statuses) >= TRIES:
        raise GiveUp("undeliverable")
    return True


def _statuses(found: object) -> list[str]:
    rows = found.get("notifications") if isinstance(found, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TryAgain("wrong_answer")
    return [str(row.get("status", "")) for row in rows]


def _asked(call: Callable[[], object]) -> object:
    try:
        return call()
    except HTTPError as fault:
        raise _explained(fault) from None
    except InvalidResponse:
        raise TryAgain("wrong_answer") from None
    except RequestException:
        raise TryAgain("connection") from None


def _explained(fault: HTTPError) -> DeliveryError:
    if fault.response is None:
        return TryAgain("connection")
    code = int(fault.status_code)
    return GiveUp(f"http_{code}") if code in FINAL else TryAgain(f"http_{code}")
