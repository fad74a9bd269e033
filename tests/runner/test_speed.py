"""How much work a page costs: queries are counted, so that no change adds one by question."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.definitions import define, page

MOST = 6


def pages(count, each):
    ask = {"ask": "What is it?", "type": "text", "personal": "none"}
    return [page(f"p{n}", *({**ask, "id": f"q{n}x{m}"} for m in range(each))) for n in range(count)]


@pytest.fixture
def long_way(put, visitor):
    visitor.start(put(define(pages(12, 4))))
    for n in range(11):
        visitor.send({f"q{n}x{m}": "x" for m in range(4)})
    return visitor


def queries(act):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        act()
    return [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]


def test_showing_a_page_takes_few_queries(long_way):
    found = queries(lambda: long_way.client.get("/a-service/p11"))
    assert len(found) <= MOST, found


def test_keeping_a_page_takes_few_queries_and_one_write(long_way):
    data = {f"q3x{m}": "y" for m in range(4)}
    data["csrfmiddlewaretoken"] = long_way.value("csrfmiddlewaretoken")
    found = queries(lambda: long_way.client.post("/a-service/p3", data))
    assert len([sql for sql in found if not sql.startswith("SELECT")]) == 1, found
    assert len(found) <= MOST, found


def test_check_answers_takes_few_queries(long_way):
    long_way.send({f"q11x{m}": "x" for m in range(4)})
    found = queries(lambda: long_way.client.get("/a-service/check-answers"))
    assert len(found) <= MOST, found
