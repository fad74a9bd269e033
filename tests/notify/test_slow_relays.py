"""A mail server that takes its time: the whole exchange is bounded, and a lost answer is known."""

import asyncio
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.fakes import smtp
from tests.notify.conftest import AT, KEY, message
from tests.notify.test_smtp import SENDER, own_certificate
from townhall.notify import govuk_notify, relay, webhook
from townhall.notify.smtp import MailServer, SmtpSender
from townhall.outbox import claims
from townhall.outbox.errors import DeliveryError, GiveUp, TryAgain, Uncertain

BRIEF, LONG = 0.3, 30.0
# Far above any limit that a test sets and far below LONG: the machine may be busy.
SOON = 10.0


def send(port: int, timeout: float = LONG, answer: float = LONG, security: str = "none") -> None:
    server = MailServer("127.0.0.1", port, SENDER, security)
    SmtpSender(server, timeout=timeout, answer=answer).send(
        message("sam@example.com"), key=KEY, at=AT
    )


@contextmanager
def ends_soon(error: type[DeliveryError], error_class: str) -> Iterator[None]:
    """It fails so, neither milder nor worse, well before anybody else's limit."""
    began = time.monotonic()
    with pytest.raises(error, match=f"^{error_class}$") as failed:
        yield
    assert time.monotonic() - began < SOON
    assert type(failed.value) is error


def test_the_answer_to_the_final_dot_has_time_of_its_own():
    with smtp.Server(smtp.Sink(slow=3 * BRIEF)) as far:
        send(far.port, timeout=2 * BRIEF)
        assert len(far.sink.mails) == 1


def test_what_is_cut_off_at_the_dot_may_have_arrived_and_is_named_for_the_time():
    with smtp.Server(smtp.Sink(slow=smtp.NEVER)) as far:
        with ends_soon(Uncertain, "timeout"):
            send(far.port, answer=BRIEF)
        assert len(far.sink.mails) == 1


def test_a_hang_up_at_the_dot_may_have_arrived_too():
    with smtp.Server(smtp.Sink(cut_after=True)) as far, ends_soon(Uncertain, "connection"):
        send(far.port)


@pytest.mark.parametrize("words", ["hello", "999 what?", "354 more"])
def test_an_answer_to_the_dot_that_is_none_is_a_lost_one(words: str):
    with smtp.Server(smtp.Sink(data=words)) as far, pytest.raises(Uncertain):
        send(far.port)


def test_every_yes_to_the_dot_is_a_yes():
    with smtp.Server(smtp.Sink(data="251 2.0.0 forwarded")) as far:
        send(far.port)


@pytest.mark.parametrize(
    ("said", "error"), [("452 4.3.1 full", TryAgain), ("554 5.7.1 refused", GiveUp)]
)
def test_a_refusal_at_the_dot_is_certain_and_waits_for_nothing_more(said, error, monkeypatch):
    async def stall(server: smtp.SMTP, argument: str) -> None:
        await asyncio.sleep(smtp.NEVER)

    monkeypatch.setattr(smtp.SMTP, "smtp_RSET", stall)
    with smtp.Server(smtp.Sink(data=said)) as far, ends_soon(error, f"smtp_{said[:3]}"):
        send(far.port)


@pytest.mark.parametrize("at", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_an_answer_that_comes_by_drops_ends_in_time(at: str):
    error = Uncertain if at == "DATA" else TryAgain
    own = {"answer" if at == "DATA" else "timeout": BRIEF}
    with smtp.Server(smtp.Sink(drips_at=at)) as far, ends_soon(error, "timeout"):
        send(far.port, **own)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_server_that_never_says_a_word_ends_in_time(security: str):
    with socket.create_server(("127.0.0.1", 0)) as mute, ends_soon(TryAgain, "timeout"):
        send(mute.getsockname()[1], timeout=BRIEF, security=security)


def test_a_handshake_that_never_comes_has_only_what_is_left(tmp_path, monkeypatch):
    passed = [0.0]

    async def stall(server: smtp.SMTP, argument: str) -> None:
        # The sender waits for the answer by then, with all of its time before it.
        await asyncio.sleep(BRIEF)
        passed[0] = LONG - 2 * BRIEF
        await server.push("220 go on")
        await asyncio.sleep(smtp.NEVER)

    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + passed[0])
    monkeypatch.setattr(relay, "time", clock)
    monkeypatch.setattr(smtp.SMTP, "smtp_STARTTLS", stall)
    with (
        smtp.Server(smtp.Sink(), tls_context=own_certificate(tmp_path)) as far,
        ends_soon(TryAgain, "timeout"),
    ):
        send(far.port, security="starttls")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_all_of_it_holds_behind_tls(security: str, tmp_path, monkeypatch):
    own = own_certificate(tmp_path)
    trusted = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    trusted.check_hostname = False
    monkeypatch.setattr(relay.ssl, "create_default_context", lambda: trusted)
    how = {"tls": own} if security == "tls" else {"tls_context": own}
    with smtp.Server(smtp.Sink(slow=3 * BRIEF), **how) as far:
        send(far.port, security=security)
        with ends_soon(Uncertain, "timeout"):
            send(far.port, answer=BRIEF, security=security)
        assert len(far.sink.mails) == 2


def test_an_address_that_swallows_every_call_leaves_time_for_the_next(monkeypatch):
    real, tried = socket.socket.connect, []

    def connect(self: socket.socket, address: tuple[str, int]) -> None:
        tried.append(address[0])
        if address[0] == "127.0.0.9":
            time.sleep(self.gettimeout() or 0)
            raise TimeoutError
        real(self, address)

    with smtp.Server(smtp.Sink()) as far:
        port = far.port
        found = [(2, 1, 6, "", (host, port)) for host in ("127.0.0.9", "127.0.0.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        monkeypatch.setattr(socket.socket, "connect", connect)
        send(port, timeout=4 * BRIEF)
    assert tried == ["127.0.0.9", "127.0.0.1"]


def test_no_sender_s_own_limit_is_longer_than_a_delivery_is_held():
    sender = SmtpSender(MailServer("relay.example", 25, SENDER))
    longest = max(sender.timeout + sender.answer, webhook.SECONDS, 2 * govuk_notify.TIMEOUT)
    # A name's look-up is the system's, and has no limit of ours: it gets minutes.
    assert timedelta(seconds=longest) + timedelta(minutes=3) < claims.LONGEST
    assert sender.timeout <= 60
    assert sender.answer >= 180
