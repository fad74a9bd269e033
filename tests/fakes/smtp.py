"""A mail server that keeps what it gets, and refuses, delays or breaks off when told to."""

import asyncio
import logging
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

# The far end's own log is not ours: its mails are what a test looks for in our log.
logging.getLogger("mail.log").addFilter(lambda record: False)


NEVER = 3600.0
DRIP = 0.02


@dataclass
class Sink:
    """aiosmtpd's handler. `rcpt` and `data` are replies to give instead of taking it.

    `cut_after` hangs up where the mail's answer should come; `slow` is how many seconds late that
    answer is (`NEVER` ends with the server). `drips_at` is the command (`EHLO`, `MAIL`, `RCPT`) or
    the mail itself (`DATA`) whose answer comes a line at a time without an end.
    """

    rcpt: str = ""
    data: str = ""
    cut_after: bool = False
    slow: float = 0
    drips_at: str = ""
    received: list[Envelope] = field(default_factory=list)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, said: list[str]
    ) -> list[str]:
        session.host_name = name
        await self._drip("EHLO", server)
        return said

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        await self._drip("MAIL", server)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        await self._drip("RCPT", server)
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data:
            return self.data
        self.received.append(envelope)
        if self.cut_after:
            server.transport.abort()
        await self._drip("DATA", server)
        await asyncio.sleep(self.slow)
        return "250 kept"

    async def _drip(self, at: str, server: SMTP) -> None:
        while at == self.drips_at:
            server.transport.write(b"250-one moment\r\n")
            await asyncio.sleep(DRIP)

    @property
    def mails(self) -> list[EmailMessage]:
        parsed = [
            message_from_bytes(one.original_content or b"", policy=policy.default)
            for one in self.received
        ]
        return [mail for mail in parsed if isinstance(mail, EmailMessage)]


class Server:
    """The sink on a free loopback port, in a thread of its own. `tls`: from the first byte."""

    def __init__(self, sink: Sink, tls: SSLContext | None = None, **options: Any) -> None:
        self.sink = sink
        self._tls = tls
        self.port = 0
        self._options = options
        self._ready = threading.Event()
        self._sessions: list[SMTP] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Server":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await self._loop.create_server(self._session, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for session in self._sessions:
            if session.transport is not None:
                session.transport.abort()
        await asyncio.sleep(0.02)

    def _session(self) -> SMTP:
        made = SMTP(self.sink, hostname="sink.example", loop=self._loop, **self._options)
        self._sessions.append(made)
        return made
