"""`townhall deliveries` and the actions behind it: a reason, an audit row, and nothing of the
payload.
"""

import argparse
import json

import pytest

from tests.outbox.conftest import START, Far, again, put
from townhall.audit.models import Entry
from townhall.outbox import actions, commands, queries, worker
from townhall.outbox.errors import GiveUp
from townhall.outbox.fittings import Fittings
from townhall.outbox.models import Delivery, Event, State

pytestmark = pytest.mark.django_db(transaction=True)


def deliveries(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.deliveries_arguments(parser)
    parser.set_defaults(at=START)
    return commands.deliveries(parser.parse_args(words))


@pytest.fixture
def dead(fittings: Fittings, far: Far) -> Delivery:
    row = put("s1", "deliver:pests-inbox")[0]
    far.fails_with(GiveUp("http_422"))
    worker.run_until_idle(fittings)
    far.works()
    return row


def test_the_list_shows_reference_destination_and_error_class_only(dead, capsys):
    assert deliveries("list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "delivery": dead.pk,
        "reference": "REF-s1",
        "destination": "deliver:pests-inbox",
        "state": "dead",
        "tries": 1,
        "error": "http_422",
        "since": "2026-12-07T09:00:00+00:00",
    }


def test_the_list_is_the_default_and_says_when_it_is_empty(fittings, capsys):
    assert deliveries() == 0
    assert capsys.readouterr().err == "Nothing is waiting to be delivered.\n"


def test_the_list_has_a_heading_over_each_column(dead, capsys):
    deliveries("list")
    head, row = capsys.readouterr().out.splitlines()
    names = ["delivery", "reference", "destination", "state", "tries", "error", "since"]
    assert head.split() == names
    for name, value in (("destination", "deliver:pests-inbox"), ("state", "dead")):
        assert row[head.index(name) :].startswith(value)


def test_an_empty_list_names_the_states_that_there_are(dead, fittings, capsys):
    deliveries("redrive", "--dead", "--reason", "they fixed it")
    worker.run_until_idle(fittings)
    capsys.readouterr()
    deliveries("list")
    deliveries("list", "--state", "dead")
    assert capsys.readouterr().err.splitlines() == [
        "Nothing is waiting to be delivered. To see others, give --state: done (1).",
        "No delivery is dead. To see others, give --state: done (1).",
    ]
    deliveries("list", "--state", "done")
    assert "done" in capsys.readouterr().out


@pytest.mark.parametrize("act", ["redrive", "discard"])
def test_an_act_needs_a_reason(dead, act, capsys):
    assert deliveries(act, str(dead.pk)) == 1
    assert "--reason" in capsys.readouterr().err
    assert again(dead).state == State.DEAD
    assert not Entry.objects.exists()


def test_a_redrive_is_audited_and_delivers_under_the_same_key(dead, fittings, far):
    assert deliveries("redrive", str(dead.pk), "--reason", "they fixed it") == 0
    worker.run_until_idle(fittings)
    assert again(dead).state == State.DONE
    assert len({call[2] for call in far.calls}) == 1
    entry = Entry.objects.get()
    assert (entry.what, entry.which) == ("deliveries.redriven", f"delivery:{dead.pk}")
    assert entry.reason == "they fixed it"


def test_every_dead_one_can_be_redriven_at_once(dead, fittings):
    assert deliveries("redrive", "--dead", "--reason", "they fixed it") == 0
    assert again(dead).state == State.WAITING


def test_a_discard_is_audited_and_is_an_end(dead, fittings, far):
    assert deliveries("discard", str(dead.pk), "--reason", "sent by hand") == 0
    assert worker.run_until_idle(fittings) == 0
    assert Entry.objects.get().what == "deliveries.discarded"
    assert queries.undelivered("s1") == []


def test_what_is_done_or_unknown_cannot_be_changed(dead, fittings, capsys):
    deliveries("redrive", str(dead.pk), "--reason", "they fixed it")
    worker.run_until_idle(fittings)
    assert deliveries("discard", str(dead.pk), "--reason", "why not") == 1
    assert deliveries("redrive", "999999", "--reason", "why not") == 1
    assert "neither waiting nor dead" in capsys.readouterr().err


def test_a_subject_with_anything_undelivered_is_not_forgotten(dead):
    with pytest.raises(actions.StillUndelivered):
        actions.forget("s1")
    actions.discard(dead.pk, by="sam", reason="sent by hand", at=dead.next_at)
    assert actions.forget("s1") == 1
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()
