"""How much each request of a whole journey asks of the database, and that it asks by an index."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey
from django.test import Client
from tests.bench import inside

from townhall.audit.ends import KNOWN
from townhall.submissions import remembered

# Sending proves the whole draft again and writes eight tables, all in one transaction. SQLite says
# with the draft what its pages are, and takes an event and its deliveries in two statements;
# PostgreSQL asks for the pages once it holds the draft, and takes those two in one.
MOST = {"start": 1, "begin": 2, "page": 1, "save": 2, "check": 1, "submit": 6, "confirm": 2}


class Person:
    """Goes through the bench's journey, each request watched."""

    def __init__(self, *, elsewhere: bool = False) -> None:
        self.elsewhere = elsewhere
        self.client = Client(enforce_csrf_checks=True)
        self.path = self.token = ""
        self.sent: dict[str, int] = dict.fromkeys(inside.KINDS, 0)
        self.wasteful: list[str] = []

    def ask(self, kind: str, method: str, path: str, data: dict[str, str]) -> None:
        # A worker has audited something since.
        KNOWN[0] = None
        if self.elsewhere:
            remembered.MEMORY = remembered.Memory()
        watch = inside.Watch(plans=True)
        fields = {"csrfmiddlewaretoken": self.token, **data} if method == "POST" else {}
        with connection.execute_wrapper(watch):
            response = self.client.generic(
                method, path, inside.encoded(fields), "application/x-www-form-urlencoded"
            )
        assert response.status_code in (200, 303), (path, response.status_code)
        self.sent[kind] = max(self.sent[kind], watch.sent)
        self.wasteful += watch.wasteful
        self.path = response.headers.get("Location", path)
        if found := inside.TOKEN.search(response.content.decode()):
            self.token = found[1]


@pytest.fixture(params=["here", "elsewhere"])
def gone_through(put_service, request, monkeypatch) -> Person:
    """Whoever did, all in one process, or each request in one that has not seen them before."""
    monkeypatch.setattr(remembered, "MEMORY", remembered.Memory())
    put_service("../tests/bench/services/permit")
    if connection.vendor == "postgresql":
        # So few rows are read whole unless there is no other way, which is what is to be seen.
        connection.cursor().execute("SET LOCAL enable_seqscan = off")
    for _ in range(2):
        person = Person(elsewhere=request.param == "elsewhere")
        for kind, method, path, data in inside.requests(person):
            person.ask(kind, method, path, data)
    return person


def test_each_request_takes_few_statements_and_finds_what_it_needs_by_an_index(gone_through):
    more = {kind: n for kind, n in gone_through.sent.items() if n > MOST[kind]}
    assert not more, gone_through.sent
    assert min(gone_through.sent.values()) > 0, gone_through.sent
    assert not gone_through.wasteful


def test_a_table_read_whole_is_noticed(put_service):
    watch = inside.Watch(plans=True)
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET LOCAL enable_seqscan = off")
    with connection.execute_wrapper(watch), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM submissions_draft WHERE tries = %s", [5])
    assert watch.sent == 1
    assert len(watch.wasteful) == 1


def begun_with(model):
    """The fields with which an index or a constraint of a model begins that holds for every row."""
    told = [*model._meta.indexes, *model._meta.constraints]
    return {one.fields[0] for one in told if one.fields and one.condition is None}


def test_no_index_repeats_how_another_begins():
    """Each index is one more place to write to for every row."""
    fields = [(model, field) for model in apps.get_models() for field in model._meta.local_fields]
    repeated = [
        str(field)
        for model, field in fields
        if field.db_index and not field.unique and field.name in begun_with(model)
    ]
    assert repeated == []
    assert {str(field) for _, field in fields if isinstance(field, ForeignKey)} > {
        "submissions.DraftPage.draft",
        "outbox.Delivery.event",
    }
