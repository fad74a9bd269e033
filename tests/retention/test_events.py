"""An event that keeping counts from is noted by a person, for all that are named or for none."""

import argparse
import json
from datetime import date, timedelta

import pytest
from tests.support.definitions import PRIVACY
from tests.support.records import AT, definition, put_live, submitted

from townhall.audit.models import Entry
from townhall.audit.queries import broken
from townhall.outbox.models import Delivery, State
from townhall.retention import commands
from townhall.retention.actions import run
from townhall.retention.keepers import install
from townhall.submissions import actions
from townhall.submissions.keeping import KEEPERS
from townhall.submissions.models import Milestone, Submission

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
CLOSED_ON = date(2026, 12, 20)
LATER = AT + 30 * DAY
UNKNOWN = "YD3N-M363-554D"


def kept(rule, **more):
    return put_live(definition(privacy={**PRIVACY, "retain": {"submitted": rule}}, **more))


@pytest.fixture
def receipt():
    install(KEEPERS)
    made = submitted(kept("2 years after closed"))
    Delivery.objects.update(state=State.DONE)
    return made


def command(*given, at=LATER):
    parser = argparse.ArgumentParser()
    commands.retention_arguments(parser)
    options = parser.parse_args(list(given))
    options.at = at
    return commands.retention(options)


def note(*references, on=CLOSED_ON, event="closed", reason="Case file 12", more=(), at=LATER):
    day = ["--on", str(on)] if on else []
    return command("event", event, *references, *day, "--reason", reason, *more, at=at)


def test_what_waits_for_an_event_goes_once_it_was_noted(receipt, capsys):
    assert run(KEEPERS, at=AT + 365 * 200 * DAY).purged == 0
    assert note(receipt.reference.lower()) == 0
    said = f"{receipt.reference}: closed on 2026-12-20, kept until 2028-12-20\n"
    assert capsys.readouterr().out == said
    assert run(KEEPERS, at=AT + 2 * 365 * DAY).purged == 0
    assert run(KEEPERS, at=AT + 3 * 365 * DAY).purged == 1


def test_who_noted_it_and_why_is_in_the_audit_once(receipt, capsys):
    before = Entry.objects.count()
    for new in (True, False):
        assert note(receipt.reference, receipt.reference, more=["--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {
            "reference": receipt.reference,
            "event": "closed",
            "on": "2026-12-20",
            "new": new,
            "due": "2028-12-20",
        }
    assert Entry.objects.count() == before + 1
    row = Entry.objects.order_by("number").last()
    assert (row.what, row.which, row.reason) == (
        "event.noted",
        str(receipt.submission),
        "Case file 12",
    )
    assert json.loads(row.detail) == {"event": "closed", "on": "2026-12-20"}
    assert broken() is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"on": date(2027, 1, 7)}, "2027-01-07 is still to come"),
        ({"on": date(2026, 12, 6)}, "received on 2026-12-07, after 2026-12-06"),
        ({"on": None}, "--on 2026-11-20"),
        ({"reason": " "}, "--reason"),
        ({"event": "visit"}, "kept 2 years after closed, which visit changes nothing of"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(receipt, capsys, given, said):
    before = Entry.objects.count()
    assert note(receipt.reference, **given) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert (Milestone.objects.count(), Entry.objects.count()) == (0, before)


def test_one_unknown_reference_stops_all_of_them(receipt, capsys):
    other = submitted(kept("2 years after submitted", service="another"))
    assert note(receipt.reference, UNKNOWN, "nonsense", other.reference) == 1
    err = capsys.readouterr().err
    assert f"retention: {UNKNOWN}: no submission has this reference\n" in err
    assert "retention: nonsense: no submission has this reference\n" in err
    assert f"retention: {other.reference}: it is kept 2 years after submitted" in err
    assert "nothing was noted" in err
    assert not Milestone.objects.exists()


def test_the_first_day_stands(receipt, capsys):
    assert note(receipt.reference) == 0
    assert note(receipt.reference, on=CLOSED_ON + DAY) == 1
    assert "closed on 2026-12-20 is noted, and stands" in capsys.readouterr().err


def test_an_event_long_ago_says_what_follows(receipt, capsys):
    assert note(receipt.reference, at=AT + 1_000 * DAY) == 0
    assert "the next retention run destroys it" in capsys.readouterr().out


def test_a_fault_on_the_way_leaves_neither_event_nor_row(receipt, monkeypatch):
    def fail(*given, **named):
        raise KeyboardInterrupt

    before = Entry.objects.count()
    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(KeyboardInterrupt):
        note(receipt.reference)
    assert (Milestone.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.parametrize("event", ["submitted", "last_saved", "born"])
def test_no_other_event_can_be_noted(receipt, event):
    with pytest.raises(SystemExit):
        note(receipt.reference, event=event)


def test_those_that_have_waited_longer_than_their_period_are_counted(receipt, capsys):
    submitted(kept("1 month after submitted", service="another"))
    assert command("overdue", at=AT + 700 * DAY) == 0
    assert capsys.readouterr().out == "Nothing is overdue.\n"
    assert command("overdue", at=AT + 740 * DAY) == 0
    out = capsys.readouterr().out
    assert "waiting: 1 submission of a-service, kept 2 years after closed" in out
    assert "`townhall retention event closed REFERENCE … --on DATE`" in out
    command("run", "--json", at=AT + 740 * DAY)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["waiting"] for line in lines if "waiting" in line] == [1]
    assert note(receipt.reference, at=AT + 740 * DAY) == 0
    capsys.readouterr()
    command("overdue", at=AT + 740 * DAY)
    assert "waiting" not in capsys.readouterr().out
    assert Submission.objects.filter(service="a-service").exists()


@pytest.mark.parametrize("action", ["run", "overdue"])
def test_the_rest_takes_no_event(receipt, capsys, action):
    assert command(action, "closed") == 1
    assert "give no event" in capsys.readouterr().err
