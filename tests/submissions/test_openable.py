"""Another key by a name that is known: it is noticed, said, and can be mended."""

import argparse
from datetime import timedelta

import pytest
from tests.support.records import AT, begun, put_live, submitted

from townhall.submissions import commands, keys, openable, queries, rotation
from townhall.submissions.models import Draft, Submission
from townhall.submissions.sealing import write_key

pytestmark = pytest.mark.django_db
REAL, WRONG, NEW = write_key("a"), write_key("a"), write_key("new")
STRAY = WRONG.replace("a:", "stray:", 1)


def rotate():
    return commands.keys(argparse.Namespace(action="rotate", name="", at=AT))


def export():
    given = {"service": "a-service", "reason": "case", "fields": [], "json": True, "at": AT}
    return commands.export(argparse.Namespace(csv=False, **given))


@pytest.fixture
def received(settings):
    """Gives what receives as many as it is told with a key, each an hour after the last."""
    settings.KEYS = REAL
    form = put_live()
    done = []

    def receive(key, count):
        settings.KEYS = key
        for _ in range(count):
            done.append(submitted(form, at=AT + timedelta(hours=len(done))))
        return done

    return receive


def test_what_opens_is_well(received):
    assert openable.look() == openable.Looked()
    received(REAL, 1)
    assert openable.look() == openable.Looked(records=1)
    received(REAL, 9)
    assert openable.look() == openable.Looked(records=6)


def test_another_key_by_the_same_name_is_not_an_absent_one(received, settings):
    received(REAL, 1)
    settings.KEYS = WRONG
    looked = openable.look()
    assert (looked.other, looked.absent, looked.useless) == (("a",), (), ("a",))
    assert "holds another key as “a”" in openable.another_key("a")
    settings.KEYS = NEW
    looked = openable.look()
    assert (looked.other, looked.absent, looked.useless) == ((), ("a",), ("a",))


def test_a_draft_tells_it_too(settings):
    settings.KEYS = REAL
    begun(put_live())
    settings.KEYS = WRONG
    assert openable.look().other == ("a",)


@pytest.mark.parametrize(
    ("first", "then"), [(REAL, WRONG), (WRONG, REAL)], ids=["newest", "oldest"]
)
def test_both_ends_are_looked_at(received, settings, first, then):
    received(first, 3)
    received(then, 3)
    settings.KEYS = REAL
    looked = openable.look()
    assert (looked.other, looked.useless) == (("a",), ())


def test_one_record_that_was_changed_is_not_another_key(received):
    done = received(REAL, 3)
    Submission.objects.filter(pk=done[0].submission).update(wrapped_key=b"changed")
    looked = openable.look()
    assert (looked.other, looked.partly) == ((), ("a",))


def test_rotating_with_another_key_by_the_same_name_is_refused(received, settings, capsys):
    received(REAL, 1)
    settings.KEYS = WRONG
    assert rotate() == 1
    said = capsys.readouterr()
    assert not said.out
    assert "another key as “a”" in said.err
    settings.KEYS = f"{NEW},{WRONG}"
    assert rotate() == 1
    said = capsys.readouterr()
    assert "no record needs" not in said.out
    assert "another key as “a”" in said.err
    assert "1 records cannot be opened" in said.err


def test_rotating_looks_at_every_record_of_its_own_name(received, settings, capsys):
    received(REAL, 4)
    received(WRONG, 1)
    received(REAL, 4)
    settings.KEYS = REAL
    assert openable.look().other == ()
    assert rotate() == 1
    assert "1 records cannot be opened" in capsys.readouterr().err


def test_two_keys_by_one_name_are_both_held_and_then_one(received, settings, capsys):
    """The way out: the other key is held by a name of its own, and all is wrapped again."""
    received(REAL, 2)
    done = received(WRONG, 2)
    settings.KEYS = f"{NEW},{REAL},{STRAY}"
    assert openable.look().other == ()
    assert rotate() == 0
    assert "no record needs any other key" in capsys.readouterr().out
    settings.KEYS = NEW
    assert rotation.in_use() == {"new"}
    for one in done:
        assert queries.read_answers(one.submission, by="ann", reason="case", at=AT)
    assert keys.ring().current == "new"


def test_both_held_with_the_same_current_name_are_wrapped_under_the_first(received, settings):
    received(REAL, 1)
    received(WRONG, 1)
    settings.KEYS = f"{REAL},{STRAY}"
    assert rotate() == 0
    settings.KEYS = REAL
    assert openable.look() == openable.Looked(records=2)


def test_an_export_goes_on_past_what_cannot_be_opened_and_names_it(received, capsys):
    done = received(REAL, 3)
    spoilt, *others = [one.reference for one in done]
    Submission.objects.filter(reference=spoilt).update(sealed=b"changed")
    assert export() == 1
    said = capsys.readouterr()
    assert [one in said.out for one in (spoilt, *others)] == [False, True, True]
    assert f"{spoilt} cannot be opened" in said.err
    assert "backup" in said.err
    assert not any(one in said.err for one in others)


def test_a_key_that_was_destroyed_needs_none(received, settings):
    received(REAL, 1)
    Submission.objects.update(wrapped_key=b"")
    Draft.objects.update(wrapped_key=b"")
    settings.KEYS = NEW
    assert openable.look() == openable.Looked()
