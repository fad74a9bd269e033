"""What the doctor finds in the settings, on the machine, and at the doors of messages."""

import argparse
import base64
import errno
import json
import os
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from tests.fakes import http, notify, smtp
from tests.support.ports import free_port

from townhall.notify import standin_address
from townhall.project import clock, house
from townhall.project.doctor import commands, machine_looks, mail_looks, settings_looks
from townhall.project.doctor.findings import Asked, Level, graded, several, size, span
from townhall.submissions.sealing import KeyRing

OWN = "own:" + base64.b64encode(bytes(range(32))).decode()
COUNCIL = (Path(__file__).parents[2] / "services" / "council.yaml").read_text()
LIVE = COUNCIL.replace("demonstration: true", "demonstration: false", 1)


@pytest.fixture
def asked(tmp_path):
    return Asked(datetime(2026, 12, 7, 9, tzinfo=UTC), tmp_path)


@pytest.fixture
def council(tmp_path, settings):
    """Have a council.yaml that says this."""

    def say(text):
        (tmp_path / "council.yaml").write_text(text)
        settings.SERVICES = (tmp_path,)
        house.library.cache_clear()

    settings.DATA = tmp_path
    yield say
    house.library.cache_clear()


def found(findings):
    return [(one.level.value, one.said) for one in findings]


def only(findings, level):
    """The one finding of that level."""
    [one] = [one for one in findings if one.level is level]
    assert one.remedy or level is Level.OK
    return one.said


def test_a_demonstration_on_this_machine_is_well(asked, council):
    council(COUNCIL)
    assert "Only this machine" in only(settings_looks.look_at_settings(asked), Level.OK)
    assert "demonstration key" in only(settings_looks.look_at_the_key(asked), Level.OK)


@pytest.mark.parametrize(
    ("name", "value", "level", "words"),
    [
        ("DEBUG", True, Level.BAD, "DEBUG is on"),
        ("ALLOWED_HOSTS", ["*"], Level.BAD, "every name"),
        ("BEYOND_LOOPBACK", True, Level.WARN, "Nothing says that a proxy ends TLS"),
    ],
)
def test_an_unsafe_setting_is_found(name, value, level, words, asked, council, settings):
    council(COUNCIL)
    setattr(settings, name, value)
    assert words in only(settings_looks.look_at_settings(asked), level)


@pytest.mark.parametrize(
    ("text", "environment", "level", "words"),
    [
        (COUNCIL, {"TOWNHALL_LIVE": "yes"}, Level.WARN, "nothing is sent"),
        (LIVE, {}, Level.WARN, "yet nothing is sent"),
        (LIVE.replace("operator_email", "# operator_email"), {"TOWNHALL_LIVE": "yes"},
         Level.WARN, "nobody is told"),
        (COUNCIL, {"TOWNHALL_LOG_LEVEL": "debug"}, Level.WARN, "DEBUG"),
        (COUNCIL, {"TOWNHALL_DRAIN_SECONDS": "-1"}, Level.BAD, "TOWNHALL_DRAIN_SECONDS"),
        ("name: [", {}, Level.BAD, "cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_found(
    text, environment, level, words, asked, council, monkeypatch
):
    council(text)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert words in only(settings_looks.look_at_settings(asked), level)


def test_a_folder_without_a_council_is_found(asked, settings, council, tmp_path):
    council(COUNCIL)
    (tmp_path / "council.yaml").unlink()
    house.library.cache_clear()
    assert "no council.yaml" in only(settings_looks.look_at_settings(asked), Level.BAD)
    assert found(mail_looks.look_at_the_doors(asked)) == []


def test_keys(asked, settings):
    settings.KEYS = OWN
    assert "“own”" in only(settings_looks.look_at_the_key(asked), Level.OK)
    settings.KEYS, settings.BEYOND_LOOPBACK = "", True
    assert "everyone knows" in only(settings_looks.look_at_the_key(asked), Level.BAD)
    settings.KEYS = OWN[:-8]
    said = only(settings_looks.look_at_the_key(asked), Level.BAD)
    assert "cannot be read" in said
    assert OWN[4:20] not in said
    assert KeyRing.demonstration().current == "demonstration"


def test_the_disk_as_it_is(asked, settings, monkeypatch, tmp_path):
    here = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "x.sqlite3"}
    monkeypatch.setitem(settings.DATABASES, "default", here)
    room, commits, log = machine_looks.look_at_the_disk(asked)
    assert "free in" in room.said
    assert "reaches the disk in" in commits.said
    assert log.level is Level.OK
    (tmp_path / "x.sqlite3-wal").touch()
    os.truncate(tmp_path / "x.sqlite3-wal", 300_000_000)
    *_, log = machine_looks.look_at_the_disk(asked)
    assert (log.level, log.said) == (
        Level.WARN, "The database's write-ahead log is 300.0 MB."
    )  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.sqlite3-wal"]


def test_a_disk_that_is_full_or_not_ours_is_bad(asked, monkeypatch, tmp_path):
    def full(*given):
        raise OSError(errno.ENOSPC, "full", str(tmp_path))

    monkeypatch.setattr(os, "pwrite", full)
    assert "No space left" in only(machine_looks.look_at_the_disk(asked), Level.BAD)
    gone = Asked(asked.at, tmp_path / "gone")
    assert "There is no folder" in only(machine_looks.look_at_the_disk(gone), Level.BAD)


def test_what_is_slow_or_small_is_worse_the_more_it_is_so():
    levels = [graded(value, 2, 5) for value in (1.9, 2, 4.9, 5)]
    assert levels == [Level.OK, Level.WARN, Level.WARN, Level.BAD]


@pytest.mark.parametrize(
    ("off", "level", "words"),
    [
        (timedelta(seconds=1), Level.OK, "agree"),
        (timedelta(seconds=30), Level.WARN, " seconds behind that of"),
        (timedelta(hours=-3), Level.BAD, "3 hours ahead of"),
    ],
)
def test_the_clock_is_compared_with_a_web_servers(off, level, words, tmp_path):
    class Desk(http._Desk):
        def date_time_string(self, timestamp=None):
            return format_datetime(clock.now() + off, usegmt=True)

        do_HEAD = http._Desk._take

    with http.Server(lambda asked: http.Answer(200, b"")) as far:
        far.RequestHandlerClass = Desk
        told = Asked(clock.now(), tmp_path, far.url)
        [one] = machine_looks.look_at_the_clock(told)
    assert (one.level, words in one.said) == (level, True)


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/", "nonsense", "ftp://x"])
def test_a_web_server_that_tells_no_time_is_said(address, tmp_path):
    address = address.format(port=free_port())
    told = Asked(clock.now(), tmp_path, address)
    assert "does not tell the time" in only(machine_looks.look_at_the_clock(told), Level.WARN)


def test_the_stand_in_is_knocked_at(asked, council, tmp_path):
    council(COUNCIL)
    assert "does not answer" in only(mail_looks.look_at_the_doors(asked), Level.WARN)
    standin_address.folder(tmp_path).mkdir()
    with smtp.Server(smtp.Sink()) as far:
        standin_address.write(tmp_path, smtp=far.port, http=1)
        assert "and it answers" in only(mail_looks.look_at_the_doors(asked), Level.OK)
        assert far.sink.received == []


@pytest.fixture
def live(council, monkeypatch):
    council(LIVE)
    monkeypatch.setenv("TOWNHALL_LIVE", "yes")
    # A proxy for the outside world is not the way to a fake on this machine.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return monkeypatch


def test_doors_that_are_not_set_are_bad_and_say_what_waits(asked, live):
    for name in ("TOWNHALL_SMTP_HOST", "TOWNHALL_NOTIFY_KEY", "TOWNHALL_WASTE_SECRET"):
        live.delenv(name, raising=False)
    said = [one.said for one in mail_looks.look_at_the_doors(asked) if one.level is Level.BAD]
    assert any("relay is not set" in one and "waste-inbox" in one for one in said)
    assert any("Notify" in one and "libraries-inbox (not_configured)" in one for one in said)
    assert any("waste-system has no secret" in one for one in said)


def test_every_door_is_knocked_at_and_nothing_is_sent(asked, live):
    desk = notify.Notify(now=time.time())
    with smtp.Server(smtp.Sink()) as relay, http.Server(desk) as far:
        live.setenv("TOWNHALL_SMTP_HOST", "127.0.0.1")
        live.setenv("TOWNHALL_SMTP_PORT", str(relay.port))
        live.setenv("TOWNHALL_SMTP_SECURITY", "none")
        live.setenv("TOWNHALL_MAIL_FROM", "forms@borough.example")
        live.setenv("TOWNHALL_NOTIFY_URL", far.url)
        for name in ["TOWNHALL_WEBHOOK_SECRET", *re.findall(r"secret: (TOWNHALL_\w+)", LIVE)]:
            live.setenv(name, "canary-secret")
        live.setenv("TOWNHALL_NOTIFY_KEY", notify.KEY)
        well = list(mail_looks.look_at_the_doors(asked))
        assert {one.level for one in well} == {Level.OK}
        assert "canary-secret" not in str(well)
        assert (relay.sink.received, desk.taken) == ([], [])
        live.setenv("TOWNHALL_NOTIFY_KEY", notify.KEY[:-4] + "0000")
        live.setenv("TOWNHALL_SMTP_SECURITY", "starttls")
        said = [one.said for one in mail_looks.look_at_the_doors(asked) if one.level is Level.BAD]
    assert any("(http_403)" in one for one in said)
    assert any("does not take us" in one for one in said)


def test_a_look_that_fails_says_its_class_and_not_its_words(asked):
    def fails(asked):
        raise ValueError("canary-answer")

    [one] = commands._guarded("mail", fails, asked)
    assert (one.level, one.check) == (Level.BAD, "mail")
    assert "ValueError" in one.said
    assert "canary" not in str(one)


def test_lengths_sizes_and_numbers_are_said_as_people_do():
    said = [span(timedelta(seconds=one)) for one in (-5, 1, 119, 120, 7_200, 200_000)]
    assert said == ["0 seconds", "1 second", "119 seconds", "2 minutes", "2 hours", "2 days"]
    assert [size(one) for one in (0, 1_500, 2.5e6, 81.2e9)] == [
        "0 bytes", "1.5 KB", "2.5 MB", "81.2 GB",
    ]  # fmt: skip
    assert [several(1, "delivery"), several(2, "delivery"), several(0, "thing")] == [
        "1 delivery", "2 deliveries", "0 things",
    ]  # fmt: skip


def test_json_is_one_object_a_line_and_the_exit_code_tells(tmp_path, capsys, db):
    options = argparse.Namespace(
        json=True, clock="", at=datetime(2026, 12, 7, tzinfo=UTC), data=tmp_path / "gone"
    )
    assert commands.doctor(options) == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(set(one) == {"check", "level", "said", "remedy"} for one in told)
    assert {one["level"] for one in told} <= {"ok", "warn", "bad"}
    assert next(one["check"] for one in told if one["level"] == "bad") == "disk"
