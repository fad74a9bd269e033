"""A webhook: one signed POST of JSON, to a checked address, with a bounded and understood reply.

The contract with a receiver (docs/webhooks.md): it has the message when it answers 2xx with an
empty body or with JSON. Anything else, a sign-in page with status 200 or a redirect among them, is
not success, and the same Idempotency-Key is sent again.
"""

import ipaddress
import json
import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

import httpcore

from townhall.notify.connect import CheckedBackend, Network, RefusedAddress
from townhall.notify.ports import Message
from townhall.notify.signature import HEADER, sign
from townhall.outbox.errors import DeliveryError, GiveUp, TryAgain

SECONDS = 20.0
LONGEST_REPLY = 64 * 1024
LONGEST_WAIT = timedelta(hours=1)
FINAL = frozenset({400, 413, 415, 422})
"""The receiver understood and will not have this message; a later try cannot help."""

JSON = re.compile(r"application/(?:[\w.+-]+\+)?json", re.ASCII | re.IGNORECASE)
# The signs of RFC 3986; urlsplit would quietly drop a line end and let others stand.
PLAIN = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)
PRIVATE: tuple[Network, ...] = (
    ipaddress.ip_network("10.0.0.0/8"),
    ipaddress.ip_network("172.16.0.0/12"),
    ipaddress.ip_network("192.168.0.0/16"),
    ipaddress.ip_network("fc00::/7"),
)
"""What `private_network: yes` on a destination opens. Loopback and link-local stay shut."""


@dataclass(frozen=True)
class WebhookSender:
    """Posts to one receiver. `allowed`: networks beside the public one that it may be in."""

    secret: str = field(repr=False)
    allowed: tuple[Network, ...] = ()
    plain_http: bool = False
    seconds: float = SECONDS

    def send(self, message: Message, *, key: str, at: datetime) -> None:
        """Post the payload, and take only an answer that the contract knows for a success."""
        if not self.secret:
            raise TryAgain("not_configured")
        body = json.dumps(message.payload, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            **message.headers,
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "townhall",
            "Idempotency-Key": key,
            HEADER: sign(body, self.secret, at=at),
        }
        status, replied, reply = self._exchange(self._url(message.to), headers, body)
        judge(status, replied, reply)

    def _url(self, to: str) -> httpcore.URL:
        """The address in the one form that is posted to; a sign that no URL has is an error."""
        try:
            parts = urlsplit(to if PLAIN.fullmatch(to) else "")
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise GiveUp("bad_address") from None
        wanted = ("https", "http") if self.plain_http else ("https",)
        if parts.scheme not in wanted or not host or "@" in parts.netloc:
            raise GiveUp("bad_address")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return httpcore.URL(
            scheme=parts.scheme.encode(), host=host.encode(), port=port, target=target.encode()
        )

    def _exchange(
        self, url: httpcore.URL, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        backend = CheckedBackend(seconds=self.seconds, allowed=self.allowed)
        sent: list[tuple[bytes | str, bytes | str]] = [*headers.items()]
        sent += [("Host", _host(url)), ("Content-Length", str(len(body)))]
        with (
            _explained(),
            httpcore.ConnectionPool(_trust(), network_backend=backend) as pool,
            pool.stream("POST", url, headers=sent, content=body) as response,
        ):
            reply = _bounded(response.iter_stream())
            return response.status, _read(response.headers), reply


def judge(status: int, headers: Mapping[str, str], reply: bytes) -> None:
    """Return where the answer means that the receiver has it; raise TryAgain or GiveUp if not."""
    if not 200 <= status < 300:
        wait = _retry_after(headers.get("retry-after", ""))
        raise (
            GiveUp(f"http_{status}") if status in FINAL else TryAgain(f"http_{status}", after=wait)
        )
    if not reply.strip():
        return
    if not JSON.fullmatch(headers.get("content-type", "").partition(";")[0].strip()):
        raise TryAgain("wrong_answer")
    try:
        json.loads(reply)
    except (ValueError, RecursionError):
        raise TryAgain("wrong_answer") from None


def _host(url: httpcore.URL) -> str:
    host = url.host.decode()
    shown = f"[{host}]" if ":" in host else host
    return shown if url.port is None else f"{shown}:{url.port}"


def _read(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


@cache
def _trust() -> ssl.SSLContext:
    """Whom the system trusts; read once, because reading it takes longer than a request."""
    return ssl.create_default_context()


def _bounded(parts: Iterator[bytes]) -> bytes:
    reply = b""
    for part in parts:
        reply += part
        if len(reply) > LONGEST_REPLY:
            raise TryAgain("reply_too_long")
    return reply


def _retry_after(value: str) -> timedelta | None:
    if not re.fullmatch(r"[0-9]{1,6}", value, re.ASCII):
        return None
    return min(LONGEST_WAIT, timedelta(seconds=int(value)))


@contextmanager
def _explained() -> Iterator[None]:
    """Keep only a class of what went wrong on the wire."""
    try:
        yield
    except DeliveryError:
        raise
    except RefusedAddress:
        raise TryAgain("refused_address") from None
    except httpcore.TimeoutException:
        raise TryAgain("timeout") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
        raise TryAgain("connection") from None
