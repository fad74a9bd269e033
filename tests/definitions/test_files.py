"""From a file to a live service, as `townhall publish` does it."""

import argparse

import pytest
from tests.support.records import AT

from townhall.definitions import commands, queries
from townhall.definitions.files import publish_file

pytestmark = pytest.mark.django_db

COUNCIL = """
name: Borough of Example
country: United Kingdom
controller: {name: Borough of Example, address: 1 High Street, email: council@borough.example}
dpo: {name: The officer, email: dpo@borough.example}
help: {phone: 01632 960000, hours: Monday to Friday, relay: Relay UK, email: help@borough.example,
  bsl: Ask us for an interpreter}
demonstration: %s
destinations:
  inbox:
    kind: email
    address: inbox@borough.example
    recipient: Borough of Example
    purpose: To deal with it
    classes: [none, contact, identifier, location, special]
"""
SERVICE = """
townhall: 1
service: a-pest
title: Tell us about a pest
summary: Use this to tell us about a pest.
owner: {team: Pests, email: pests@borough.example, review: 2027-04-01}
privacy:
  purpose: To deal with your report
  basis: public task
  power: Prevention of Damage by Pests Act 1949
  must_answer: false
  consequence: We cannot treat the pest without it.
  automated: none
  retain:
    submitted: 2 years after submitted
    unfinished: 28 days after last_saved
start:
  - text: You can tell us about a pest.
pages:
  - page: pest
    questions:
      - id: pest
        ask: Which pest is the problem?
        type: radios
        options: [Rats, Wasps]
deliver:
  - to: inbox
confirmation:
  next: We will look at it.
examples:
  - name: Rats
    answers: {pest: rats}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "council.yaml").write_text(COUNCIL % "false")
    (tmp_path / "a-pest.yaml").write_text(SERVICE)
    return tmp_path


def run(command, **options):
    return command(argparse.Namespace(at=AT, **options))


def test_a_proven_file_goes_live_with_its_plain_words(folder, capsys):
    assert run(commands.publish, paths=[folder], new=[]) == 0
    assert capsys.readouterr().out == "a-pest: live\n"
    assert "Which pest is the problem?" in queries.live_text("a-pest")
    assert run(commands.publish, paths=[folder], new=[]) == 0
    assert "unchanged" in capsys.readouterr().out


def test_a_faulty_file_does_not_and_says_why(folder, capsys):
    file = folder / "a-pest.yaml"
    file.write_text(SERVICE.replace("type: radios", "type: radois"))
    assert run(commands.publish, paths=[file], new=[]) == 1
    assert f"{file}:" in capsys.readouterr().err
    assert queries.published(AT) == []


def test_a_missing_file_is_said(folder):
    assert publish_file(folder / "none.yaml", by="ann", at=AT).refused


def test_new_words_are_asked_about(folder, capsys):
    file = folder / "a-pest.yaml"
    run(commands.publish, paths=[file], new=[])
    file.write_text(SERVICE.replace("[Rats, Wasps]", "[Rats, Wasps and bees]"))
    assert run(commands.publish, paths=[file], new=[]) == 1
    assert "--new pest.wasps-and-bees" in capsys.readouterr().err
    assert run(commands.publish, paths=[file], new=["pest.wasps-and-bees"]) == 0


def test_an_import_nobody_reviewed_needs_a_demonstration(folder):
    file = folder / "a-pest.yaml"
    file.write_text(f"reviewed: false{SERVICE}")
    assert "reviewed" in publish_file(file, by="ann", at=AT).refused
    (folder / "council.yaml").write_text(COUNCIL % "true")
    assert publish_file(file, by="ann", at=AT).changed


def test_withdraw_now_needs_a_reason_for_people(folder, capsys):
    run(commands.publish, paths=[folder], new=[])
    assert run(commands.withdraw, service="a-pest", now=True, reason=" ") == 1
    assert run(commands.withdraw, service="a-pest", now=True, reason="Wrong number.") == 0
    assert "drafts on 1 version are stopped" in capsys.readouterr().out
    assert run(commands.withdraw, service="other", now=False, reason="") == 1


def test_what_is_withdrawn_comes_back_only_when_somebody_asks(folder, capsys):
    file = folder / "a-pest.yaml"
    run(commands.publish, paths=[folder], new=[])
    run(commands.withdraw, service="a-pest", now=False, reason="")
    for text in (SERVICE, SERVICE.replace("Which pest is", "What is")):
        file.write_text(text)
        left = publish_file(file, by="serve", at=AT, revive=False)
        assert (left.service, left.withdrawn, left.changed) == ("a-pest", True, False)
        assert queries.live("a-pest", AT).status is queries.Status.WITHDRAWN
    assert run(commands.publish, paths=[folder], new=[]) == 0
    assert queries.live("a-pest", AT).status is queries.Status.OPEN
    assert not publish_file(file, by="serve", at=AT, revive=False).withdrawn


def test_a_path_that_is_not_there_is_said_and_the_others_are_published(folder, capsys):
    missing = folder / "nosuch.yaml"
    assert run(commands.publish, paths=[missing, folder], new=[]) == 1
    said = capsys.readouterr()
    assert f"{missing} is not there" in said.err
    assert said.out == "a-pest: live\n"


def test_a_folder_without_a_service_publishes_nothing_and_says_so(folder, capsys):
    empty = folder / "lists"
    empty.mkdir()
    assert run(commands.publish, paths=[empty], new=[]) == 1
    assert f"{empty}:1: no-service: {empty} holds no service." in capsys.readouterr().err


def test_settings_that_a_shell_names_beside_a_service_are_no_service(folder, capsys):
    named = sorted(folder.glob("*.yaml"))
    assert folder / "council.yaml" in named
    assert run(commands.publish, paths=named, new=[]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("a-pest: live\n", "")


def test_two_files_of_one_service_change_nothing(folder, capsys):
    (folder / "b-pest.yaml").write_text(SERVICE.replace("title: Tell", "title: Really tell"))
    (folder / "c-pest.yaml").write_text(SERVICE.replace("service: a-pest", "service: c-pest"))
    assert run(commands.publish, paths=[folder], new=[]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{folder / 'b-pest.yaml'}:3: duplicate-service: " in said.err
    assert f"{folder / 'a-pest.yaml'}:3" in said.err
    assert queries.published(AT) == []


def test_one_file_by_two_paths_is_no_second_service(folder, capsys):
    (folder / "link").symlink_to(folder)
    named = [folder / "a-pest.yaml", folder / "link" / "a-pest.yaml"]
    assert run(commands.publish, paths=named, new=[]) == 0
    assert "a-pest: live\n" in capsys.readouterr().out


def test_settings_that_are_not_text_are_said_and_nothing_is_published(folder, capsys):
    council = folder / "council.yaml"
    council.write_bytes(b"# caf\xe9\n" + council.read_bytes())
    assert run(commands.publish, paths=[folder], new=[]) == 1
    assert f"{council}:1: unreadable: " in capsys.readouterr().err
    assert queries.published(AT) == []
