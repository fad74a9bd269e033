"""The local stand-in: a mail server and a web server on loopback that file whatever they are sent.

In a fresh checkout every destination and every person's mailbox is this. It speaks the real
protocols, so a message takes its whole way: SMTP into `mail/*.eml`, signed webhooks into
`webhooks/*.json` (beside it, in `*.http`, the headers and the very bytes that are signed), GOV.UK
Notify's two calls into `notify/*.json`. A file is named by the message's key: a repeat replaces it.
"""

import asyncio
import fcntl
import json
import logging
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session

from townhall.notify import signature, standin_address

# At DEBUG the library logs each line of each mail.
logging.getLogger("mail.log").addFilter(lambda record: False)
LARGEST = 30_000_000
NAME = re.compile(r"[^A-Za-z0-9._-]+")
SHOWN = ("Content-Type", "Idempotency-Key", signature.HEADER)
"""The headers that are filed: those of docs/webhooks.md, none of which holds a secret."""


class Tray:
    """A folder of what came in. Files are whole or absent, and only their owner may read them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def file(self, kind: str, name: str, content: bytes) -> None:
        """Keep one message under a name made safe, in place of an earlier one of that name."""
        target = self._folder / kind / NAME.sub("_", name).lstrip(".")[:150]
        target.parent.mkdir(exist_ok=True, mode=0o700)
        fresh = target.with_name(f".{target.name}.{threading.get_ident()}")
        fresh.write_bytes(content)
        fresh.replace(target)

    def holds(self, kind: str, name: str) -> bool:
        """Whether a message of that name was kept."""
        return (self._folder / kind / NAME.sub("_", name)).is_file()


class Mailbox:
    """aiosmtpd's handler: files every mail under its Message-ID."""

    def __init__(self, tray: Tray) -> None:
        self._tray = tray

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """File one mail."""
        content = envelope.original_content or b""
        found = re.search(rb"^Message-ID:\s*<([^@>\r\n]+)@", content, re.MULTILINE | re.IGNORECASE)
        self._tray.file("mail", f"{found[1].decode() if found else 'unnamed'}.eml", content)
        return "250 filed"


class Desk(BaseHTTPRequestHandler):
    """Takes webhooks and speaks as much of GOV.UK Notify as a sender uses."""

    tray: Tray

    def do_POST(self) -> None:
        """File a webhook whose signature holds, or a mail for Notify."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST))
        if self.path == "/v2/notifications/email":
            return self._take_mail(json.loads(body))
        if not signature.holds(
            self.headers.get(signature.HEADER, ""), body, standin_address.SECRET
        ):
            return self._answer(401, {"error": "signature"})
        name = f"{Path(self.path).name}-{self.headers.get('Idempotency-Key', 'unnamed')}"
        self.tray.file("webhooks", f"{name}.json", _readable(body))
        self.tray.file("webhooks", f"{name}.http", self._as_sent(body))
        return self._answer(200, {"received": True})

    def do_GET(self) -> None:
        """Answer Notify's question: what became of the mails with this reference?"""
        reference = parse_qs(urlsplit(self.path).query).get("reference", [""])[0]
        known = bool(reference) and self.tray.holds("notify", f"{reference}.json")
        found = [{"id": reference, "reference": reference, "status": "delivered"}] if known else []
        self._answer(200, {"notifications": found, "links": {"current": self.path}})

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the log holds no message's address."""

    def _as_sent(self, body: bytes) -> bytes:
        """The request to try a receiver with: the headers of the contract, and the exact body."""
        held = [f"{name}: {self.headers[name]}" for name in SHOWN if name in self.headers]
        return "\n".join([self.requestline, *held, "", ""]).encode() + body

    def _take_mail(self, mail: dict[str, Any]) -> None:
        reference = str(mail.get("reference", "unnamed"))
        self.tray.file("notify", f"{reference}.json", _readable(json.dumps(mail).encode()))
        self._answer(201, {"id": reference, "reference": reference})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def run(data: Path, stop: threading.Event) -> None:
    """Listen until `stop` is set. A second stand-in for one data folder waits to take over."""
    folder = standin_address.folder(data)
    tray = Tray(folder)
    with (folder / ".lock").open("w") as held:
        while not _taken(held.fileno()):
            if stop.wait(0.5):
                return
        _listen(data, tray, stop)


def _listen(data: Path, tray: Tray, stop: threading.Event) -> None:
    desk = ThreadingHTTPServer((standin_address.HOST, 0), type("OurDesk", (Desk,), {"tray": tray}))
    thread = threading.Thread(target=desk.serve_forever, name="stand-in")
    thread.start()
    asyncio.run(_keep_post(data, tray, desk.server_address[1], stop))
    desk.shutdown()
    thread.join()
    desk.server_close()


async def _keep_post(data: Path, tray: Tray, http: int, stop: threading.Event) -> None:
    def session() -> SMTP:
        return SMTP(Mailbox(tray), hostname="stand-in", data_size_limit=LARGEST)

    server = await asyncio.get_running_loop().create_server(session, standin_address.HOST, 0)
    async with server:
        smtp = server.sockets[0].getsockname()[1]
        standin_address.write(data, smtp=smtp, http=http)
        await asyncio.to_thread(stop.wait)


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _readable(body: bytes) -> bytes:
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False).encode() + b"\n"
