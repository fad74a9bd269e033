"""Tries to reach far ends in every way it knows: `python -m tests.support.reaching PORT FAR`.

Prints as JSON how each try ended: "reached", or the class of what stopped it.
"""

from __future__ import annotations

import asyncio
import json
import smtplib
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from urllib.request import urlopen

import django
import httpx
import psycopg
import requests
from django.conf import settings

from townhall.notify.govuk_notify import NotifySender
from townhall.notify.ports import Message
from townhall.notify.smtp import MailServer, SmtpSender
from townhall.notify.webhook import PRIVATE, WebhookSender

HERE = "127.0.0.1"
KEY = "k-" + "0" * 40
AT = datetime(2026, 12, 7, 9, tzinfo=UTC)
WAIT = 5


def message(to: str) -> Message:
    """A message for whoever takes it."""
    return Message(to, "Subject", "Words", {"a": 1})


def udp(port: int) -> None:
    """Send a datagram without connecting."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"x", (HERE, port))


def by_senders(port: int, far: str) -> dict[str, Callable[[], object]]:
    """The live senders themselves, told where to go by nobody but us."""
    mail = SmtpSender(MailServer(HERE, port, "a@example.org", security="none"), timeout=WAIT)
    notify = NotifySender("k" * 80, "template", f"http://{HERE}:{port}")
    hook = WebhookSender("secret", PRIVATE, plain_http=True, seconds=WAIT)
    return {
        "mail": lambda: mail.send(message("a@example.org"), key=KEY, at=AT),
        "notify": lambda: notify.send(message("a@example.org"), key=KEY, at=AT),
        "webhook": lambda: hook.send(message(f"http://{far}:{port}/"), key=KEY, at=AT),
    }


def by_settings() -> dict[str, Callable[[], object]]:
    """Every destination of the council's, as its house reaches it."""
    house = import_module("townhall.project.house")
    outlets = {
        name: house.senders().to_destination(name, destination)
        for name, destination in house.council().destinations.items()
    }
    return {
        name: partial(outlet.sender.send, message(outlet.to), key=KEY, at=AT)
        for name, outlet in outlets.items()
    }


def by_libraries(port: int) -> dict[str, Callable[[], object]]:
    """What any part of a house might call."""
    url = f"http://{HERE}:{port}/"
    return {
        "socket": lambda: socket.create_connection((HERE, port), WAIT),
        "by name": lambda: socket.create_connection(("localhost", port), WAIT),
        "connect_ex": lambda: socket.socket().connect_ex((HERE, port)),
        "unix": lambda: socket.socket(socket.AF_UNIX).connect("/dev/log"),
        "udp": lambda: udp(port),
        "a name": lambda: socket.getaddrinfo("collector.example.org", 443),
        "an old name": lambda: socket.gethostbyname("collector.example.org"),
        "smtplib": lambda: smtplib.SMTP(HERE, port, timeout=WAIT),
        "httpx": lambda: httpx.get(url, timeout=WAIT),
        "requests": lambda: requests.get(url, timeout=WAIT),
        "urllib": lambda: urlopen(url, timeout=WAIT),
        "asyncio": lambda: asyncio.run(asyncio.open_connection(HERE, port)),
    }


def outcome(reach: Callable[[], object]) -> str:
    """How a try ended."""
    try:
        reach()
    except Exception as fault:
        return type(fault).__name__
    return "reached"


def database(port: int) -> None:
    """Ask a PostgreSQL, as a live house does."""
    psycopg.connect(f"postgresql://u@{HERE}:{port}/d", connect_timeout=WAIT)


if __name__ == "__main__":
    django.setup()
    number, place = int(sys.argv[1]), sys.argv[2]
    ways = by_senders(number, place) | by_libraries(number)
    if not settings.REHEARSAL:
        ways = by_settings() | {"database": lambda: database(number)}
    print(json.dumps({name: outcome(reach) for name, reach in ways.items()}))
