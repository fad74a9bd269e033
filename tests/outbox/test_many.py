"""What the worker and the watchers ask is as quick however many deliveries were ever made."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.outbox.conftest import START, put
from townhall.outbox import alarms, claims, queries
from townhall.outbox.models import Delivery

pytestmark = pytest.mark.django_db
OF_UNFINISHED = ("delivery_due", "delivery_open", "delivery_unfinished")


def plan(statement):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table of a few rows is read whole, and rightly; what it would do with many is asked.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        return "\n".join(str(row) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda: claims.anything_due(START), "delivery_due"),
        (lambda: queries.depth(), "delivery_unfinished"),
        (lambda: queries.backlog(), "delivery_open"),
        (lambda: alarms.troubled(START), "delivery_unfinished"),
    ],
    ids=["due", "depth", "oldest", "troubled"],
)
def test_it_is_read_from_the_index_of_what_is_unfinished(ask, index):
    put("s1")
    Delivery.objects.update(state="done")
    with CaptureQueriesContext(connection) as asked:
        ask()
    statement = asked[-1]["sql"] if index != "delivery_unfinished" else asked[0]["sql"]
    # PostgreSQL takes any of them where a few rows are all that it knows of.
    enough = OF_UNFINISHED if connection.vendor == "postgresql" else (index,)
    said = plan(statement)
    assert any(name in said for name in enough), said
