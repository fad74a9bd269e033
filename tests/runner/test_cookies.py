"""A cookie of ours is what Django would make of it."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from townhall.runner import cookies


@given(st.from_regex(cookies.PLAIN, fullmatch=True), st.booleans())
def test_it_is_set_as_django_sets_it(value, secure):
    request = RequestFactory().get("/", secure=secure)
    ours, theirs = HttpResponse(), HttpResponse()
    cookies.keep_draft(request, ours, "tiny", value)
    name = f"{cookies.HOST if secure else ''}{cookies.DRAFT}tiny"
    theirs.set_cookie(name, value, path="/", secure=secure, httponly=True, samesite="Lax")
    (made,), (wanted,) = ours.cookies.values(), theirs.cookies.values()
    assert made.OutputString() == wanted.OutputString()
    assert made.OutputString([]) == wanted.OutputString([])
    assert dict(made) == dict(wanted)
    assert (made.key, made.value) == (wanted.key, wanted.value)


@pytest.mark.parametrize("value", ["", "a b", "a;b", "a\nb", "é", 'a"'])
def test_what_is_not_plain_is_not_set(value):
    with pytest.raises(ValueError, match="plain signs"):
        cookies.keep_language(RequestFactory().get("/"), HttpResponse(), value)


def test_one_that_is_taken_away_again_is_gone():
    request, response = RequestFactory().get("/"), HttpResponse()
    cookies.keep_draft(request, response, "tiny", "secret")
    cookies.drop_draft(request, response, "tiny")
    [said] = response.cookies.values()
    assert "Max-Age=0" in said.OutputString()
    assert "expires=Thu, 01 Jan 1970" in said.OutputString()
