"""The token that proves a form to be ours: Django's own, masked anew for each page."""

from __future__ import annotations

import os

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

_PLACES = {sign: at for at, sign in enumerate(CSRF_ALLOWED_CHARS)}
_SIGNS = len(CSRF_ALLOWED_CHARS)
_FAIR = 256 - 256 % _SIGNS
"""Bytes from here on would make the first signs likelier than the others."""


def form_token(request: HttpRequest) -> str:
    """Give the token for a form on a page that answers this request.

    A browser that has the cookie keeps it: it ends with the browser, so there is nothing to renew.
    One that has none is given one, by the mark that Django's own ``get_token`` leaves for its
    middleware; that asks for its random signs one by one, 64 of them.
    """
    secret = request.META.get("CSRF_COOKIE")
    if not secret:
        secret = "".join([CSRF_ALLOWED_CHARS[at] for at in _random(CSRF_SECRET_LENGTH)])
        request.META.update(CSRF_COOKIE=secret, CSRF_COOKIE_NEEDS_UPDATE=True)
    return masked(secret)


def masked(secret: str) -> str:
    """Hide a secret behind a mask of its own length: what Django's middleware takes apart.

    The mask differs on every page, so that one who can see only how well pages compress learns
    nothing of the secret (BREACH).
    """
    mask = _random(len(secret))
    cipher = [
        CSRF_ALLOWED_CHARS[(at + _PLACES[sign]) % _SIGNS]
        for at, sign in zip(mask, secret, strict=True)
    ]
    return "".join([CSRF_ALLOWED_CHARS[at] for at in mask] + cipher)


def unmasked(token: str) -> str:
    """Take a masked secret of Django's alphabet apart: what `masked`, and Django's own, made."""
    half = len(token) // 2
    pairs = zip(token[half:], token[:half], strict=True)
    return "".join([CSRF_ALLOWED_CHARS[_PLACES[sign] - _PLACES[mask]] for sign, mask in pairs])


def _random(count: int) -> list[int]:
    """Give so many places in Django's alphabet, each as likely as any."""
    places: list[int] = []
    while len(places) < count:
        places += [byte % _SIGNS for byte in os.urandom(2 * count) if byte < _FAIR]
    return places[:count]
