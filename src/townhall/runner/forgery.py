"""The token that proves a form to be ours: Django's own, masked anew for each page."""

from __future__ import annotations

import os

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, get_token

_PLACES = {sign: at for at, sign in enumerate(CSRF_ALLOWED_CHARS)}
_SIGNS = len(CSRF_ALLOWED_CHARS)
_FAIR = 256 - 256 % _SIGNS
"""Bytes from here on would make the first signs likelier than the others."""


def form_token(request: HttpRequest) -> str:
    """Give the token for a form on a page that answers this request.

    A browser that has the cookie keeps it: it ends with the browser, so there is nothing to renew,
    and Django's ``get_token`` (which renews it) costs a tenth of a page.
    """
    secret = request.META.get("CSRF_COOKIE")
    return masked(secret) if secret else get_token(request)


def masked(secret: str) -> str:
    """Hide a secret behind a mask of its own length: what Django's middleware takes apart.

    The mask differs on every page, so that one who can see only how well pages compress learns
    nothing of the secret (BREACH).
    """
    mask: list[int] = []
    while len(mask) < len(secret):
        mask += [byte % _SIGNS for byte in os.urandom(2 * len(secret)) if byte < _FAIR]
    pairs = zip(mask, secret, strict=False)
    cipher = [CSRF_ALLOWED_CHARS[(at + _PLACES[sign]) % _SIGNS] for at, sign in pairs]
    shown = [CSRF_ALLOWED_CHARS[at] for at in mask[: len(secret)]]
    return "".join(shown + cipher)
