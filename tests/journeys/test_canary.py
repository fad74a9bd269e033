"""An answer stands on its page and nowhere else: no log, address, title or header."""

import logging

import pytest
from django.db import OperationalError
from tests.support.definitions import define, page

CANARY = "canary7481"
PAGES = [
    page("one", {"id": "who", "ask": "Who?", "type": "text"}),
    {
        "page": "two",
        "questions": [{"id": "old", "ask": "How old is {{ who }}?", "type": "number"}],
    },
    {"page": "kin", "title": "About {{ who }}", "questions": [], "content": ["For {{ who }}."]},
]


@pytest.fixture
def watched(put, visitor, caplog):
    caplog.set_level(logging.DEBUG)
    visitor.start(put(define(PAGES, confirmation={"next": "We will write to {{ who }}."})))
    return visitor


def nowhere_else(visitor, caplog):
    assert CANARY not in visitor.title
    assert CANARY not in visitor.path
    assert CANARY not in str(visitor.client.cookies)
    assert CANARY not in caplog.text
    assert CANARY not in repr([record.__dict__ for record in caplog.records])


def test_through_a_whole_journey(watched, caplog):
    watched.send({"who": CANARY})
    assert watched.heading == f"How old is {CANARY}?"
    assert watched.title.startswith("How old is …? - ")
    nowhere_else(watched, caplog)
    watched.send({"old": CANARY})
    assert watched.errors
    nowhere_else(watched, caplog)
    watched.send({"old": "4"})
    assert watched.heading == f"About {CANARY}"
    nowhere_else(watched, caplog)
    watched.send()
    nowhere_else(watched, caplog)
    watched.send()
    assert CANARY in watched.text
    nowhere_else(watched, caplog)


def test_when_the_database_cannot_answer(watched, caplog, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("townhall.submissions.drafts.save_page", full)
        watched.send({"who": CANARY}, status=503)
    nowhere_else(watched, caplog)


def test_when_the_token_is_lost(watched, caplog):
    own = {"Sec-Fetch-Site": "same-origin"}
    reply = watched.client.post("/a-service/one", {"who": CANARY}, headers=own)
    assert reply.status_code == 403
    watched._arrive(reply, "/a-service/one", 403)
    nowhere_else(watched, caplog)


def test_after_idle_time_the_confirmation_no_longer_shows_it(watched, clock):
    watched.send({"who": CANARY})
    watched.send({"old": "4"})
    watched.send()
    watched.send()
    clock.forward(minutes=61)
    watched.open("/a-service/confirmation")
    assert watched.page.select_one("#reference")
    assert CANARY not in str(watched.page)
