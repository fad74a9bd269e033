"""Django's handler made lean looks an address up once, and leaves no broken connection."""

import pytest
from django.conf import settings
from django.db import connection
from django.urls import get_resolver

from townhall.project import handler
from townhall.project.handler import LONGEST, Pages
from townhall.runner.views import statements
from townhall.store.statements import here

PAGES = Pages()


def ours(path):
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "REMOTE_ADDR": "127.0.0.1"}
    return PAGES.answer(asked | {"HTTP_HOST": "127.0.0.1", "wsgi.url_scheme": "http"})


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
        match = handler.resolve(request)
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


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_grew_old_while_nobody_asked_is_closed_before_it_is_used(monkeypatch):
    """A network that forgot it meanwhile would let whoever asks next wait for minutes."""
    done, drawn = [], statements.cookies_view
    mine = here()
    mine.ensure_connection()
    monkeypatch.setattr(mine, "close_at", 0.0)
    monkeypatch.setattr(mine, "close", lambda: done.append("closed"))
    monkeypatch.setattr(statements, "cookies_view", lambda *of: done.append("asked") or drawn(*of))
    ours("/cookies")
    assert done[:2] == ["closed", "asked"]
