"""Which sender goes with a destination, and whether anything may leave this machine at all.

Live sending needs two keys: council.yaml is not a demonstration, and the environment says
`TOWNHALL_LIVE=yes`. Short of both (a fresh checkout, a copy of the live database on a laptop) every
message goes to the local stand-in, by the same protocols.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from townhall.engine.council import Destination
from townhall.notify import standin_address
from townhall.notify.connect import Network
from townhall.notify.govuk_notify import BASE_URL, NotifySender
from townhall.notify.ports import Sender
from townhall.notify.smtp import MailServer, SmtpSender
from townhall.notify.webhook import PRIVATE, WebhookSender
from townhall.outbox.errors import TryAgain

SECURITY: Mapping[str, Literal["starttls", "tls", "none"]] = {
    "": "starttls",
    "starttls": "starttls",
    "tls": "tls",
    "none": "none",
}
LOOPBACK: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.1/32"),)


@dataclass(frozen=True)
class Outlet:
    """A sender and the recipient to put on the message: an address or a URL."""

    sender: Sender
    to: str


@dataclass(frozen=True)
class Senders:
    """Chooses senders. `environ`: the process's environment; `data`: where the stand-in files."""

    environ: Mapping[str, str] = field(repr=False)
    data: Path
    demonstration: bool

    @property
    def live(self) -> bool:
        """Whether messages leave this machine."""
        return not self.demonstration and self.environ.get("TOWNHALL_LIVE", "") == "yes"

    def to_destination(self, name: str, destination: Destination) -> Outlet:
        """How a registered destination is reached; as the stand-in where nothing may leave."""
        match destination.kind:
            case "email":
                return Outlet(self.mail(), destination.address or "")
            case "notify":
                return Outlet(self._notify(destination), destination.address or "")
            case "webhook":
                return self._webhook(name, destination)

    def mail(self) -> Sender:
        """The sender of mail: acknowledgements, tellings and destinations of kind `email`."""
        if not self.live:
            return SmtpSender(standin_address.mail_server(self.data))
        return SmtpSender(mail_server(self.environ))

    def _notify(self, destination: Destination) -> Sender:
        template = destination.template or ""
        if not self.live:
            url = standin_address.http(self.data)
            key = standin_address.NOTIFY_KEY
            return NotifySender(key, template or "stand-in", url, direct=True)
        url = self.environ.get("TOWNHALL_NOTIFY_URL") or BASE_URL
        key = self.environ.get(destination.secret or "TOWNHALL_NOTIFY_KEY", "")
        return NotifySender(key, template, url)

    def _webhook(self, name: str, destination: Destination) -> Outlet:
        if not self.live:
            sender = WebhookSender(standin_address.SECRET, allowed=LOOPBACK, plain_http=True)
            return Outlet(sender, f"{standin_address.http(self.data)}/webhooks/{name}")
        secret = self.environ.get(destination.secret or "TOWNHALL_WEBHOOK_SECRET", "")
        allowed = PRIVATE if destination.private_network else ()
        sender = WebhookSender(secret, allowed=allowed, plain_http=destination.private_network)
        return Outlet(sender, destination.url or "")


def mail_server(environ: Mapping[str, str]) -> MailServer:
    """The relay that `TOWNHALL_SMTP_*` and `TOWNHALL_MAIL_FROM` describe. Raises TryAgain."""
    host, sender = environ.get("TOWNHALL_SMTP_HOST", ""), environ.get("TOWNHALL_MAIL_FROM", "")
    security = SECURITY.get(environ.get("TOWNHALL_SMTP_SECURITY", ""))
    port = environ.get("TOWNHALL_SMTP_PORT") or ("465" if security == "tls" else "587")
    if not host or not sender or security is None or not port.isdecimal():
        raise TryAgain("not_configured")
    return MailServer(
        host=host,
        port=int(port),
        sender=sender,
        security=security,
        user=environ.get("TOWNHALL_SMTP_USER", ""),
        password=environ.get("TOWNHALL_SMTP_PASSWORD", ""),
    )
