"""Fills a store as years of use would: `python -m tests.bench.store ROWS`, in TOWNHALL_DATA.

So many submissions, each with the closed header of its draft and what its delivery and the audit
left, and as many unfinished drafts of two pages. One real journey of each sort is made, and its
rows are copied with ids, references, hashes, times and sealed bytes of their own, each as long as
the real one's. Nothing can decrypt the copies, and nothing asks to.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import closing
from importlib import import_module
from typing import Any

from tests.bench import inside

SECONDS = 2_000_000
"""The copies are spread over the last so many seconds, which is within what every draft is kept."""


class Sqlite:
    """How SQLite writes what a copy needs; `i` counts the copies, `real` is what is copied."""

    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
    before = ("PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF", "PRAGMA journal_mode=MEMORY",
              "PRAGMA cache_size=-500000")  # fmt: skip
    after = ("PRAGMA journal_mode=WAL",)
    source = "FROM n, {table} AS real WHERE {chosen}"

    def guards(self, copies: Copies) -> list[tuple[str, str]]:
        """The triggers that see to each row, by name: a copy is made without them."""
        with closing(copies.connection.cursor()) as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found: list[tuple[str, str]] = cursor.fetchall()
        return found

    def hexed(self, text: str, digits: int) -> str:
        return f"printf('%0{digits}x', {text})"

    def uuid(self, text: str) -> str:
        return text

    def random(self, column: str) -> str:
        return f"randomblob(length(real.{column}))"

    def earlier(self, column: str) -> str:
        return f"strftime('%Y-%m-%d %H:%M:%f', real.{column}, '-' || (i % {SECONDS}) || ' seconds')"


class Postgresql:
    """The same for PostgreSQL."""

    numbers = ""
    before = ("SET session_replication_role = replica", "SET synchronous_commit = off",
              "SET statement_timeout = 0")  # fmt: skip
    after = ("VACUUM ANALYZE",)
    source = "FROM generate_series(1, {rows}::bigint) AS n(i), {table} AS real WHERE {chosen}"

    def guards(self, copies: Copies) -> list[tuple[str, str]]:
        """None: for this session the server calls none of them."""
        return []

    def hexed(self, text: str, digits: int) -> str:
        return f"lpad(to_hex({text}), {digits}, '0')"

    def uuid(self, text: str) -> str:
        return f"({text})::uuid"

    def random(self, column: str) -> str:
        some, long = f"md5(i::text || '{column}')", f"length(real.{column})"
        return f"substr(decode(repeat({some}, {long} / 16 + 1), 'hex'), 1, {long})"

    def earlier(self, column: str) -> str:
        return f"real.{column} - (i % {SECONDS}) * interval '1 second'"


class Copies:
    """Copies one real row of a table so many times, with some columns changed."""

    def __init__(self, rows: int) -> None:
        self.connection = import_module("django.db").connection
        self.dialect = {"sqlite": Sqlite, "postgresql": Postgresql}[self.connection.vendor]()
        self.rows = rows
        # Spread over all ids there are, and rising, so that indexes are written in their order.
        self.step = 0xF000_0000 // rows

    def run(self, *statements: str) -> None:
        with closing(self.connection.cursor()) as cursor:
            for statement in statements:
                cursor.execute(statement)

    def key(self, kind: int) -> str:
        """An id of its own for each copy of a kind of record, 32 digits."""
        return f"{self.dialect.hexed(f'i * {self.step}', 8)} || '{kind:04x}40008000000000000000'"

    def id(self, kind: int) -> str:
        return self.dialect.uuid(self.key(kind))

    def dashed(self, kind: int) -> str:
        first = self.dialect.hexed(f"i * {self.step}", 8)
        return f"{first} || '-{kind:04x}-4000-8000-000000000000'"

    def copy(self, model: type[Any], chosen: str, changed: dict[str, str]) -> None:
        """Copy the row for which `chosen` holds; times and sealed bytes change by themselves."""
        fields = import_module("django.db.models")
        columns, values = [], []
        for one in model._meta.concrete_fields:
            if isinstance(one, fields.AutoField | fields.BigAutoField):
                continue
            value = f'real."{one.column}"'
            if isinstance(one, fields.BinaryField):
                value = self.dialect.random(f'"{one.column}"')
            elif isinstance(one, fields.DateTimeField):
                value = self.dialect.earlier(f'"{one.column}"')
            columns.append(f'"{one.column}"')
            values.append(changed.get(one.column, value))
        table = f'"{model._meta.db_table}"'
        said = self.dialect.source.format(rows=self.rows, table=table, chosen=chosen)
        numbers = self.dialect.numbers.format(rows=self.rows)
        self.run(
            f"INSERT INTO {table} ({', '.join(columns)}) {numbers}SELECT {', '.join(values)} {said}"
        )


def fill(rows: int) -> dict[str, Any]:
    """Make the real ones, copy them, and count what there is then."""
    _journeys()
    copies, began = Copies(rows), time.monotonic()
    guards = copies.dialect.guards(copies)
    copies.run(*copies.dialect.before, *(f"DROP TRIGGER {name}" for name, _ in guards))
    _submitted(copies)
    _unfinished(copies)
    _chain(copies)
    copies.run(*(sql for _, sql in guards), *copies.dialect.after)
    # What filling has left to be written is no part of what is measured afterwards.
    os.sync()
    models = import_module("townhall.submissions.models")
    tables = (models.Submission, models.Draft, models.DraftPage)
    counts = {model.__name__: model.objects.count() for model in tables}
    return {"seconds": time.monotonic() - began, "rows": counts}


def _journeys() -> None:
    """Make one submission, with what its delivery leaves, and one draft of two pages."""
    application = inside.application()
    inside.journey(application, lambda kind, make: make())
    browser = inside.Browser(application)
    for _, method, path, data in inside.requests(browser):
        browser.path = browser.ask(method, path, data) or path
        if browser.path.endswith("/address"):
            break
    outbox = import_module("townhall.outbox.models")
    delivery = outbox.Delivery.objects.get()
    delivery.state, delivery.attempts = outbox.State.DONE, 1
    delivery.finished_at = delivery.first_tried_at = delivery.next_at
    delivery.save()


def _submitted(copies: Copies) -> None:
    submissions = import_module("townhall.submissions.models")
    outbox = import_module("townhall.outbox.models")
    audit = import_module("townhall.audit.models")
    real = submissions.Submission.objects.get().pk
    submission, draft, event = copies.id(1), copies.id(2), copies.id(3)
    secret, mark = (f"{copies.key(kind)} || {copies.key(kind)}" for kind in (2, 4))
    reference = f"upper('C' || {copies.dialect.hexed(f'i * {copies.step}', 13)})"
    changed = {"id": submission, "draft": draft, "reference": reference}
    copies.copy(submissions.Submission, "true", changed)
    changed = {"id": draft, "submission_id": submission, "secret_hash": secret}
    copies.copy(submissions.Draft, "submission_id IS NOT NULL", changed)
    changed = {"id": event, "subject": copies.dashed(1)}
    copies.copy(outbox.Event, f"subject = '{real}'", changed)
    changed = {"event_id": event, "subject": copies.dashed(1)}
    copies.copy(outbox.Delivery, f"subject = '{real}'", changed)
    last = audit.Head.objects.get().number
    changed = {"number": f"{last} + i", "which": copies.dashed(1), "hash": mark, "before": mark}
    copies.copy(audit.Entry, f"which = '{real}'", changed)


def _unfinished(copies: Copies) -> None:
    models = import_module("townhall.submissions.models")
    secret = f"{copies.key(5)} || {copies.key(5)}"
    changed = {"id": copies.id(5), "secret_hash": secret}
    copies.copy(models.Draft, "submission_id IS NULL", changed)
    for page in models.DraftPage.objects.values_list("page", flat=True):
        copies.copy(models.DraftPage, f"page = '{page}'", {"draft_id": copies.id(5)})


def _chain(copies: Copies) -> None:
    """Let the next audit entry follow the last copy."""
    audit = import_module("townhall.audit.models")
    last = audit.Entry.objects.order_by("-number").first()
    audit.Head.objects.update(number=last.number, hash=last.hash)
    services = import_module("townhall.definitions.models").Service
    services.objects.update(received=copies.rows + 1)


def main(rows: str) -> None:
    """Make a store, fill it and print how long that took."""
    inside.set_up()
    print(json.dumps(fill(int(rows)) if int(rows) else {}))


if __name__ == "__main__":
    main(*sys.argv[1:])
