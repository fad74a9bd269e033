"""Where the local stand-in listens and files: what it and the senders to it both know."""

import json
from pathlib import Path

from townhall.notify.smtp import MailServer
from townhall.outbox.errors import TryAgain

FOLDER = "stand-in"
ADDRESS = "address.json"
HOST = "127.0.0.1"
SENDER = "no-reply@townhall.example"
# Known to everyone who can read this file; they open only a program on this machine that files.
SECRET = "stand-in-secret"  # noqa: S105
NOTIFY_KEY = "stand_in-00000000-0000-4000-8000-000000000001-00000000-0000-4000-8000-000000000002"


def folder(data: Path) -> Path:
    """Where a stand-in for this data folder files what it gets."""
    return data / FOLDER


def write(data: Path, *, smtp: int, http: int) -> None:
    """Say on which loopback ports the stand-in listens."""
    address = folder(data) / ADDRESS
    fresh = address.with_suffix(".new")
    fresh.write_text(json.dumps({"smtp": smtp, "http": http}))
    fresh.replace(address)


def mail_server(data: Path) -> MailServer:
    """The stand-in as a mail server. Raises TryAgain where none has started."""
    return MailServer(HOST, _ports(data)["smtp"], SENDER, security="none")


def http(data: Path) -> str:
    """The stand-in's base URL. Raises TryAgain where none has started."""
    return f"http://{HOST}:{_ports(data)['http']}"


def doors(data: Path) -> frozenset[tuple[str, int]]:
    """The addresses at which the stand-in listens; none where none has started."""
    try:
        return frozenset((HOST, port) for port in _ports(data).values())
    except TryAgain:
        return frozenset()


def _ports(data: Path) -> dict[str, int]:
    try:
        found = json.loads((folder(data) / ADDRESS).read_text())
        return {"smtp": int(found["smtp"]), "http": int(found["http"])}
    except (OSError, ValueError, KeyError, TypeError):
        raise TryAgain("no_stand_in") from None
