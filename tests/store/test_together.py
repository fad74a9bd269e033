"""Changes sent together: each needs the one before it, on either database."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.support.records import AT, begun, put_live
from townhall.outbox.models import Delivery, Event
from townhall.store.statements import inserting
from townhall.store.together import Step, Together
from townhall.submissions.models import Draft

pytestmark = pytest.mark.django_db

TRIES = "UPDATE submissions_draft SET tries = %s WHERE id = %s AND tries = 0"
EVENT = ("id", "name", "subject", "at")
NEEDED = "SELECT %s::uuid, %s, %s, %s::timestamptz FROM step1"
ADD = inserting(Event, *EVENT)
BOTH = Together(
    Step(
        Draft,
        {"sqlite": TRIES, "postgresql": f"{TRIES} RETURNING id"},
        ("tries", "id"),
    ),
    Step(
        Event,
        {"sqlite": ADD, "postgresql": f"{ADD.partition('VALUES')[0]}{NEEDED}"},
        EVENT,
    ),
)


def test_the_second_is_made_only_where_the_first_touched_a_row():
    draft = begun(put_live()).draft
    event = (draft.pk, "tried", "x", AT)
    assert BOTH.run((3, draft.pk), event) == 1
    assert Event.objects.get().at == AT
    Event.objects.all().delete()
    assert BOTH.run((4, draft.pk), event) == 0
    assert not Event.objects.exists()
    assert Draft.objects.get().tries == 3


def test_where_one_fails_none_is_made():
    draft = begun(put_live()).draft
    event = (draft.pk, "tried", "x", AT)
    Event.objects.create(pk=draft.pk, name="tried", subject="x", at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        BOTH.run((3, draft.pk), event)
    assert Draft.objects.get().tries == 0


def test_a_database_over_a_wire_is_sent_one_statement():
    draft, sent = begun(put_live()).draft, []
    with connection.execute_wrapper(lambda run, *given: sent.append(given[0]) or run(*given)):
        BOTH.run((3, draft.pk), (draft.pk, "tried", "x", AT))
    assert len(sent) == (1 if connection.vendor == "postgresql" else 2)


def test_rows_are_inserted_by_their_fields():
    assert inserting(Delivery, "event", "state", rows=2) == (
        'INSERT INTO "outbox_delivery" ("event_id", "state") VALUES (%s, %s), (%s, %s)'
    )
