"""Mail by SMTP: one plain-text message to one address, with a Message-ID made from the key."""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal

from townhall.notify.addresses import mail_domain, with_ascii_domain
from townhall.notify.ports import Message
from townhall.notify.relay import AnswerLost, Exchange
from townhall.outbox.errors import DeliveryError, GiveUp, TryAgain, Uncertain

TIMEOUT = 60.0
ANSWER = 240.0
"""Both together are less than `outbox.claims.LONGEST`."""

LONGEST_SUBJECT = 200
LONGEST_LINE = 998
SEVEN_BITS = SMTP.clone(cte_type="7bit")
AUTHENTICATION = frozenset({530, 534, 535, 538})


@dataclass(frozen=True)
class MailServer:
    """The council's own relay. `security`: `starttls`, `tls` from the first byte, or `none`."""

    host: str
    port: int
    sender: str
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class SmtpSender:
    """Sends through one mail server. A refusal of the address is a bounce.

    `timeout`: seconds for everything up to the mail's last octet; `answer`: for the answer to it.
    """

    server: MailServer
    timeout: float = TIMEOUT
    answer: float = ANSWER

    def send(self, message: Message, *, key: str, at: datetime) -> None:
        """Send one mail, under the same Message-ID at every try of one key.

        Raises Uncertain where the server was given all of it and its answer was lost.
        """
        letter = compose(message, sender=self.server.sender, key=key, at=at)
        try:
            with contextlib.closing(self._connect()) as connection:
                self._introduce(connection)
                options = _readable(letter, message.body, connection)
                connection.send_message(letter, self.server.sender, [letter["To"]], options)
        except OSError as fault:
            raise _explained(fault) from None

    def reach(self) -> None:
        """Connect and sign in as for a mail, and send none. Raises a DeliveryError of `send`'s."""
        try:
            with contextlib.closing(self._connect()) as connection:
                self._introduce(connection)
                connection.quit()
        except OSError as fault:
            raise _explained(fault) from None

    def _connect(self) -> Exchange:
        # Our own name in the greeting; the standard library would ask the name service for it.
        server, name = self.server, mail_domain(self.server.sender)
        return Exchange(
            server.host,
            server.port,
            name,
            timeout=self.timeout,
            answer=self.answer,
            tls=server.security == "tls",
        )

    def _introduce(self, connection: smtplib.SMTP) -> None:
        try:
            if self.server.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if self.server.user:
                connection.login(self.server.user, self.server.password)
        except smtplib.SMTPNotSupportedError:
            raise TryAgain("tls_or_login_not_offered") from None


def compose(message: Message, *, sender: str, key: str, at: datetime) -> EmailMessage:
    """The mail itself. Raises GiveUp where an address or the subject could break a header."""
    domain = mail_domain(sender)
    if domain is None:
        raise TryAgain("not_configured")
    if mail_domain(message.to) is None:
        raise GiveUp("bad_address")
    letter = EmailMessage(policy=SEVEN_BITS)
    try:
        letter["From"] = sender
        letter["To"] = with_ascii_domain(message.to)
        letter["Subject"] = _one_line(message.subject)
        letter["Date"] = at
        letter["Message-ID"] = f"<{key}@{domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.body)
    except (ValueError, UnicodeError):
        raise GiveUp("bad_message") from None
    return letter


def _readable(letter: EmailMessage, body: str, connection: smtplib.SMTP) -> tuple[str, ...]:
    """Write the text as it is, where the server takes it so; give what to say at MAIL FROM.

    Without 8BITMIME (RFC 6152), or with a line over RFC 5322's 998 octets, it stays encoded.
    """
    connection.ehlo_or_helo_if_needed()
    lines = body.encode().splitlines()
    if max(map(len, lines), default=0) > LONGEST_LINE:
        return ()
    if body.isascii():
        letter.set_content(body, cte="7bit")
    elif connection.has_extn("8bitmime"):
        letter.policy = SMTP
        letter.set_content(body, cte="8bit")
        # For an address outside ASCII, smtplib says this by itself.
        plain = f"{letter['From']}{letter['To']}".isascii()
        return ("BODY=8BITMIME",) if plain else ()
    return ()


def _one_line(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(shown.split())[:LONGEST_SUBJECT]


def _explained(fault: OSError) -> DeliveryError:
    """Keep only a class: the server's own words may quote the message."""
    match fault:
        case AnswerLost():
            return Uncertain(_explained(fault.fault).error_class)
        case smtplib.SMTPRecipientsRefused():
            code = max((int(reply[0]) for reply in fault.recipients.values()), default=0)
            return GiveUp("bounced") if code >= 500 else TryAgain(f"smtp_{code}")
        case smtplib.SMTPResponseException():
            return _of_code(int(fault.smtp_code), fault)
        case smtplib.SMTPNotSupportedError():
            return GiveUp("address_not_supported")
        case TimeoutError():
            return TryAgain("timeout")
        case smtplib.SMTPServerDisconnected() if isinstance(fault.__context__, TimeoutError):
            # smtplib says "disconnected" of whatever ended a connection, of our own limit too.
            return TryAgain("timeout")
        case ssl.SSLError():
            return TryAgain("tls")
        case _:
            return TryAgain("connection")


def _of_code(code: int, fault: smtplib.SMTPResponseException) -> DeliveryError:
    """A 5xx to the mail itself is final; one to a greeting or a password is for us to put right."""
    final = 500 <= code < 600 and isinstance(fault, smtplib.SMTPDataError)
    if not 200 <= code < 600 or code in AUTHENTICATION:
        return TryAgain("smtp_refused")
    return GiveUp(f"smtp_{code}") if final else TryAgain(f"smtp_{code}")
