"""Hostile input over HTTP: each has a safe outcome and never an error of ours.

The numbers in brackets are those of the project's list of hostile inputs.
"""

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.definitions import define, page, radios
from tests.support.visitor import FORM, Visitor

from townhall.submissions.models import Submission

PAGES = [
    page(
        "one",
        {"id": "line", "ask": "A line?", "type": "text", "required": False},
        {"id": "lines", "ask": "Some lines?", "type": "long-text", "required": False},
        {"id": "number", "ask": "How many?", "type": "number", "required": False},
        {"id": "day", "ask": "When?", "type": "date", "required": False},
        radios("pest", "Rats", "Wasps", required=False),
    ),
    page("two", {"id": "name", "ask": "Your name", "type": "name"}),
]


@pytest.fixture
def begun(put, visitor):
    visitor.start(put(define(PAGES)))
    return visitor


def link(visitor):
    return [href for _, href in visitor.errors]


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\x1b[31m", "\ufffe", "\x85"])
def test_characters_that_no_keyboard_sends(begun, text):
    """[25] A field error, the same on every database; or, where nobody could tell, kept."""
    begun.send({"line": text})
    assert link(begun) == ["#line"] or begun.path == "/a-service/two"
    assert "\x00" not in str(begun.page)


@pytest.mark.parametrize("body", [b"line=%ff%fe", b"line=\xff", b"%c3%28=x", b"line=%ed%a0%80"])
def test_bytes_that_are_not_utf8(begun, body):
    """[26, 40] A lone surrogate is among them."""
    token = begun.value("csrfmiddlewaretoken").encode()
    reply = begun.client.generic(
        "POST",
        "/a-service/one",
        b"csrfmiddlewaretoken=" + token + b"&" + body,
        content_type="application/x-www-form-urlencoded",
    )
    assert reply.status_code == 400


def test_bytes_that_are_not_utf8_in_a_multipart_body(begun):
    """[40] No page of ours sends one; none is kept with a replacement in place of what was sent."""
    sent = {"csrfmiddlewaretoken": begun.value("csrfmiddlewaretoken"), "line": b"a\xffb"}
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in sent.items()
    ]
    body = b"".join([*parts, b"--x--\r\n"])
    kind = "multipart/form-data; boundary=x"
    assert begun.client.generic("POST", "/a-service/one", body, kind).status_code == 400
    good = body.replace(b"\xff", b"")
    assert begun.client.generic("POST", "/a-service/one", good, kind).status_code == 303


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/json", "text/plain", "x"])
def test_a_body_of_another_kind(begun, kind):
    """[40] A page, and nothing is kept."""
    reply = begun.client.generic("POST", "/a-service/one", b'{"line": "x"}', content_type=kind)
    assert 400 <= reply.status_code < 500
    assert begun.open("/a-service/one").select_one("#line")["value"] == ""


def test_a_file_where_none_is_asked_for(begun):
    """[39]"""
    file = SimpleUploadedFile("a.exe", b"MZ", content_type="application/octet-stream")
    token = begun.value("csrfmiddlewaretoken")
    reply = begun.client.post("/a-service/one", {"line": file, "csrfmiddlewaretoken": token})
    assert 400 <= reply.status_code < 500


@pytest.mark.parametrize("path", ["/", "/a-service", "/a-service/one", "/nothing"])
def test_ten_thousand_parameters_in_an_address(begun, path):
    """[95]"""
    reply = begun.client.get(f"{path}?{urlencode({f'p{n}': 'x' for n in range(10_000)})}")
    assert reply.status_code in (200, 400, 404)
    assert "<h1" in reply.text


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "nonsense"])
def test_another_charset(begun, charset):
    """[40]"""
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    reply = begun.client.generic("POST", "/a-service/one", b"line=x", content_type=kind)
    assert 400 <= reply.status_code < 500


@pytest.mark.parametrize("text", ["x" * 500_000, "e" + "\u0301" * 100_000, "a b" * 200_000])
@pytest.mark.parametrize("name", ["line", "number", "day-day"])
def test_too_much_text_is_an_error_at_its_question(begun, text, name):
    """[28, 29]"""
    token = begun.value("csrfmiddlewaretoken")
    body = urlencode({name: text, "csrfmiddlewaretoken": token})
    reply = begun.client.post("/a-service/one", body, FORM)
    too_big = len(body) > 1_000_000
    assert reply.status_code == (400 if too_big else 200)
    assert too_big or f'href="#{name}"' in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "{{7*7}} ${7*7} {% debug %} {{ name }} ((ref))",
        "<script>alert(1)</script>",
        "[win](javascript:alert(1)) **bold** # big",
        "'; DROP TABLE submissions_draft; --",
        "=HYPERLINK(1) +1 -1 @x",
        "\u202eevil\u202c \u200bzero",
        "Subject: x Bcc: a@b.example",
    ],
)
def test_what_is_typed_is_only_text(begun, text):
    """[27, 31, 32, 35] Kept and shown exactly as typed, and never as markup."""
    begun.send({"line": text})
    begun.send({"name": "Ann"})
    row = begun.page.select_one(".govuk-summary-list__value")
    assert row.text.strip() == text.strip()
    assert not row.find_all()
    begun.open("/a-service/one")
    assert begun.value("line") == text
    begun.open("/a-service/check-answers")
    begun.send()
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("text", ["1e999", "NaN", "inf", "9" * 30, "１２", "0x10", "--1", "1,00"])
def test_what_is_no_number(begun, text):
    """[37]"""
    begun.send({"number": text})
    assert link(begun) == ["#number"]
    assert begun.value("number") == text


@pytest.mark.parametrize(
    ("day", "month", "year", "at"),
    [
        ("31", "2", "2026", "#day-day"),
        ("1", "1", "0", "#day-year"),
        ("1", "1", "9999", "#day-year"),
        ("1", "1", "26", "#day-year"),
        ("1", "13", "2026", "#day-month"),
        ("", "1", "2026", "#day-day"),
    ],
)
def test_what_is_no_date(begun, day, month, year, at):
    """[38] The wrong part is marked and what was typed is kept."""
    begun.send({"day-day": day, "day-month": month, "day-year": year})
    assert link(begun) == [at]
    assert begun.value("day-month") == month


def test_more_fields_than_the_page_has_are_not_bound(begun):
    """[39, 83] A name of a later page, of a model or of another question binds nothing."""
    begun.send({"line": ["first", "second"], "name": "Mallory", "reference": "X", "id": "1"})
    assert begun.value("name") == ""
    begun.send({"name": "Ann"})
    assert "first" in begun.text
    assert "second" not in begun.text
    assert "Mallory" not in begun.text


def test_an_option_that_is_not_offered(begun):
    begun.send({"pest": "elephants"})
    assert link(begun) == ["#pest"]


def test_a_form_published_again_leaves_a_draft_on_its_own_version(put, begun):
    """[64]"""
    changed = [PAGES[0], page("new", radios("sure", "Yes")), PAGES[1]]
    put(define(changed))
    begun.send({"line": "x"})
    assert begun.path == "/a-service/two"
    begun.send({"name": "Ann"})
    begun.send()
    assert begun.path == "/a-service/confirmation"
    other = Visitor()
    other.start("a-service")
    other.send({"line": "x"})
    assert other.path == "/a-service/new"


def test_a_form_that_closes_meanwhile_has_an_hour_of_grace(put, visitor, clock):
    """[65]"""
    clock.now = clock.now.replace(hour=23, minute=50)
    visitor.start(put(define(PAGES, available={"to": "2026-12-07"})))
    visitor.send({"line": "x"})
    visitor.send({"name": "Ann"})
    clock.forward(minutes=20)
    other = Visitor()
    other.open("/a-service")
    assert other.heading == "Tell us about a thing: closed"
    visitor.send()
    assert visitor.path == "/a-service/confirmation"


def test_a_form_that_closed_long_ago_is_an_honest_end(put, visitor, clock):
    """[65]"""
    clock.now = clock.now.replace(hour=23, minute=10)
    visitor.start(put(define(PAGES, available={"to": "2026-12-07"})))
    visitor.send({"line": "x"})
    clock.forward(minutes=55)
    visitor.send({"name": "Ann"})
    clock.forward(minutes=58)
    visitor.send(status=409)
    assert "closed while you were using it" in visitor.text
    assert "We have kept what you entered" in visitor.text


@pytest.mark.parametrize("host", ["evil.example", "a b", "[::1", "x" * 300])
def test_a_host_that_is_not_ours(visitor, host):
    """[91]"""
    reply = visitor.client.get("/", headers={"Host": host})
    assert reply.status_code == 400
    assert "evil.example" not in reply.text


def test_a_forwarded_host_is_not_believed(begun):
    """[91]"""
    reply = begun.client.get("/a-service", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in reply.text


@pytest.mark.parametrize(
    "path",
    ["/a-service/one%00", "/%2e%2e/%2e%2e/etc/passwd", "/a-service/one/..;/x"],
)
def test_odd_addresses(begun, path):
    reply = begun.client.get(path)
    assert reply.status_code in (303, 404)
    assert not reply.headers.get("Location", "/").startswith("//")


def test_cookies_off_gets_a_page_with_help(put):
    """[68]"""
    someone = Visitor()
    someone.open(f"/{put(define(PAGES))}")
    someone.client.cookies.clear()
    someone.send(form="main form", status=403)
    assert someone.heading == "Send that page again"
    assert "cookies are turned off" in someone.text


def test_a_thousand_cookies_of_drafts_do_no_harm(begun):
    for number in range(60):
        begun.client.cookies[f"townhall_draft_s{number}"] = "x" * 43
    begun.leave()
    assert begun.heading == "We have cleared your answers"
