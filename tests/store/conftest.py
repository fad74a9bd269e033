"""A database beside the tests' own, for what may not be done to theirs."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.utils import ConnectionHandler

from townhall.project.databases import database_at, hurried
from townhall.store import statements


@pytest.fixture
def beside(tmp_path, monkeypatch):
    """A database of its own, which does not wait for another writer."""
    described = hurried(database_at("", tmp_path), 0)
    handler = ConnectionHandler({"default": described})
    monkeypatch.setattr(statements, "connections", handler)
    monkeypatch.setattr(transaction, "connections", handler)
    made = handler["default"]
    made.ensure_connection()
    made.connection.execute("CREATE TABLE things (thing)")
    yield made
    made.close()
