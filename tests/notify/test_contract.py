"""What every sender promises, asked of each of them against a far end that speaks its protocol."""

import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import pytest

from tests.fakes import http, notify, smtp, webhook
from tests.notify.conftest import AT, CANARY, KEY, message
from townhall.notify.govuk_notify import NotifySender
from townhall.notify.ports import Sender
from townhall.notify.senders import LOOPBACK
from townhall.notify.smtp import MailServer, SmtpSender
from townhall.notify.webhook import WebhookSender
from townhall.outbox.errors import DeliveryError, GiveUp, NotYet, TryAgain

pytestmark = pytest.mark.usefixtures("no_proxies")


@dataclass
class Setting:
    """A sender, its far end, and how a test looks at and breaks that far end."""

    sender: Sender
    to: str
    far: Any
    wrong: dict[str, object]
    refusal: dict[str, object]

    def effects(self) -> int:
        match self.far:
            case smtp.Sink():
                return len({mail["Message-ID"] for mail in self.far.mails})
            case notify.Notify():
                return len(self.far.taken)
            case _:
                return len(self.far.effects)

    def set(self, how: dict[str, object]) -> None:
        for name, value in how.items():
            setattr(self.far, name, value)

    def send_until_done(self) -> None:
        for _ in range(3):
            try:
                return self.sender.send(message(self.to), key=KEY, at=AT)
            except NotYet:
                continue
        raise AssertionError("it was never settled")


def by_smtp(stack: ExitStack) -> Setting:
    sink = smtp.Sink()
    server = stack.enter_context(smtp.Server(sink))
    sender = SmtpSender(MailServer("127.0.0.1", server.port, "bins@borough.example", "none"), 3)
    wrong = {"data": f"451 4.3.0 {CANARY}"}
    return Setting(sender, "sam@example.com", sink, wrong, {"rcpt": f"550 5.1.1 {CANARY}"})


def by_notify(stack: ExitStack) -> Setting:
    far = notify.Notify(now=0)
    far.is_signed = lambda asked: True  # type: ignore[method-assign]
    server = stack.enter_context(http.Server(far))
    sender = NotifySender(notify.KEY, notify.TEMPLATE, server.url)
    wrong = {"faults": repeat("500")}
    return Setting(sender, "sam@example.com", far, wrong, {"taken": [failed()]})


def failed() -> dict[str, str]:
    return {"reference": KEY, "status": "permanent-failure", "body": CANARY}


def by_webhook(stack: ExitStack) -> Setting:
    far = webhook.Receiver()
    server = stack.enter_context(http.Server(far))
    sender = WebhookSender(webhook.SECRET, LOOPBACK, plain_http=True, seconds=3)
    refusal = {"_answer": lambda asked, fault: http.Answer(422, CANARY.encode(), "text/plain")}
    return Setting(sender, f"{server.url}/pests", far, {"faults": repeat("503")}, refusal)


@pytest.fixture(params=[by_smtp, by_notify, by_webhook])
def setting(request: pytest.FixtureRequest) -> Iterator[Setting]:
    with ExitStack() as stack:
        yield request.param(stack)


def test_returning_means_that_the_far_end_has_it(setting: Setting):
    setting.send_until_done()
    assert setting.effects() == 1


def test_the_same_key_twice_has_one_effect(setting: Setting):
    setting.send_until_done()
    setting.send_until_done()
    assert setting.effects() == 1


def test_a_far_end_in_trouble_is_tried_again(setting: Setting):
    setting.set(setting.wrong)
    with pytest.raises(TryAgain):
        setting.sender.send(message(setting.to), key=KEY, at=AT)


def test_a_refusal_of_this_message_is_final(setting: Setting):
    setting.set(setting.refusal)
    with pytest.raises(GiveUp):
        setting.sender.send(message(setting.to), key=KEY, at=AT)


def test_a_far_end_that_is_down_is_tried_again(setting: Setting):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    match setting.sender:
        case SmtpSender():
            sender: Sender = SmtpSender(MailServer("127.0.0.1", port, "a@b.example", "none"), 1)
        case NotifySender():
            sender = NotifySender(notify.KEY, notify.TEMPLATE, f"http://127.0.0.1:{port}")
        case _:
            sender = setting.sender
    to = f"http://127.0.0.1:{port}/" if isinstance(sender, WebhookSender) else setting.to
    with pytest.raises(TryAgain, match="connection"):
        sender.send(message(to), key=KEY, at=AT)


@pytest.mark.parametrize("to", ["", "sam", "a@b@c.example", "sam@example.com\r\nBcc: x@y.example"])
def test_an_address_that_is_none_is_never_tried(setting: Setting, to: str):
    with pytest.raises(GiveUp, match="bad_address"):
        setting.sender.send(message(to), key=KEY, at=AT)
    assert setting.effects() == 0


@pytest.mark.parametrize("trouble", ["wrong", "refusal", "none"])
def test_no_word_reaches_a_log_or_an_error(setting: Setting, trouble: str, caplog):
    setting.set(getattr(setting, trouble, {}))
    said: list[object] = [setting.sender, message(setting.to)]
    with caplog.at_level(logging.DEBUG):
        try:
            setting.sender.send(message(setting.to), key=KEY, at=AT)
        except DeliveryError as error:
            said += [error, error.__cause__, error.__suppress_context__]
    assert CANARY not in caplog.text
    assert CANARY not in repr(said)
    assert webhook.SECRET not in repr(said)
    assert notify.SECRET not in repr(said)
