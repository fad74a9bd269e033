"""No webhook reaches an address inside the house, by whatever name or number it is called."""

import ipaddress
import socket

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import http, webhook
from tests.notify.conftest import AT, KEY, message
from townhall.notify.addresses import (
    host_is_allowed,
    is_public,
    mail_is_allowed,
)
from townhall.notify.connect import CheckedBackend, RefusedAddress
from townhall.notify.webhook import PRIVATE, WebhookSender
from townhall.outbox.errors import DeliveryError

INSIDE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "169.254.169.254", "192.0.2.1", "198.18.0.1", "203.0.113.5", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "2002:a9fe:a9fe::",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:0:7f00:1::",
]  # fmt: skip
OUTSIDE = ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4009:81f::200e"]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_not_public(address: str):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_outside_are_public(address: str):
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_as_itself(address: ipaddress.IPv4Address):
    for carried in (f"::ffff:{address}", f"64:ff9b::{address}"):
        if not is_public(address):
            assert not is_public(ipaddress.ip_address(carried))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1",
        "[::ffff:127.0.0.1]", "[fe80::1]", "169.254.169.254",
    ],
)  # fmt: skip
def test_no_spelling_of_an_inside_address_is_reached(host: str):
    far = webhook.Receiver()
    with http.Server(far) as server:
        port = server.server_address[1]
        with pytest.raises(DeliveryError, match=r"refused_address|connection|bad_address"):
            WebhookSender(webhook.SECRET, PRIVATE, plain_http=True, seconds=2).send(
                message(f"http://{host}:{port}/"), key=KEY, at=AT
            )
    assert far.requests == []


def named(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """The name service gives these answers, one list a question, the last for ever."""
    left = list(answers)

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_a_name_is_looked_up_once_and_that_very_address_is_used(monkeypatch):
    reached: list[str] = []
    backend = CheckedBackend(seconds=5)

    def connect(self: object, host: str, *rest: object) -> httpcore.NetworkStream:
        reached.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    named(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    with pytest.raises(httpcore.ConnectError):
        backend.connect_tcp("rebinding.example", 443)
    assert reached == ["1.1.1.1"]


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["1.1.1.1", "10.0.0.1"], []])
def test_one_address_inside_spoils_the_name(monkeypatch, answers):
    named(monkeypatch, answers)
    with pytest.raises(RefusedAddress):
        CheckedBackend(seconds=5).connect_tcp("mixed.example", 443)


def test_the_operator_may_allow_a_network_but_never_loopback_by_it(monkeypatch):
    backend = CheckedBackend(seconds=5, allowed=PRIVATE)
    named(monkeypatch, ["10.1.2.3"], ["127.0.0.1"], ["169.254.169.254"])
    assert str(backend.checked("inside.example", 443)) == "10.1.2.3"
    for _ in range(2):
        with pytest.raises(RefusedAddress):
            backend.checked("inside.example", 443)


def test_a_socket_file_is_never_opened():
    with pytest.raises(RefusedAddress):
        CheckedBackend(seconds=5).connect_unix_socket("/run/docker.sock")


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("pests@borough.example", True),
        ("pests@BOROUGH.example", True),
        ("pests@evil.borough.example", False),
        ("pests@borough.example.evil.example", False),
        ("pests@borough.example\n", False),
        ("borough.example", False),
    ],
)
def test_the_list_of_mail_domains_is_exact(address: str, allowed: bool):
    assert mail_is_allowed(address, ["borough.example"]) is allowed


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("hooks.example", True),
        ("HOOKS.example.", True),
        ("a.hooks.example", False),
        ("hooks.example.evil.example", False),
        ("", False),
    ],
)
def test_the_list_of_hosts_is_exact(host: str, allowed: bool):
    assert host_is_allowed(host, ["hooks.example"]) is allowed
