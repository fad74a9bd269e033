"""Changes that follow one another: one statement where the database is reached over a wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from django.db.models import Model

from townhall.store.statements import Change, here
from townhall.store.values import field_of


class Step(NamedTuple):
    """One of the changes, as ``Change`` takes it: SQL for every vendor, or by vendor."""

    model: type[Model]
    sql: str | Mapping[str, str]
    takes: tuple[str, ...]


class Together:
    """Changes each of which is made only where the one before it touched a row.

    PostgreSQL is sent them as one statement, ``WITH step1 AS (…), step2 AS (…) …``: there a step
    that may not be made without an earlier one asks for what that one returned, and no step sees
    what another wrote. SQLite, which is in our own process, is sent one after another.
    """

    def __init__(self, *steps: Step) -> None:
        """Write the statements; nothing is sent yet."""
        *before, last = [
            step.sql if isinstance(step.sql, str) else step.sql["postgresql"] for step in steps
        ]
        named = ", ".join(f"step{number} AS ({sql})" for number, sql in enumerate(before, start=1))
        takes = [field_of(step.model, name) for step in steps for name in step.takes]
        self._whole = Change(steps[-1].model, f"WITH {named} {last}", *takes)
        self._each = [Change(step.model, step.sql, *step.takes) for step in steps]

    def run(self, *values: Sequence[object]) -> int:
        """Send them, each with its own values; gives how many rows the last touched."""
        database = here()
        if database.vendor == "postgresql":
            return self._whole.run_on(database, tuple(chain.from_iterable(values)))
        touched = 0
        for change, own in zip(self._each, values, strict=True):
            touched = change.run_on(database, own)
            if not touched:
                break
        return touched
