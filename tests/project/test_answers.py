"""Every kind of answer carries the headers that it always did, and is what Django's own chain says.

`Pages` answers for our own server; for any other, Django's handler with Django's middleware does.
"""

from dataclasses import replace
from io import BytesIO
from urllib.parse import unquote_to_bytes, urlencode

import pytest
from django.conf import settings as ours
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.http.cookie import parse_cookie
from django.middleware.csrf import CSRF_ALLOWED_CHARS, _mask_cipher_secret, _unmask_cipher_token
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from townhall.project.asked import Asked, Fields
from townhall.project.handler import Pages
from townhall.project.headers import HEADERS
from townhall.project.said import CROWDED
from townhall.runner.forgery import unmasked
from townhall.runner.views import statements
from townhall.runner.views.base import drawn, refuse_unreadable, see_other

SECRET, OTHER = "aB3" + "x" * 29, "aB4" + "x" * 29
FORM = "application/x-www-form-urlencoded"
STYLE = min(ours.STATIC_ROOT.rglob("*.css"))
STATIC = f"/static/{STYLE.relative_to(ours.STATIC_ROOT)}"
TLS = {"SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 60}
PROXY = {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"), "BEHIND_PROXY": True}
HTTPS = {"wsgi.url_scheme": "https"}
CHANGING = {"X-Request-ID", "Set-Cookie", "Content-Length", "Last-Modified"}
COOKIE = f"townhall_form={SECRET}"
BARE = f"csrfmiddlewaretoken={SECRET}".encode()


def form(token=SECRET, cookie=COOKIE, path="/language", **more):
    """A form that is sent from one of our pages."""
    body = urlencode({"csrfmiddlewaretoken": _mask_cipher_secret(token), "language": "cy"})
    asked = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_TYPE": FORM}
    return asked | {"HTTP_COOKIE": cookie, "body": body.encode()} | more


def got(path, method="GET", **more):
    return {"REQUEST_METHOD": method, "PATH_INFO": path, **more}


# What an answer carries beside what every one does.
MACHINE = {"Content-Type"}
EARLY = {"Content-Type", "X-Request-ID"}
PAGE = EARLY | {"Content-Length"}
FIRST = PAGE | {"Set-Cookie", "Vary"}
AWAY, KEPT = PAGE | {"Location"}, PAGE | {"Location", "Set-Cookie"}
FILE = PAGE | {"ETag", "Last-Modified", "Vary"}
STAY = {"Strict-Transport-Security"}
# A kind: what is asked, under which settings, its status, and what it carries.
KINDS = {
    "home": (got("/"), {}, 200, FIRST),
    "home again": (got("/", HTTP_COOKIE=COOKIE), {}, 200, PAGE),
    "home, with a cookie of another form": (
        got("/", HTTP_COOKIE="townhall_form=short"), {}, 200, FIRST),
    "home, with a masked cookie": (
        got("/", HTTP_COOKIE=f"townhall_form={_mask_cipher_secret(SECRET)}"), {}, 200, PAGE),
    "a question asked of it": (got("/", QUERY_STRING="change=1&a=%C3%A9"), {}, 200, FIRST),
    "head": (got("/cookies", "HEAD"), {}, 200, FIRST),
    "colours": (got("/theme.css"), {}, 200, PAGE),
    "nothing": (got("/nothing-here"), {}, 404, FIRST),
    "nothing, and no ASCII": (got("/\u00c3\u00a9"), {}, 404, FIRST),
    "nothing, and no UTF-8": (got("/\u00e9"), {}, 404, FIRST),
    "not even a path": (got("*", "OPTIONS"), {}, 404, FIRST),
    "no path": (got(""), {}, 200, FIRST),
    "a slash": (got("/cookies/", QUERY_STRING="a=b"), {}, 301, AWAY),
    "a method": (got("/cookies", "DELETE", HTTP_COOKIE=COOKIE), {}, 405, PAGE | {"Allow"}),
    "another host": (got("/", HTTP_HOST="evil.example"), {}, 400, EARLY),
    "no host": (got("/cookies", HTTP_HOST=None), {}, 200, FIRST),
    "a host of nonsense": (got("/", HTTP_HOST="a b"), {}, 400, EARLY),
    "a style": (got(STATIC), {}, 200, FILE),
    "a style, packed": (
        got(STATIC, HTTP_ACCEPT_ENCODING="gzip"), {}, 200, FILE | {"Content-Encoding"}),
    "a style that is known": (
        got(STATIC, HTTP_IF_MODIFIED_SINCE="Fri, 01 Jan 2100 00:00:00 GMT"), {}, 304,
        FILE - {"Content-Length", "Content-Type"} - {"Last-Modified"}),
    "a style's head": (got(STATIC, "HEAD"), {}, 200, FILE),
    "part of a style": (
        got(STATIC, HTTP_RANGE="bytes=0-9"), {}, 206, FILE | {"Content-Range"}),
    "a style sent to": (got(STATIC, "POST"), {}, 405, {"Allow", "X-Request-ID"}),
    "no style": (got("/static/none.css"), {}, 404, FIRST),
    "a form": (form(), {}, 303, KEPT),
    "a form, and whence": (
        form(HTTP_ORIGIN="http://127.0.0.1"), {}, 303, KEPT),
    "a form from elsewhere": (form(HTTP_ORIGIN="http://evil.example"), {}, 403, PAGE),
    "a form from nonsense": (form(body=b"a=b", HTTP_ORIGIN="http://["), {}, 403, PAGE),
    "a form without a cookie": (form(cookie=""), {}, 403, FIRST),
    "a form with a cookie of another form": (form(cookie="townhall_form=!"), {}, 403, FIRST),
    "a form with another's secret": (form(OTHER), {}, 403, PAGE),
    "a form with a short secret": (form(body=b"csrfmiddlewaretoken=a&a=b"), {}, 403, PAGE),
    "a form with an odd secret": (
        form(body=b"csrfmiddlewaretoken=" + b"%C3%A9" * 64), {}, 403, PAGE),
    "a form with the bare secret": (
        form(body=f"csrfmiddlewaretoken={SECRET}".encode()), {}, 303, AWAY),
    "a form with a masked cookie": (
        form(cookie=f"townhall_form={_mask_cipher_secret(SECRET)}"), {}, 303,
        KEPT),
    "a form with no secret": (form(body=b"a=b"), {}, 403, PAGE),
    "a form with its secret in a header": (
        form(body=b"a=b", HTTP_X_CSRFTOKEN=SECRET), {}, 303, AWAY),
    "a form that is no text": (
        form(body=f"csrfmiddlewaretoken={SECRET}&a=%E9".encode()), {}, 400, PAGE),
    "a form that has the sign for no text": (
        form(body=f"csrfmiddlewaretoken={SECRET}&a=%EF%BF%BD".encode()), {}, 303,
        AWAY),
    "a form of raw bytes": (
        form(body=f"csrfmiddlewaretoken={SECRET}&a=".encode() + b"\xe9"), {}, 400, PAGE),
    "a form of many fields": (form(body=b"a&" * 1_001), {}, 400, PAGE),
    "a form too long": (form(body=b"a" * 1_000_001), {}, 400, PAGE),
    "a form too long without a cookie": (form(cookie="", body=b"a" * 1_000_001), {}, 403, FIRST),
    "a form of many fields without a cookie": (form(cookie="", body=b"a&" * 1_001), {}, 403, FIRST),
    "a form too long with a cookie of another form": (
        form(cookie="townhall_form=!", body=b"a" * 1_000_001), {}, 403, FIRST),
    "parts": (
        form(CONTENT_TYPE="multipart/form-data; boundary=X", body=(
            b'--X\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
            + SECRET.encode() + b"\r\n--X--\r\n")), {}, 303, AWAY),
    "parts without an end": (
        form(CONTENT_TYPE="multipart/form-data", body=b"--X\r\n"), {}, 400, PAGE),
    "other words": (form(CONTENT_TYPE="application/json", body=b"{}"), {}, 403, PAGE),
    "another way of writing": (
        form(CONTENT_TYPE=f"{FORM}; charset=latin-1", body=BARE),
        {}, 400, PAGE),
    "no room": (got("/", **{CROWDED: "1"}), {}, 503, EARLY | {"Retry-After"}),
    "alive": (got("/health/live"), {}, 200, MACHINE),
    "alive, sent to": (got("/health/live", "POST"), {}, 405, MACHINE | {"Allow"}),
    "alive, under any name": (got("/health/live", HTTP_HOST="evil.example"), TLS, 200, MACHINE),
    "ready": (got("/health/ready"), {}, 200, MACHINE),
    "counts": (got("/metrics"), {}, 200, MACHINE),
    "counts, asked from elsewhere": (got("/metrics", REMOTE_ADDR="192.0.2.1"), {}, 404, FIRST),
    "to https": (got("/cookies", QUERY_STRING="a=b"), TLS, 301, EARLY | {"Location"}),
    "to https, of another": (got("/", HTTP_HOST="evil.example"), TLS, 400, EARLY),
    "a style, to https": (got(STATIC), TLS, 301, EARLY | {"Location"}),
    "by https": (got("/cookies", **HTTPS), TLS, 200, FIRST | STAY),
    "by https, as our proxy says": (
        got("/cookies", HTTP_X_FORWARDED_PROTO="https", HTTP_X_REQUEST_ID="a" * 8), TLS | PROXY,
        200, FIRST | STAY),
    "by http, as our proxy says": (
        got("/", HTTP_X_FORWARDED_PROTO="http"), TLS | PROXY, 301, EARLY | {"Location"}),
    "another host by https": (
        got("/", HTTP_HOST="evil.example", **HTTPS), TLS, 400, EARLY | STAY),
    "a form by https from nowhere": (
        form(**HTTPS), TLS, 403, PAGE | STAY),
    "a form by https from a page of ours": (
        form(HTTP_REFERER="https://127.0.0.1/cookies", **HTTPS), TLS, 303,
        KEPT | STAY),
    "a form by https from elsewhere": (
        form(HTTP_REFERER="https://evil.example/", **HTTPS), TLS, 403,
        PAGE | STAY),
}  # fmt: skip


def environ(asked):
    """A request as WSGI has it, and its body."""
    usual = {
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "QUERY_STRING": "",
    }  # fmt: skip
    asked = usual | asked
    body = asked.pop("body", b"")
    asked["CONTENT_LENGTH"] = str(len(body))
    return {name: value for name, value in asked.items() if value is not None}, body


def by_our_server(asked):
    made, body = environ(asked)
    return Pages().answer(made, body if len(body) <= ours.DATA_UPLOAD_MAX_MEMORY_SIZE else None)


def by_another(asked):
    made, body = environ(asked)
    said = []
    response = WSGIHandler()(
        made | {"wsgi.input": BytesIO(body)}, lambda *start: said.extend(start)
    )
    whole = b"".join(response)
    response.close()
    return int(said[0][:3]), said[1], whole


def told(headers):
    """What is the same each time; of a cookie, all but its value."""
    cookies = [text.partition(";")[2] for name, text in headers if name == "Set-Cookie"]
    return sorted(one for one in headers if one[0] not in CHANGING), cookies


def compare(asked, status, names):
    one, other = by_our_server(dict(asked)), by_another(dict(asked))
    assert (one[0], {name for name, _ in one[1]}) == (status, names | {*HEADERS})
    assert len({name for name, _ in one[1]}) == len(one[1])
    assert (one[0], told(one[1]), bool(one[2])) == (other[0], told(other[1]), bool(other[2]))
    assert {name for name, _ in one[1]} == {name for name, _ in other[1]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_answered_as_it_always_was_and_as_django_does(kind, settings):
    asked, under, status, names = KINDS[kind]
    for name, value in under.items():
        setattr(settings, name, value)
    compare(asked, status, names)


ODD_KINDS = (
    "text/plain; charset*=nope''%41",
    "text/plain; charset*=utf-8''%00",
    "text/plain; charset*=undefined''%41",
    "text/plain; charset=hex",
    "text/plain; charset=undefined",
    "multipart/form-data; boundary=X; charset=hex",
    f"{FORM}; charset=hex",
)
"""Kinds of a body over which Django falls, outside of all that answers for a fault."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ODD_KINDS)
def test_no_kind_of_body_breaks_an_answer(kind):
    for query in ("change=1", "&" * 1_001):
        asked, _ = environ(got("/cookies", CONTENT_TYPE=kind, QUERY_STRING=query))
        assert Pages().answer(asked)[0] == 200
    made = Asked(environ(got("/", CONTENT_TYPE=kind, QUERY_STRING="a=%C3%A9"))[0], b"")
    assert made.GET["a"] == "é"
    body = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--X--\r\n'
    asked, _ = environ(form(CONTENT_TYPE=kind, body=body))
    assert Pages().answer(asked, body)[0] in (400, 403)


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_is_a_page_and_a_line(monkeypatch, caplog):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr(statements, "cookies_view", broken)
    compare(got("/cookies", HTTP_COOKIE=COOKIE), 500, PAGE)
    assert [line.exc_info[0] for line in caplog.records if line.exc_info] == [RuntimeError] * 2


def test_whoever_asks_too_often_is_told_to_wait(settings):
    usual = settings.ALLOWANCES
    settings.ALLOWANCES = replace(usual, a_minute=usual.a_minute | {"pages": 1}, exempt=())
    pages = Pages()
    for status in (200, 429):
        said = pages.answer(environ(got("/theme.css"))[0])
        assert said[0] == status
    assert {name for name, _ in said[1]} == EARLY | {*HEADERS} | {
        "Retry-After",
        "Set-Cookie",
        "Vary",
    }


def test_every_middleware_of_the_settings_is_around_the_views_and_no_other_kind_is():
    """What our server's chain leaves out, none of ours uses."""
    djangos = WSGIHandler()
    assert not djangos._exception_middleware
    assert not djangos._template_response_middleware
    assert [one.__name__ for one in djangos._view_middleware] == ["process_view"]
    assert len(Pages()._before) == 1
    with override_settings(MIDDLEWARE=[*ours.MIDDLEWARE, f"{__name__}.mark"]):
        assert ("X-Marked", "yes") in Pages().answer(environ(got("/theme.css"))[0])[1]


def mark(get_response):
    def answer(request):
        response = get_response(request)
        response.headers["X-Marked"] = "yes"
        return response

    return answer


@given(st.text(alphabet=CSRF_ALLOWED_CHARS, min_size=32, max_size=32))
def test_a_masked_secret_is_taken_apart_as_django_does(secret):
    token = _mask_cipher_secret(secret)
    assert unmasked(token) == _unmask_cipher_token(token) == secret


PIECES = st.sampled_from(["a", "b", "=", "&", "+", "%20", "%C3%A9", "%E9", "%", "%zz", ";", "%00"])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_fields_are_what_querydict_makes_of_them(text):
    one, other = Fields(text), QueryDict(text.encode(), encoding="utf-8")
    assert [*one.lists()] == [*other.lists()]
    assert one == other
    with pytest.raises(AttributeError):
        one["a"] = "b"


@given(st.text(alphabet='ab =;"\\é\t', max_size=30))
def test_cookies_are_what_django_reads(said):
    line = said.encode().decode("latin-1")
    assert parse_cookie(said) == Asked(environ(got("/", HTTP_COOKIE=line))[0], b"").COOKIES


@pytest.mark.parametrize(
    ("made", "same"),
    [
        (drawn("<p>é</p>".encode()), HttpResponse("<p>é</p>", status=200)),
        (drawn(b"", 410), HttpResponse("", status=410)),
        (see_other("/a-service"), HttpResponseRedirect("/a-service", status=303)),
    ],
)
def test_an_answer_of_ours_is_made_as_djangos_own(made, same):
    ours, theirs = vars(made), vars(same)
    assert ours.pop("headers").items() == theirs.pop("headers").items()
    assert ours == theirs
    assert made.content == same.content


@given(st.lists(PIECES, max_size=30).map("".join), st.binary(max_size=3))
def test_what_is_no_text_is_refused_and_nothing_else(text, more):
    body = text.encode() + more
    asked = Asked(environ(form(body=body))[0], body)
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError:
        with pytest.raises(SuspiciousOperation):
            refuse_unreadable(asked)
    else:
        refuse_unreadable(asked)
