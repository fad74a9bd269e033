"""Which sender, and that nothing leaves this machine until two keys are turned."""

import contextlib
import json
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.notify.conftest import AT, KEY, message
from tests.support.ears import Ear
from townhall.engine.council import Destination
from townhall.notify import signature, standin, standin_address
from townhall.notify.govuk_notify import NotifySender
from townhall.notify.senders import Senders, mail_server
from townhall.notify.smtp import SmtpSender
from townhall.notify.webhook import PRIVATE, WebhookSender
from townhall.outbox.errors import NotYet, TryAgain

pytestmark = pytest.mark.usefixtures("no_proxies")
MAIL = {
    "TOWNHALL_SMTP_HOST": "mail.borough.example",
    "TOWNHALL_MAIL_FROM": "no-reply@borough.example",
}
LIVE = {
    "TOWNHALL_LIVE": "yes",
    "TOWNHALL_NOTIFY_KEY": "k" * 80,
    "TOWNHALL_HOOK_SECRET": "s3cret",
    **MAIL,
}


def destination(kind: str, **more: object) -> Destination:
    common = {"recipient": "Pests", "purpose": "To treat", "classes": ["contact"]}
    return Destination.model_validate({"kind": kind, **common, **more})


HOOK = {"url": "https://hooks.borough.example/pests", "secret": "TOWNHALL_HOOK_SECRET"}
EACH = [
    destination("email", address="pests@borough.example"),
    destination("notify", address="pests@borough.example", template="t1"),
    destination("webhook", **HOOK),
]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    stop = threading.Event()
    thread = threading.Thread(target=standin.run, args=(tmp_path, stop))
    thread.start()
    address = standin_address.folder(tmp_path) / standin_address.ADDRESS
    for _ in count():
        if address.is_file():
            break
        threading.Event().wait(0.01)
    yield tmp_path
    stop.set()
    thread.join(10)


@pytest.mark.parametrize(
    ("environ", "demonstration"), [({}, True), (LIVE, True), ({**LIVE, "TOWNHALL_LIVE": ""}, False)]
)
def test_short_of_both_keys_everything_goes_to_the_stand_in(environ, demonstration, tmp_path):
    standin_address.folder(tmp_path).mkdir()
    standin_address.write(tmp_path, smtp=1, http=2)
    senders = Senders(environ, tmp_path, demonstration)
    outlets = [senders.to_destination("pests", one) for one in EACH]
    mail, notify, hook = (outlet.sender for outlet in outlets)
    assert isinstance(mail, SmtpSender)
    assert (mail.server.host, mail.server.port) == ("127.0.0.1", 1)
    assert isinstance(notify, NotifySender)
    assert notify.base_url == "http://127.0.0.1:2"
    assert isinstance(hook, WebhookSender)
    assert outlets[2].to == "http://127.0.0.1:2/webhooks/pests"


def test_with_both_keys_each_destination_has_its_own_sender(tmp_path):
    senders = Senders(LIVE, tmp_path, demonstration=False)
    mail, notify, hook = (senders.to_destination("pests", one) for one in EACH)
    assert mail.sender == SmtpSender(mail_server(MAIL))
    assert notify.sender == NotifySender("k" * 80, "t1")
    assert (hook.sender, hook.to) == (WebhookSender("s3cret"), HOOK["url"])


def test_a_private_network_is_opened_for_the_destination_that_says_so(tmp_path):
    inside = destination("webhook", private_network=True, **HOOK)
    sender = Senders(LIVE, tmp_path, demonstration=False).to_destination("a", inside).sender
    assert sender == WebhookSender("s3cret", PRIVATE, plain_http=True)


def test_a_webhook_that_names_no_secret_has_the_house_s(tmp_path):
    plain = destination("webhook", url=HOOK["url"])
    environ = {**LIVE, "TOWNHALL_WEBHOOK_SECRET": "shared"}
    senders = [
        Senders(given, tmp_path, demonstration=False).to_destination("a", plain).sender
        for given in (environ, LIVE)
    ]
    assert senders == [WebhookSender("shared"), WebhookSender("")]


@pytest.mark.parametrize(
    "missing",
    [
        {"TOWNHALL_SMTP_HOST": ""},
        {"TOWNHALL_MAIL_FROM": ""},
        {"TOWNHALL_SMTP_PORT": "x"},
        {"TOWNHALL_SMTP_SECURITY": "maybe"},
    ],
)
def test_a_mail_server_half_described_is_none(missing):
    with pytest.raises(TryAgain, match="not_configured"):
        mail_server({**MAIL, **missing})


@pytest.mark.parametrize(("security", "port"), [("", 587), ("starttls", 587), ("tls", 465)])
def test_the_usual_ports_are_the_defaults(security: str, port: int):
    assert mail_server({**MAIL, "TOWNHALL_SMTP_SECURITY": security}).port == port


def test_the_stand_in_files_what_each_sender_sends(running: Path):
    senders = Senders({}, running, demonstration=True)
    for one in EACH:
        outlet = senders.to_destination("pests", one)
        for _ in range(2):
            try:
                outlet.sender.send(message(outlet.to), key=KEY, at=AT)
            except NotYet:
                continue
    folder = standin_address.folder(running)
    hooks = [f"webhooks/pests-{KEY}.{kind}" for kind in ("http", "json")]
    files = sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*"))
    assert files == [f"mail/{KEY}.eml", f"notify/{KEY}.json", *hooks]
    assert json.loads((folder / hooks[1]).read_text()) == message("").payload
    assert b"To: pests@borough.example" in (folder / files[0]).read_bytes()
    assert {
        path.stat().st_mode & 0o77 for path in (folder, folder / "mail", folder / "webhooks")
    } == {0}


def test_no_proxy_stands_before_the_stand_in(running: Path, monkeypatch: pytest.MonkeyPatch):
    with Ear() as proxy:
        for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        senders = Senders({}, running, demonstration=True)
        for one in EACH:
            outlet = senders.to_destination("pests", one)
            with contextlib.suppress(NotYet):
                outlet.sender.send(message(outlet.to), key=KEY, at=AT)
        assert proxy.rung == 0
    folder = standin_address.folder(running)
    assert {path.parent.name for path in folder.glob("*/*")} == {"mail", "notify", "webhooks"}


def test_a_filed_webhook_can_be_checked_as_a_receiver_would(running: Path):
    outlet = Senders({}, running, demonstration=True).to_destination("pests", EACH[2])
    given = message(outlet.to, payload={"a": "Cwm – £5"})
    outlet.sender.send(given, key=KEY, at=AT)
    filed = standin_address.folder(running) / "webhooks" / f"pests-{KEY}.http"
    head, _, body = filed.read_bytes().partition(b"\n\n")
    lines = head.decode().splitlines()
    headers = dict(line.split(": ", 1) for line in lines[1:])
    assert lines[0] == "POST /webhooks/pests HTTP/1.1"
    assert set(headers) == {"Content-Type", "Idempotency-Key", signature.HEADER}
    assert headers["Idempotency-Key"] == KEY
    assert signature.holds(headers[signature.HEADER], body, standin_address.SECRET)
    assert json.loads(body) == given.payload
    assert standin_address.SECRET.encode() not in filed.read_bytes()


def test_a_filed_mail_reads_as_it_was_written(running: Path):
    line = "Disgrifiwch y broblem – " + "Cwm Rhondda £5 " * 20
    given = message("sam@example.com", body=f"{line}\nShort\n")
    Senders({}, running, demonstration=True).mail().send(given, key=KEY, at=AT)
    filed = standin_address.folder(running) / "mail" / f"{KEY}.eml"
    assert line in filed.read_text("utf-8").splitlines()


def test_before_a_stand_in_has_started_messages_wait(tmp_path: Path):
    senders = Senders({}, tmp_path, demonstration=True)
    with pytest.raises(TryAgain, match="no_stand_in"):
        senders.mail()


def test_a_second_stand_in_takes_over_when_the_first_has_gone(running: Path):
    stop = threading.Event()
    second = threading.Thread(target=standin.run, args=(running, stop))
    second.start()
    before = standin_address.http(running)
    stop.set()
    second.join(10)
    assert standin_address.http(running) == before
