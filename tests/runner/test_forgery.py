"""Our mask is the one that Django's middleware takes apart."""

import pytest
from django.http import HttpRequest
from django.middleware.csrf import (
    CSRF_ALLOWED_CHARS,
    CSRF_TOKEN_LENGTH,
    _does_token_match,
    _get_new_csrf_string,
    _unmask_cipher_token,
)

from townhall.runner.forgery import form_token, masked


@pytest.mark.parametrize("_", range(50))
def test_what_is_masked_unmasks_to_the_secret(_):
    secret = _get_new_csrf_string()
    token = masked(secret)
    assert len(token) == CSRF_TOKEN_LENGTH
    assert set(token) <= set(CSRF_ALLOWED_CHARS)
    assert _unmask_cipher_token(token) == secret
    assert _does_token_match(token, secret)


def test_no_two_pages_have_the_same_mask():
    secret = _get_new_csrf_string()
    assert len({masked(secret) for _ in range(200)}) == 200


def test_every_sign_is_as_likely_in_a_mask():
    counts = dict.fromkeys(CSRF_ALLOWED_CHARS, 0)
    for _ in range(2_000):
        for sign in masked("a" * 32)[:32]:
            counts[sign] += 1
    expected = 2_000 * 32 / len(counts)
    # Chi squared with 61 degrees of freedom: beyond 130 once in a million.
    assert sum((n - expected) ** 2 / expected for n in counts.values()) < 130


def test_a_browser_without_the_cookie_is_given_one_and_one_with_it_keeps_it():
    request = HttpRequest()
    token = form_token(request)
    secret = request.META["CSRF_COOKIE"]
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]
    assert _does_token_match(token, secret)
    again = HttpRequest()
    again.META["CSRF_COOKIE"] = secret
    assert _does_token_match(form_token(again), secret)
    assert "CSRF_COOKIE_NEEDS_UPDATE" not in again.META
