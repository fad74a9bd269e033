"""What every answer tells a browser."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from townhall.project.headers import HEADERS, security_headers


@pytest.fixture
def answer():
    def give(response=None):
        return security_headers(lambda request: response or HttpResponse("x"))(
            RequestFactory().get("/")
        )

    return give


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_each_header_is_sent(answer, name):
    assert answer().headers[name] == HEADERS[name]


def test_nothing_from_elsewhere_may_be_loaded_and_nothing_inline_may_run(answer):
    policy = answer().headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


def test_a_view_may_say_how_long_its_answer_keeps(answer):
    kept = HttpResponse("x", headers={"Cache-Control": "max-age=60"})
    assert answer(kept).headers["Cache-Control"] == "max-age=60"
