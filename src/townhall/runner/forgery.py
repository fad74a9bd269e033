"""The token that proves a form to be ours: Django's own, masked anew for each page."""

from __future__ import annotations

import os

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

_SIGNS = CSRF_ALLOWED_CHARS.encode("ascii")
_COUNT = len(_SIGNS)
_FAIR = 256 - 256 % _COUNT
"""Bytes from here on would make the first signs likelier than the others."""

_UNFAIR = bytes(range(_FAIR, 256))
_PLACE_OF_BYTE = bytes(byte % _COUNT for byte in range(256))
_SIGN_OF_PLACE = bytes(_SIGNS[place % _COUNT] for place in range(256))
_PLACE_OF_SIGN = bytes(max(0, _SIGNS.find(sign)) for sign in range(256))
_WAY_BACK_OF_SIGN = bytes(_COUNT - place for place in _PLACE_OF_SIGN)


def form_token(request: HttpRequest) -> str:
    """Give the token for a form on a page that answers this request.

    A browser that has the cookie keeps it: it ends with the browser, so there is nothing to renew.
    One that has none is given one, by the mark that Django's own ``get_token`` leaves for its
    middleware; that asks for its random signs one by one, 64 of them.
    """
    secret: str | None = request.META.get("CSRF_COOKIE")
    if not secret:
        secret = _random(CSRF_SECRET_LENGTH).translate(_SIGN_OF_PLACE).decode("ascii")
        request.META.update(CSRF_COOKIE=secret, CSRF_COOKIE_NEEDS_UPDATE=True)
    return masked(secret)


def masked(secret: str) -> str:
    """Hide a secret behind a mask of its own length: what Django's middleware takes apart.

    The mask differs on every page, so that one who can see only how well pages compress learns
    nothing of the secret (BREACH).
    """
    mask = _random(len(secret))
    cipher = _added(mask, secret.encode("ascii").translate(_PLACE_OF_SIGN))
    return (mask + cipher).translate(_SIGN_OF_PLACE).decode("ascii")


def unmasked(token: str) -> str:
    """Take apart what `masked`, or Django's own, hid; ``token`` has only signs of Django's."""
    half, signs = len(token) // 2, token.encode("ascii")
    mask = signs[:half].translate(_WAY_BACK_OF_SIGN)
    places = _added(signs[half:].translate(_PLACE_OF_SIGN), mask)
    return places.translate(_SIGN_OF_PLACE).decode("ascii")


def _added(some: bytes, others: bytes) -> bytes:
    """Add place to place in one go: two places are less than 256, so no byte runs into the next."""
    whole = int.from_bytes(some, "big") + int.from_bytes(others, "big")
    return whole.to_bytes(len(some), "big")


def _random(count: int) -> bytes:
    """Give so many places in Django's alphabet, a byte each, each as likely as any."""
    places = b""
    while len(places) < count:
        places += os.urandom(2 * count).translate(_PLACE_OF_BYTE, _UNFAIR)
    return places[:count]
