"""A request's line is made the short way, and is the one that the long way makes."""

import io
import json
import logging
import math
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from townhall.project.answered import Alike, instant
from townhall.project.logs import JsonLines, Lines, TextLines, request_id

LOG = logging.getLogger("townhall.request")
ASKED = "5f0c1b2a3d4e5f60"
AT = 1_796_634_000.123
USUAL = {"method": "POST", "page": "step", "service": "missed-bin", "status": 303}
HOSTILE = st.sampled_from(
    ["", '"', "\\", "\x00", "\n", "\x7f", "\x9b", "\u2028", "\u202e", "ŵ", "\ud800", "a b", "😀"]
)
words = st.lists(st.text(st.characters()) | HOSTILE, max_size=3).map("".join)
plain = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
texts = plain | words
facts = st.fixed_dictionaries(
    {"method": texts, "page": texts, "service": texts, "status": st.integers() | texts}
)
moments = st.floats(0, 2.0**33) | st.builds(
    lambda second, thousandth, off: second + thousandth / 1_000 + off / 10_000_000,
    st.integers(1, 2**33),
    st.integers(0, 1_000),
    st.integers(-9, 9),
)
durations = st.floats() | st.integers(0, 10**8).map(lambda number: number / 100)


@pytest.fixture(scope="module", autouse=True)
def ours():
    """These records are of a request of ours, unless a test says of which."""
    token = request_id.set(ASKED)
    yield
    request_id.reset(token)


def the_long_way(form, record):
    """What the form writes of the same facts, where nobody knows that they are a request's."""
    return form().format(logging.makeLogRecord(vars(record)))


def both_ways_are_one(record):
    for form in (JsonLines, TextLines):
        assert form().format(record) == the_long_way(form, record)


@given(facts, moments, durations, texts)
def test_a_line_made_the_short_way_is_the_long_ways(told, at, took, asked):
    token = request_id.set(asked)
    both_ways_are_one(Alike(LOG, "request", told).record(at, took))
    request_id.reset(token)


@given(
    st.fixed_dictionaries({"method": plain, "page": plain, "service": plain | st.just("")}),
    st.integers(100, 599),
    st.floats(0, 1e9),
    plain,
)
def test_the_line_of_a_usual_request_is_made_the_short_way(told, status, took, asked):
    told = {name: told.get(name, status) for name in USUAL}
    line = json.loads(Alike(LOG, "request", told).record(AT, took).line(asked))
    assert list(line) == [
        *("time", "level", "logger", "event", "request_id"),
        *("method", "page", "service", "status", "duration_ms"),
    ]
    assert line["time"] == "2026-12-07T09:00:00.123+00:00"
    assert (line["duration_ms"], line["request_id"]) == (took, asked)


CHANGED = st.sampled_from(
    ["levelname", "msg", "method", "page", "service", "status", "duration_ms"]
)


@given(
    st.dictionaries(CHANGED | st.sampled_from(["host", "message", "request"]), texts, min_size=1)
)
@example({"duration_ms": True})
@example({"duration_ms": None})
@example({"service": ["a", "list"]})
@example({"msg": "%s of them", "args": (3,)})
@example({"exc_info": (ValueError, ValueError("canary"), None)})
def test_what_a_filter_changes_is_in_the_line(changed):
    record = Alike(LOG, "request", USUAL).record(AT, 4.71)
    for name, value in changed.items():
        setattr(record, name, value)
    both_ways_are_one(record)


@pytest.mark.parametrize("gone", USUAL)
def test_what_a_filter_takes_away_is_not_in_the_line(gone):
    record = Alike(LOG, "request", USUAL).record(AT, 4.71)
    delattr(record, gone)
    both_ways_are_one(record)
    record.host = "another fact in its place"
    both_ways_are_one(record)
    assert gone not in json.loads(JsonLines().format(record))


@given(st.lists(moments, min_size=1, max_size=8))
@example([0.0, 0.9999994, 0.9999995, 0.9999996, 1.0, -0.5, -86_400.0])
def test_an_instant_is_written_as_datetime_writes_it(ats):
    for at in [one + more for one in ats for more in (0, 0.25, 0.5)]:
        usual = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
        assert instant(at) == usual


def test_a_record_is_like_any_other_to_whoever_reads_it():
    record = Alike(LOG, "request", USUAL).record(AT, 4.71)
    usual = LOG.makeRecord(
        LOG.name, logging.INFO, "", 0, "request", (), None, extra={**USUAL, "duration_ms": 4.71}
    )
    assert {**vars(usual), "created": 0, "msecs": 0, "relativeCreated": 0} == {
        **vars(record),
        "created": 0,
        "msecs": 0,
        "relativeCreated": 0,
    }
    away = (AT - usual.created) * 1_000
    assert math.isclose(record.relativeCreated - usual.relativeCreated, away, abs_tol=1)
    said = logging.Formatter("%(asctime)s %(msecs)d %(levelname)s %(filename)s %(message)s")
    assert said.format(record).endswith("INFO  request")
    assert int(record.msecs) == 123 or math.isclose(record.msecs, 123, abs_tol=1e-3)


class Bare:
    """A stream that can do no more than it must."""

    def __init__(self):
        self.done = []

    def write(self, text):
        self.done.append(text)

    def flush(self):
        self.done.append("sent on")


class Broken(io.StringIO):
    def write(self, text):
        raise OSError("no room")


def handling(stream, record):
    handler = Lines(stream)
    handler.setFormatter(JsonLines())
    handler.handle(record)
    return handler


def test_a_line_is_sent_on_at_once_however_the_stream_buffers(tmp_path):
    record = Alike(LOG, "request", USUAL).record(AT, 4.71)
    for buffering in (1, -1):
        with (tmp_path / "lines").open("w", buffering=buffering) as stream:
            handling(stream, record)
            [line] = (tmp_path / "lines").read_text().splitlines()
    assert json.loads(line)["status"] == 303
    handling(bare := Bare(), record)
    assert bare.done == [f"{line}\n", "sent on"]


def test_a_line_that_cannot_be_written_stops_nobody(capsys):
    handling(Broken(), Alike(LOG, "request", USUAL).record(AT, 4.71))
    assert "OSError: no room" in capsys.readouterr().err


def test_a_handlers_filter_is_asked():
    stream = io.StringIO()
    handler = handling(stream, Alike(LOG, "request", USUAL).record(AT, 4.71))
    handler.addFilter(lambda record: record.status != 303)
    handler.handle(Alike(LOG, "request", USUAL).record(AT, 4.71))
    handler.handle(Alike(LOG, "request", USUAL | {"status": 200}).record(AT, 4.71))
    assert [json.loads(line)["status"] for line in stream.getvalue().splitlines()] == [303, 200]
