"""`townhall export` and `townhall keys`."""

import argparse
import csv
import io
import json
from datetime import timedelta
from getpass import getuser

import pytest
from tests.support.definitions import page, radios
from tests.support.records import AT, TODAY, begun, definition, fill, look, put_live, submitted

from townhall.audit.models import Entry
from townhall.submissions import commands, drafts, openable, queries, rotation
from townhall.submissions.actions import receive
from townhall.submissions.fittings import Fittings, install
from townhall.submissions.models import Draft, Submission
from townhall.submissions.sealing import KeyRing, SealError, write_key

pytestmark = pytest.mark.django_db

FORMULA = "=HYPERLINK('https://evil.example')"


class Council:
    demonstration = False


@pytest.fixture(autouse=True)
def council():
    made = Council()
    install(Fittings(lambda: made, None))
    return made


def run(**options):
    given = {"service": "a-service", "reason": "case 12", "fields": [], "json": False}
    return commands.export(argparse.Namespace(at=AT, csv=False, **(given | options)))


def exported(capsys, **options):
    assert run(**options) == 0
    out = capsys.readouterr().out
    if options.get("json"):
        return [json.loads(line) for line in out.splitlines()]
    return list(csv.DictReader(io.StringIO(out, newline="")))


def test_one_line_a_submission_with_its_reference(capsys):
    form = put_live()
    receipts = [submitted(form, people=("Bob", "Cat")) for _ in range(3)]
    rows = exported(capsys)
    assert {row["reference"] for row in rows} == {receipt.reference for receipt in receipts}
    assert rows[0]["pest"] == "Rats"
    assert rows[0]["who"] == "Bob; Cat"


def test_json_gives_ids_and_items(capsys):
    submitted(put_live(), people=("Bob", "Cat"))
    (row,) = exported(capsys, json=True)
    assert row["answers"]["pest"] == "rats"
    assert row["answers"]["others"] == [{"who": "Bob"}, {"who": "Cat"}]


def test_a_formula_is_neutralised_in_csv_and_kept_in_json(capsys):
    submitted(put_live(), {"pest": "rats", "name": FORMULA})
    assert exported(capsys)[0]["name"] == f"'{FORMULA}"
    assert exported(capsys, json=True)[0]["answers"]["name"] == FORMULA


def test_special_answers_are_left_out_unless_named(capsys):
    submitted(put_live(), {"pest": "rats", "name": "Ann", "health": "Poorly"})
    assert "health" not in exported(capsys)[0]
    assert "health" not in exported(capsys, json=True)[0]["answers"]
    assert exported(capsys, fields=["health"])[0]["health"] == "Poorly"


def test_who_exported_what_and_why_is_in_the_audit_before_the_first_line(capsys, monkeypatch):
    submitted(put_live())
    monkeypatch.setattr("sys.stdout.write", lambda line: seen.append(Entry.objects.count()))
    seen: list[int] = []
    before = Entry.objects.count()
    run(fields=["health"])
    assert seen[0] == before + 1
    entry = Entry.objects.get(what="export")
    assert (entry.which, entry.reason) == ("a-service", "case 12")
    detail = json.loads(entry.detail)
    assert detail == {"count": 1, "fields": ["pest", "nests", "who", "name", "email", "health"]}


def test_without_a_reason_nothing_is_read(capsys, council):
    submitted(put_live())
    assert run(reason=" ") == 1
    assert not Entry.objects.filter(what="export").exists()
    council.demonstration = True
    assert run(reason="") == 0


def test_what_is_not_there_is_said(capsys):
    assert run() == 1
    put_live()
    assert run(fields=["nothing"]) == 1
    assert "asks for nothing" in capsys.readouterr().err


def test_columns_of_every_version(capsys):
    submitted(put_live(), at=AT - timedelta(hours=1))
    pages = [page("new", radios("colour", "Red"))]
    form = put_live(definition(pages=pages, deliver=[], acknowledge=None))
    started = begun(form)
    fill(started, {"colour": "red"})
    receive(started.draft, today=TODAY, at=AT)
    rows = exported(capsys)
    assert [(row["pest"], row["colour"]) for row in rows] == [("Rats", ""), ("", "Red")]


# Keys


def test_an_export_without_its_key_says_which_and_writes_nothing(settings, capsys):
    held, other = write_key("2026a"), write_key("2026b")
    settings.KEYS = held
    submitted(put_live())
    for keys in (other, write_key("2026a")):
        settings.KEYS = keys
        assert run() == 1
        said = capsys.readouterr()
        assert not said.out
        assert "2026a" in said.err
        assert openable.look().useless == ("2026a",)
    assert not Entry.objects.filter(what="export").exists()
    settings.KEYS = f"{other},{held}"
    assert openable.look().useless == ()
    assert len(exported(capsys)) == 1


def test_a_draft_needs_its_key_and_a_destroyed_record_needs_none(settings):
    settings.KEYS = write_key("2026a")
    form = put_live()
    begun(form)
    submitted(form)
    settings.KEYS = write_key("2026b")
    Submission.objects.update(wrapped_key=b"")
    assert openable.look().useless == ("2026a",)
    Draft.objects.update(wrapped_key=b"")
    assert openable.look().useless == ()


def test_a_record_that_was_changed_is_said_of_an_export(capsys):
    submitted(put_live())
    Submission.objects.update(sealed=b"changed")
    assert run() == 1
    assert "cannot be opened" in capsys.readouterr().err


@pytest.fixture
def rotated(settings):
    """Records under an old key, then a new one before it in the environment."""
    old, new = write_key("old"), write_key("new")
    settings.KEYS = old
    form = put_live()
    receipt, started = submitted(form), begun(form)
    fill(started)
    settings.KEYS = f"{new},{old}"
    return new, receipt, started


def rotate():
    return commands.keys(argparse.Namespace(action="rotate", name="", at=AT))


def test_rotating_wraps_everything_again(rotated, settings, capsys):
    new, receipt, started = rotated
    assert look(started).answers.values["name"] == "Ann Example"
    assert rotate() == 0
    assert "2 data keys" in capsys.readouterr().out
    row = Entry.objects.latest("number")
    assert (row.what, row.which, row.who, row.at) == ("keys.rotated", "new", getuser(), AT)
    settings.KEYS = new
    assert look(started).answers.values["name"] == "Ann Example"
    read = queries.read_answers(receipt.submission, by="ann", reason="case", at=AT)
    assert read.answers.values["name"] == "Ann Example"


def test_rotating_goes_on_where_it_was(rotated, settings):
    _, _, started = rotated
    begun(look(started).form)
    Submission.objects.update(sealed=b"not looked at")
    assert rotation.rotate(by="ann", at=AT, batch=1).wrapped == 2
    assert rotation.rotate(by="ann", at=AT, batch=1).wrapped == 0
    assert rotation.in_use() == {"new"}


def test_a_key_that_is_missing_is_said_and_harms_nothing(rotated, settings, capsys):
    new, _, started = rotated
    settings.KEYS = new
    assert rotate() == 1
    assert "old" in capsys.readouterr().err
    assert set(Draft.objects.exclude(wrapped_key=b"").values_list("key_id", flat=True)) == {"old"}
    with pytest.raises(SealError):
        look(started)


def test_a_draft_saved_while_rotating_is_readable(rotated):
    _, _, started = rotated
    stale = look(started)
    rotation.rotate(by="ann", at=AT)
    assert drafts.save_page(stale, "you", {"name": "Later"}, at=AT)
    assert look(started).answers.values["name"] == "Later"


def test_a_new_key_is_printed_and_needs_an_id(capsys):
    assert commands.keys(argparse.Namespace(action="new", name="2026-11")) == 0
    assert capsys.readouterr().out.startswith("2026-11:")
    assert commands.keys(argparse.Namespace(action="new", name="")) == 1


@pytest.mark.parametrize("name", ["a b:c,d", "a:b", "a,b", " a", "é", "x" * 41, "a\n"])
def test_a_key_by_an_id_that_could_not_be_read_is_not_made(name, capsys):
    assert commands.keys(argparse.Namespace(action="new", name=name)) == 1
    said = capsys.readouterr()
    assert not said.out
    assert "1 to 40 letters of A to Z, digits, dots, hyphens and underscores" in said.err


@pytest.mark.parametrize("name", ["2026-11", "A_b.9", "x" * 40])
def test_a_key_that_is_made_can_be_read(name, capsys):
    assert commands.keys(argparse.Namespace(action="new", name=name)) == 0
    assert KeyRing.read(capsys.readouterr().out.strip()).current == name
