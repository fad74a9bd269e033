"""One exchange with a mail server: all of it is bounded, and an answer that was lost is told apart.

smtplib bounds each wait, so a server that answers by drops could hold a worker for as long as it
likes. Here one deadline stands for everything up to the mail's last octet, and the answer to it has
one of its own: what a server does before that answer (it looks for viruses, it writes to its disk)
takes time, and to hang up on it makes two mails of one (RFC 5321, 4.5.3.2.6).
"""

import io
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

TO_CONNECT = 20.0
"""For one address of a server: a network that swallows every call shall not cost a minute."""

MOMENT = 0.001
GO_ON = 354


class AnswerLost(OSError):
    """The server was given the whole mail; `fault` kept its answer from us. It may have it."""

    def __init__(self, fault: OSError) -> None:
        """`fault`: as smtplib raised it."""
        super().__init__()
        self.fault = fault


class Exchange(smtplib.SMTP):
    """A connection for one mail, closed after it. Raises AnswerLost, or what smtplib raises."""

    def __init__(
        self,
        host: str,
        port: int,
        name: str | None,
        *,
        timeout: float,
        answer: float,
        tls: bool = False,
    ) -> None:
        """Connect. `name`: our own, for the greeting. `tls`: from the first byte.

        `timeout`: seconds for everything up to the mail's last octet. `answer`: for what the server
        says to that.
        """
        self._ends = time.monotonic() + timeout
        self._answer = answer
        self._context = ssl.create_default_context() if tls else None
        self._may_go_on = self._unanswered = False
        super().__init__(host, port, name, timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect to the first address that answers; smtplib asks for its socket here."""
        made = self._connected(host, port)
        if self._context is None:
            return made
        self._arm(made)
        return self._context.wrap_socket(made, server_hostname=host)

    def _connected(self, host: str, port: int) -> socket.socket:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        fault = OSError()
        for place, (family, kind, protocol, _, address) in enumerate(found):
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(min(TO_CONNECT, self._left() / (len(found) - place)))
                made.connect(address)
            except OSError as one:
                made.close()
                fault = one
            else:
                return made
        raise fault

    def send(self, s: Any) -> None:
        """Send within what is left. Whoever was told to go on with the mail sends it here, whole.

        Where that fails, some of it has not left this machine, its last line least of all.
        """
        if self.sock is not None:
            self.sock.settimeout(self._left())
        super().send(s)
        if self._may_go_on:
            self._may_go_on, self._unanswered = False, True
            self._ends = time.monotonic() + self._answer

    def getreply(self) -> tuple[int, bytes]:
        """Read one answer within what is left, however it comes."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Bounded(self.sock, self._left))
        try:
            code, words = super().getreply()
        except OSError as fault:
            if self._unanswered:
                raise AnswerLost(fault) from None
            raise
        if self._unanswered:
            return self._judged(code, words), words
        self._may_go_on = code == GO_ON
        if self.sock is not None:
            # What comes next may be TLS's greeting, which asks nobody how much time is left.
            self._arm(self.sock)
        return code, words

    def _judged(self, code: int, words: bytes) -> int:
        """Any 2yz is a yes (RFC 5321, 4.2.1), of which smtplib knows one; only 4yz, 5yz is a no."""
        self._unanswered = False
        if 200 <= code < 300:
            return 250
        if not 400 <= code < 600:
            raise AnswerLost(smtplib.SMTPDataError(code, words))
        return code

    def rset(self) -> tuple[int, bytes]:
        """Leave it: smtplib asks for it after a refusal, and this connection has no second mail."""
        return 250, b""

    def _arm(self, made: socket.socket) -> None:
        made.settimeout(max(MOMENT, self._ends - time.monotonic()))

    def _left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Bounded(io.RawIOBase):
    """A socket's octets, each read of which has only the time that is left."""

    def __init__(self, made: socket.socket, left: Callable[[], float]) -> None:
        self._socket = made
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(self._left())
        return self._socket.recv_into(buffer)
