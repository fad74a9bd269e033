"""Mail: one plain message, headers that nothing can break out of, TLS that is proven."""

import ssl
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import smtp
from tests.notify.conftest import AT, KEY, message
from townhall.notify.smtp import MailServer, SmtpSender, compose
from townhall.outbox.errors import GiveUp, TryAgain, Uncertain

SENDER = "bins@borough.example"


def sender(port: int, **more: object) -> SmtpSender:
    server = {"sender": SENDER, "security": "none", **more}
    return SmtpSender(MailServer("127.0.0.1", port, **server), timeout=2)


def test_a_mail_arrives_as_it_was_written():
    body = ".a line that begins with a dot\n\nCwm Rhondda – £5\n.\nQUIT\n"
    with smtp.Server(smtp.Sink()) as far:
        sender(far.port).send(message("sam@example.com", body=body), key=KEY, at=AT)
        (mail,), (envelope,) = far.sink.mails, far.sink.received
    assert mail.get_content().replace("\r\n", "\n") == body
    assert (mail["From"], mail["To"]) == (SENDER, "sam@example.com")
    assert mail["Message-ID"] == f"<{KEY}@borough.example>"
    assert mail["Date"] == "Mon, 07 Dec 2026 09:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["sam@example.com"])


class Old(smtp.Sink):
    """A server that does not take eight bits."""

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [line for line in responses if "8BITMIME" not in line]


@pytest.mark.parametrize(
    ("sink", "body", "encoding"),
    [
        (smtp.Sink, "Cwm Rhondda – £5\n", "8bit"),
        (smtp.Sink, "word " * 100 + "\n", "7bit"),
        (smtp.Sink, "word " * 250 + "\n", "quoted-printable"),
        (smtp.Sink, "–" * 333 + "\n", "base64"),
        (Old, "Cwm Rhondda – £5, a line of some length\n", "quoted-printable"),
        (Old, "word " * 100 + "\n", "7bit"),
    ],
)
def test_text_is_encoded_only_where_it_must_be(sink, body, encoding):
    with smtp.Server(sink()) as far:
        sender(far.port).send(message("sam@example.com", body=body), key=KEY, at=AT)
        (mail,) = far.sink.mails
    assert mail["Content-Transfer-Encoding"] == encoding
    assert mail.get_content().replace("\r\n", "\n") == body


def test_a_second_try_has_the_same_message_id():
    with smtp.Server(smtp.Sink(cut_after=True)) as far:
        for _ in range(2):
            with pytest.raises(Uncertain, match="connection"):
                sender(far.port).send(message("sam@example.com"), key=KEY, at=AT)
        assert len({mail["Message-ID"] for mail in far.sink.mails}) == 1
        assert len(far.sink.mails) == 2


@pytest.mark.parametrize(
    ("to", "written"),
    [("sam@bücher.example", "sam@xn--bcher-kva.example"), ("sam@EXAMPLE.com", "sam@EXAMPLE.com")],
)
def test_a_domain_in_any_script_is_reached(to: str, written: str):
    with smtp.Server(smtp.Sink()) as far:
        sender(far.port).send(message(to), key=KEY, at=AT)
        assert far.sink.received[0].rcpt_tos == [written]


def test_a_name_that_the_server_cannot_take_is_final():
    with smtp.Server(smtp.Sink()) as far, pytest.raises(GiveUp, match="address_not_supported"):
        sender(far.port).send(message("siân@example.com"), key=KEY, at=AT)


@given(st.text(max_size=300))
def test_no_subject_adds_a_header_or_a_line(subject: str):
    try:
        letter = compose(message("sam@example.com", subject=subject), sender=SENDER, key=KEY, at=AT)
    except GiveUp:
        return
    wanted = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]
    assert list(letter.keys())[:6] == wanted
    assert set(letter.keys()[6:]) <= {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    raw = letter.as_bytes().split(b"\r\n\r\n")[0]
    assert b"\nBcc:" not in raw


@pytest.mark.parametrize(
    "to",
    [
        "sam@example.com\r\nBcc: eve@evil.example",
        "sam@example.com, eve@evil.example",
        "sam@example.com\x00",
        "<sam@example.com>",
        "Sam <sam@example.com>",
        '"sam eve"@example.com',
        "sam@[127.0.0.1]",
        "sam@localhost",
        "sam@-example.com",
        "sam@" + "a" * 300 + ".example",
        "\u202esam@example.com ",
    ],
)
def test_only_one_plain_address_is_written_to(to: str):
    with pytest.raises(GiveUp, match="bad_address"):
        compose(message(to), sender=SENDER, key=KEY, at=AT)


def test_a_body_that_no_mail_can_hold_is_given_up():
    with pytest.raises(GiveUp, match="bad_message"):
        compose(message("sam@example.com", body="\ud800"), sender=SENDER, key=KEY, at=AT)


@pytest.mark.parametrize(
    ("broken", "error", "error_class"),
    [
        ({"rcpt": "550 5.1.1 unknown"}, GiveUp, "bounced"),
        ({"rcpt": "450 4.2.1 greylisted"}, TryAgain, "smtp_450"),
        ({"data": "554 5.7.1 refused"}, GiveUp, "smtp_554"),
        ({"data": "452 4.3.1 full"}, TryAgain, "smtp_452"),
    ],
)
def test_each_refusal_has_its_class(broken, error, error_class):
    with smtp.Server(smtp.Sink(**broken)) as far, pytest.raises(error, match=error_class):
        sender(far.port).send(message("sam@example.com"), key=KEY, at=AT)


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for():
    with smtp.Server(smtp.Sink()) as far:
        with pytest.raises(TryAgain, match="tls_or_login_not_offered"):
            sender(far.port, security="starttls").send(message("sam@example.com"), key=KEY, at=AT)
        assert far.sink.received == []


def test_a_certificate_that_nobody_vouches_for_gets_nothing(tmp_path: Path):
    with smtp.Server(smtp.Sink(), tls_context=own_certificate(tmp_path)) as far:
        with pytest.raises(TryAgain, match="tls"):
            sender(far.port, security="starttls").send(message("sam@example.com"), key=KEY, at=AT)
        assert far.sink.received == []


def test_a_password_is_never_sent_to_a_server_that_asks_for_none():
    with smtp.Server(smtp.Sink()) as far:
        with pytest.raises(TryAgain, match="tls_or_login_not_offered"):
            sender(far.port, user="bins", password="word").send(
                message("sam@example.com"), key=KEY, at=AT
            )
        assert far.sink.received == []


def own_certificate(folder: Path) -> ssl.SSLContext:
    names = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run([*command, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
