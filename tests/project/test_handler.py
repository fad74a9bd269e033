"""Django's handler made lean answers as Django's own does, and leaves no broken connection."""

from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection
from django.urls import get_resolver

from townhall.project import handler
from townhall.project.handler import LONGEST, Pages

CHANGING = {"X-Request-ID", "Set-Cookie", "Content-Length"}


PAGES = Pages()


def environ(path, method):
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
    }


def ours(path, method="GET"):
    status, headers, body = PAGES.answer(environ(path, method))
    return status, headers, body


def djangos(path, method):
    said = []
    response = PAGES(environ(path, method), lambda *start: said.extend(start))
    body = b"".join(response)
    response.close()
    return int(said[0][:3]), said[1], body


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "path", ["/", "/cookies", "/nothing-here", "/" + "a" * (LONGEST + 1), "/theme.css", "/a/b/c/d"]
)
def test_it_says_what_djangos_own_says(path):
    for method in ("GET", "HEAD", "POST", "DELETE"):
        one, other = ours(path, method), djangos(path, method)
        assert one[0] == other[0]
        assert [said for said in one[1] if said[0] not in CHANGING] == [
            said for said in other[1] if said[0] not in CHANGING
        ]
        assert {name for name, _ in one[1]} == {name for name, _ in other[1]}
        assert bool(one[2]) == bool(other[2])


@pytest.mark.django_db(transaction=True)
def test_a_cookie_and_a_file_come_with_it():
    _, headers, _ = ours("/cookies")
    assert any(name == "Set-Cookie" and "HttpOnly" in text for name, text in headers)
    style = next(settings.STATIC_ROOT.rglob("*.css"))
    status, _, body = ours(f"/static/{style.relative_to(settings.STATIC_ROOT)}")
    assert status == 200
    assert body == style.read_bytes()


def test_an_address_is_looked_up_once_unless_it_is_longer_than_any_of_ours():
    handler._match.cache_clear()
    for path in ("/missed-bin/where", "/missed-bin/where", "/" + "a" * LONGEST):
        request = type("Asked", (), {"path_info": path})()
        match = PAGES.resolve_request(request)
        assert match == request.resolver_match
        assert match.kwargs == get_resolver().resolve(path).kwargs
    assert handler._match.cache_info().hits == 1
    assert handler._match.cache_info().currsize == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_failed_is_looked_at_after_the_request():
    ours("/")
    connection.errors_occurred = True
    ours("/")
    assert not connection.errors_occurred
