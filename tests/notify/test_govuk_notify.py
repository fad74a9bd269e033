"""GOV.UK Notify: a signed call, one mail for a key whatever is lost, and values that do nothing."""

import time
from collections.abc import Iterator
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import http, notify
from tests.notify.conftest import AT, KEY, message
from townhall.notify.govuk_notify import NotifySender
from townhall.notify.sanitise import BREAK, inert
from townhall.outbox.errors import GiveUp, NotYet, TryAgain

pytestmark = pytest.mark.usefixtures("no_proxies")


@pytest.fixture
def far() -> notify.Notify:
    return notify.Notify(now=time.time())


@pytest.fixture
def sender(far: notify.Notify) -> Iterator[NotifySender]:
    with http.Server(far) as server:
        yield NotifySender(notify.KEY, notify.TEMPLATE, server.url)


def send(sender: NotifySender, to: str = "sam@example.com", **words: str) -> None:
    sender.send(message(to, **words), key=KEY, at=AT)


def test_a_mail_is_done_when_notify_says_delivered(sender, far):
    with pytest.raises(NotYet, match="accepted"):
        send(sender)
    with pytest.raises(NotYet, match="sending"):
        send(sender)
    send(sender)
    assert [row["reference"] for row in far.taken] == [KEY]


def test_a_lost_answer_is_asked_about_and_not_sent_again(sender, far):
    far.faults = chain(["", "reset_after"], repeat(""))
    with pytest.raises(TryAgain, match="connection"):
        send(sender)
    with pytest.raises(NotYet):
        send(sender)
    send(sender)
    assert len(far.taken) == 1


@pytest.mark.parametrize(
    ("fault", "error_class"), [("429", "http_429"), ("500", "http_500"), ("html", "wrong_answer")]
)
def test_trouble_at_notify_is_tried_again(sender, far, fault, error_class):
    for faults in (repeat(fault), chain([""], repeat(fault))):
        far.faults = faults
        with pytest.raises(TryAgain, match=error_class):
            send(sender)


def test_a_wrong_key_is_for_us_to_put_right(sender, far):
    wrong = NotifySender(notify.KEY[:-1] + "1", notify.TEMPLATE, sender.base_url)
    with pytest.raises(TryAgain, match="http_403"):
        send(wrong)


@pytest.mark.parametrize(("key", "template"), [("", "t"), ("short", "t"), (notify.KEY, "")])
def test_missing_settings_wait_for_someone(sender, key, template):
    with pytest.raises(TryAgain, match="not_configured"):
        send(NotifySender(key, template, sender.base_url))


def test_a_bounce_is_final(sender):
    with pytest.raises(NotYet):
        send(sender, "perm-fail@simulator.notify")
    with pytest.raises(GiveUp, match="bounced"):
        send(sender, "perm-fail@simulator.notify")


def test_a_full_inbox_is_tried_three_times(sender, far):
    for _ in range(3):
        with pytest.raises(NotYet):
            send(sender, "temp-fail@simulator.notify")
    with pytest.raises(GiveUp, match="undeliverable"):
        send(sender, "temp-fail@simulator.notify")
    assert len(far.taken) == 3


def test_a_template_that_is_not_there_is_final(sender):
    with pytest.raises(GiveUp, match="http_400"):
        send(NotifySender(notify.KEY, "another", sender.base_url))


@pytest.mark.parametrize(
    ("typed", "inside"),
    [
        ("[win](https://evil.example)", ["](", "://"]),
        ("((ref))", ["((", "))"]),
        ("(((((ref)))))", ["((", "))"]),
        ("[win]: https://evil.example", ["]:"]),
        ("[win][evil]", ["]["]),
        ("see www.evil.example", ["www."]),
    ],
)
def test_marks_inside_a_line_do_nothing(sender, far, typed, inside):
    with pytest.raises(NotYet):
        send(sender, subject=typed, body=typed)
    for sent in (far.taken[0]["subject"], far.taken[0]["body"]):
        assert [mark for mark in inside if mark in sent] == []
        assert sent.replace(BREAK, "") == typed


@pytest.mark.parametrize(
    "typed", ["# big", "  # big", "* a", "- a", "^ inset", "---", "1. a", "> a"]
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
def test_marks_that_open_a_line_do_nothing(typed, end):
    sent = inert(f"first{end}{typed}" if end else typed)
    assert all(line.lstrip()[:1] not in set("#*-^1>") for line in sent.splitlines() or [""])


@given(st.text(alphabet=st.sampled_from("[]()#*^-:/ \n\r\twW.1a<>"), max_size=80))
def test_whatever_is_typed_nothing_begins(typed: str):
    sent = inert(typed)
    assert not [mark for mark in ("](", "((", "))", "][", "]:", "://") if mark in sent]
    assert not [line for line in sent.split("\n") if line.strip(" \t")[:1] in set("#*^-+=>")]
    assert sent.replace(BREAK, "") == typed.replace("\r\n", "\n").replace("\r", "\n")
