"""Someone whose address asks too often: a page that keeps what they typed, in their language."""

from dataclasses import replace

import pytest
from tests.support.definitions import define, page, radios
from tests.support.visitor import Visitor

from townhall.project.limits.allowances import allowances_in

PAGES = [
    page("one", radios("pest", "Rats", "Wasps", personal="none")),
    page("two", {"id": "name", "ask": "Your name", "type": "name"}),
]
HEADING = "Wait a minute, then try again"


@pytest.fixture
def begun(put, visitor):
    """Someone on the second page, at an address that is nobody's to be exempt."""
    visitor.client.defaults["REMOTE_ADDR"] = "192.0.2.1"
    visitor.start(put(define(PAGES, languages=["en", "cy"])))
    visitor.send({"pest": "rats"})
    return visitor


@pytest.fixture
def allow(settings):
    """Let so many a minute of a kind in, for visitors whose first request is yet to come."""

    def go(visitor, **kinds):
        usual = allowances_in({})
        settings.ALLOWANCES = replace(usual, a_minute=usual.a_minute | kinds)
        visitor.client.handler._middleware_chain = None

    return go


def test_what_was_typed_is_on_the_page_and_the_draft_goes_on(begun, allow):
    allow(begun, answers=1)
    begun.send({"name": ""})
    begun.send({"name": "Ann <b>"}, status=429)
    assert begun.heading == HEADING
    assert "You may share it with other people" in begun.text
    assert begun.page.select_one("[name=name]")["value"] == "Ann <b>"
    assert begun.page.select_one("main a[href='/a-service/two']") is not None
    allow(begun, answers=1)
    begun.send(form="main form")
    assert begun.path == "/a-service/check-answers"


def test_it_says_how_long_to_wait_and_no_more_than_that(begun, allow):
    allow(begun, pages=1)
    begun.open("/a-service/two")
    reply = begun.client.get("/a-service/two")
    assert reply.status_code == 429
    assert 50 < int(reply.headers["Retry-After"]) <= 60
    assert reply.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    begun.open("/a-service/two", status=429)
    assert begun.page.select_one("main a[href='/a-service/two']") is not None


def test_it_is_in_welsh_for_whoever_chose_welsh(begun, allow, django_assert_num_queries):
    begun.client.cookies["townhall_language"] = "cy"
    allow(begun, pages=1)
    begun.open("/")
    with django_assert_num_queries(0):
        begun.open("/a-service/two", status=429)
    assert begun.heading == "Arhoswch funud, yna rhowch gynnig arall arni"
    assert begun.page.html["lang"] == "cy"


def test_a_page_from_elsewhere_brings_nothing_in(begun, allow):
    allow(begun, answers=1)
    for _ in range(2):
        origin = {"Origin": "https://e.example"}
        reply = begun.client.post("/a-service/two", {"name": "Mallory"}, headers=origin)
    assert reply.status_code == 429
    assert "Mallory" not in reply.text


def test_pressing_accept_and_send_again_after_a_refusal_sends(begun, allow):
    begun.send({"name": "Ann"})
    allow(begun, submissions=1)
    path = "/a-service/check-answers"
    begun.client.post(path, {"csrfmiddlewaretoken": "x"})
    begun.send(status=429)
    assert begun.heading == HEADING
    allow(begun)
    begun.follow("Try again")
    begun.send()
    assert begun.path == "/a-service/confirmation"


def test_another_address_is_not_stopped(begun, allow):
    allow(begun, pages=1)
    begun.open("/")
    begun.open("/", status=429)
    other = Visitor()
    other.client.handler = begun.client.handler
    other.client.defaults["REMOTE_ADDR"] = "192.0.2.2"
    other.open("/")
