"""The only cookies of ours: one secret for each draft on this computer, and the language chosen."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from http.cookies import Morsel

from django.conf import settings
from django.http import HttpRequest, HttpResponse

DRAFT = f"{settings.COOKIES}_draft_"
LANGUAGE = f"{settings.COOKIES}_language"
# With this before its name, no other host can set a secure cookie (RFC 6265bis, 4.1.3.2).
HOST = "__Host-"
LONGEST = 200
PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def draft_token(request: HttpRequest, service: str) -> str | None:
    """Give the secret of this browser's draft of a service; None when there is none."""
    token = request.COOKIES.get(_name(request, DRAFT + service))
    return token or None


def keep_draft(request: HttpRequest, response: HttpResponse, service: str, token: str) -> None:
    """Put a draft's secret in the browser until it is closed."""
    _keep(request, response, DRAFT + service, token)


def drop_draft(request: HttpRequest, response: HttpResponse, service: str) -> None:
    """Take a draft's secret out of the browser."""
    response.delete_cookie(_name(request, DRAFT + service), path="/", samesite="Lax")


def drafts(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Walk this browser's drafts: (service, secret).

    Anybody can put a cookie in their own browser: one in whose name a sign is that none of ours has
    could not even be taken away again.
    """
    start = _name(request, DRAFT)
    for name, token in request.COOKIES.items():
        service = name.removeprefix(start)
        if token and name.startswith(start) and PLAIN.fullmatch(service):
            yield service, token


def language(request: HttpRequest) -> str:
    """Give the language that the person chose, "" when they did not."""
    return request.COOKIES.get(_name(request, LANGUAGE), "")[:LONGEST]


def keep_language(request: HttpRequest, response: HttpResponse, chosen: str) -> None:
    """Remember a language until the browser is closed."""
    _keep(request, response, LANGUAGE, chosen)


def _keep(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    secure = request.is_secure()
    name = f"{HOST}{name}" if secure else name
    if not PLAIN.fullmatch(value):
        raise ValueError("a cookie of ours is in plain signs")
    response.cookies[name] = Kept(name, value, secure=secure)


class Kept(Morsel[str]):
    """A cookie until the browser is closed, which no script reads: what ``set_cookie`` would make
    of it, without asking of each attribute whether there is one of that name.
    """

    changed = False

    def __init__(self, name: str, value: str, *, secure: bool) -> None:
        """``name`` and ``value`` are in signs that need no quotes."""
        dict.update(self, ATTRIBUTES, secure=secure or "")
        # Morsel's own way to be made anew; its constructor sets each of eight attributes in turn.
        state = {"key": name, "value": value, "coded_value": value}
        self.__setstate__(state)  # type: ignore[attr-defined]

    def __setitem__(self, attribute: str, value: str) -> None:
        """Have it changed, as Django does to take a cookie away again."""
        super().__setitem__(attribute, value)
        self.changed = True

    def OutputString(self, attrs: Container[str] | None = None) -> str:
        """Give it as it is sent."""
        if self.changed or attrs is not None:
            return super().OutputString(attrs)
        secure = "; Secure" if self["secure"] else ""
        return f"{self.key}={self.coded_value}; HttpOnly; Path=/; SameSite=Lax{secure}"


ATTRIBUTES = {**Morsel(), "path": "/", "httponly": True, "samesite": "Lax"}


def _name(request: HttpRequest, name: str) -> str:
    return f"{HOST}{name}" if request.is_secure() else name
