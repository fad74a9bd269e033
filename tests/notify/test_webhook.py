"""Webhooks: signed, keyed, never redirected, and done only when the answer keeps the contract."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from tests.fakes import http, webhook
from tests.notify.conftest import AT, KEY, message
from townhall.notify import signature
from townhall.notify.senders import LOOPBACK
from townhall.notify.webhook import LONGEST_REPLY, WebhookSender, judge
from townhall.outbox.errors import GiveUp, TryAgain

SENDER = WebhookSender(webhook.SECRET, LOOPBACK, plain_http=True, seconds=2)
Answering = Callable[[http.Asked], http.Answer]


def send(url: str, sender: WebhookSender = SENDER, **words: object) -> None:
    sender.send(message(f"{url}/pests", **words), key=KEY, at=AT)


def test_the_receiver_gets_the_json_the_key_and_a_signature_that_holds():
    far = webhook.Receiver()
    with http.Server(far) as server:
        send(server.url, payload={"name": "Siân 🐀"}, headers={"Townhall-Schema": "urn:sha256:0"})
    (asked,) = far.requests
    assert json.loads(asked.body) == {"name": "Siân 🐀"}
    assert (asked.method, asked.path) == ("POST", "/pests")
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["idempotency-key"] == KEY
    assert asked.headers["townhall-schema"] == "urn:sha256:0"
    assert asked.headers["townhall-signature"].startswith("t=1796634000,v1=")
    assert list(far.effects) == [KEY]


def test_a_receiver_with_another_secret_refuses_and_we_try_again():
    far = webhook.Receiver(secret="another")
    with http.Server(far) as server, pytest.raises(TryAgain, match="http_401"):
        send(server.url)
    assert far.effects == {}


@pytest.mark.parametrize("fault", webhook.FAULTS)
def test_each_fault_ends_in_one_effect(fault: str):
    far = webhook.Receiver(faults=iter([fault, "", ""]))
    quick = WebhookSender(webhook.SECRET, LOOPBACK, plain_http=True, seconds=0.2)
    with http.Server(far) as server:
        if fault != "duplicate":
            with pytest.raises(TryAgain):
                send(server.url, quick)
        send(server.url)
    assert list(far.effects) == [KEY]
    assert far.conflicts == 0


@pytest.mark.parametrize(
    ("answer", "error", "error_class"),
    [
        (http.Answer(200, b"<html>Sign in</html>", "text/html"), TryAgain, "wrong_answer"),
        (http.Answer(200, b"<html>Sign in</html>"), TryAgain, "wrong_answer"),
        (http.Answer(200, b"OK", "text/plain"), TryAgain, "wrong_answer"),
        (http.Answer(200, b"[" * 60_000), TryAgain, "wrong_answer"),
        (http.Answer(200, b" " * (LONGEST_REPLY + 1)), TryAgain, "reply_too_long"),
        (http.Answer(302, headers={"Location": "/elsewhere"}), TryAgain, "http_302"),
        (http.Answer(404), TryAgain, "http_404"),
        (http.Answer(409), TryAgain, "http_409"),
        (http.Answer(400), GiveUp, "http_400"),
        (http.Answer(422), GiveUp, "http_422"),
        (http.Answer(500), TryAgain, "http_500"),
    ],
)
def test_anything_but_the_contract_is_no_success(answer, error, error_class):
    asked: list[str] = []

    def far(request: http.Asked) -> http.Answer:
        asked.append(request.path)
        return answer

    with http.Server(far) as server, pytest.raises(error, match=error_class):
        send(server.url)
    assert asked == ["/pests"]


@pytest.mark.parametrize(
    ("status", "type", "reply"),
    [
        (200, "text/html", b""),
        (204, "", b""),
        (202, "application/json; charset=utf-8", b'{"id": 1}'),
        (201, "application/problem+json", b"{}"),
        (200, "text/plain", b" \r\n"),
    ],
)
def test_an_empty_answer_or_json_is_a_success(status, type, reply):
    judge(status, {"content-type": type}, reply)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("999999", timedelta(hours=1)),
        ("-1", None),
        ("soon", None),
        ("٣", None),
        ("9" * 5000, None),
    ],
)
def test_a_wait_that_is_asked_for_is_kept_within_reason(value, wait):
    with pytest.raises(TryAgain) as caught:
        judge(429, {"retry-after": value}, b"")
    assert caught.value.after == wait


@pytest.mark.parametrize(
    "url",
    [
        "gopher://127.0.0.1/",
        "file:///etc/passwd",
        "https://user:word@borough.example",
        "//borough.example",
        "http://",
        "not a url\x00",
    ],
)
def test_only_plain_web_addresses_are_posted_to(url: str):
    with pytest.raises(GiveUp, match="bad_address"):
        send(url)


def test_plain_http_is_for_a_private_network_only():
    with pytest.raises(GiveUp, match="bad_address"):
        send("http://borough.example", WebhookSender(webhook.SECRET))


def test_without_a_secret_nothing_is_sent():
    with pytest.raises(TryAgain, match="not_configured"):
        send("https://borough.example", WebhookSender(""))


@contextmanager
def raw_server(*pieces: bytes, pause: float) -> Iterator[str]:
    """A server that drips pieces of an answer for ever, or until the client has had enough."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            client, _ = listening.accept()
            with client:
                client.recv(65536)
                try:
                    client.sendall(pieces[0])
                    while not over.wait(pause):
                        client.sendall(pieces[1])
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        over.set()
        thread.join(5)


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-A: a\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b" "),
    ],
)
def test_a_drip_of_bytes_ends_with_the_time_allowed(head: bytes, drop: bytes):
    quick = WebhookSender(webhook.SECRET, LOOPBACK, plain_http=True, seconds=0.3)
    with raw_server(head, drop, pause=0.05) as url, pytest.raises(TryAgain, match="timeout"):
        send(url, quick)


def test_nonsense_on_the_wire_is_tried_again():
    nonsense = raw_server(b"220 mail.example ESMTP\r\n", b"\r\n", pause=0.05)
    with nonsense as url, pytest.raises(TryAgain, match="connection"):
        send(url)


@pytest.mark.parametrize(
    "header", ["", "t=1,v1=", "v1=" + "0" * 64, "t=1,v1=" + "0" * 64, "t=٣,v1=" + "0" * 64]
)
def test_a_signature_that_is_not_ours_does_not_hold(header: str):
    assert not signature.holds(header, b"{}", webhook.SECRET)


def test_a_signature_covers_the_body_and_the_time():
    header = signature.sign(b"{}", "secret", at=AT)
    assert signature.holds(header, b"{}", "secret")
    assert not signature.holds(header, b"{} ", "secret")
    assert not signature.holds(header, b"{}", "Secret")
    assert not signature.holds(header.replace("t=1796634000", "t=1796634001"), b"{}", "secret")
