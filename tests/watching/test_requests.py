"""Each request has an id, a line and a count, and none of them holds what anybody typed."""

import json
import logging
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver
from tests.support.definitions import define, page

from townhall.project import counts, metrics, watching
from townhall.project.counts import Bounded
from townhall.project.logs import JsonLines, TextLines
from townhall.runner import urls

CANARY = "canary7481"
PAGES = [
    page("one", {"id": "who", "ask": "Who?", "type": "text"}),
    page("two", {"id": "old", "ask": "How old?", "type": "number"}),
]
FACTS = {
    "time", "level", "logger", "event", "request_id",
    "method", "page", "service", "status", "duration_ms",
}  # fmt: skip


class Kept(logging.Handler):
    """Keeps lines as they are written, in both forms."""

    def __init__(self):
        super().__init__()
        self.written = []

    def emit(self, record):
        self.written.append((JsonLines().format(record), TextLines().format(record)))


@pytest.fixture
def kept(caplog):
    """Every line, by the form."""
    caplog.set_level(logging.INFO)
    handler = Kept()
    logging.getLogger().addHandler(handler)
    yield handler.written
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def lines(kept):
    """The lines that requests have written, as JSON or else as words."""
    return lambda form=0: [one[form] for one in kept if '"townhall.request"' in one[0]]


@pytest.mark.parametrize(
    ("given", "trusted", "kept"),
    [
        ("abc-1234-DEF_567", True, True),
        ("abc-1234-DEF_567", False, False),
        ("", True, False),
        ("short", True, False),
        ("x" * 65, True, False),
        ("ann@borough.example", True, False),
        ("a\x1b[2Jbcdefgh", True, False),
        ("two words here", True, False),
    ],
)
@pytest.mark.django_db
def test_an_id_is_taken_only_from_our_proxy_and_only_a_plain_one(given, trusted, kept, settings):
    settings.BEHIND_PROXY = trusted
    answer = Client().get("/cookies", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is kept
    assert len(answer.headers["X-Request-ID"]) >= 8


def test_ids_differ():
    client = Client()
    ids = {client.get("/cookies").headers["X-Request-ID"] for _ in range(20)}
    assert len(ids) == 20


def test_a_line_says_which_page_of_which_service_and_how_it_went(put_service, lines):
    put_service("missed-bin")
    agent = {"User-Agent": f"{CANARY}/1.0", "Referer": f"https://{CANARY}.example/"}
    answer = Client(REMOTE_ADDR="203.0.113.9").get(f"/missed-bin?q={CANARY}", headers=agent)
    [text] = lines()
    line = json.loads(text)
    assert set(line) == FACTS
    assert (line["event"], line["level"]) == ("request", "info")
    assert (line["method"], line["page"], line["service"]) == ("GET", "start", "missed-bin")
    assert line["status"] == 200
    assert 0 < line["duration_ms"] < 60_000
    assert CANARY not in text
    assert "203.0.113.9" not in text
    assert answer.status_code == 200
    [words] = lines(1)
    assert "page=start service=missed-bin status=200" in words


def test_a_line_of_an_unknown_address_does_not_hold_it(lines, house):
    for path in (f"/{CANARY}", f"/{CANARY}/{CANARY}", f"/a/b/c/d/{CANARY}", f"/static/{CANARY}"):
        assert Client().get(path).status_code == 404
    assert len(lines()) == 4
    assert CANARY not in "".join(lines())


def test_a_level_switches_it_off_and_a_filter_is_asked(lines, caplog, house):
    log = logging.getLogger("townhall.request")
    log.addFilter(unnamed := lambda record: record.page != "cookies")
    Client().get("/cookies")
    log.removeFilter(unnamed)
    caplog.set_level(logging.WARNING)
    Client().get("/cookies")
    caplog.set_level(logging.INFO)
    Client().get("/")
    assert [json.loads(line)["page"] for line in lines()] == ["home"]
    assert [record.page for record in caplog.records] == ["home"]


def test_other_lines_of_the_same_request_carry_its_id(kept, house):
    answer = Client().get("/nothing-here")
    told = [json.loads(one[0]) for one in kept]
    assert {one["logger"] for one in told} == {"django.request", "townhall.request"}
    assert {one["request_id"] for one in told} == {answer.headers["X-Request-ID"]}


def test_a_canary_in_every_field_is_in_no_metric_and_no_line(counted, put, visitor, series, lines):
    before = series()
    visitor.start(put(define(PAGES)))
    visitor.send({"who": CANARY})
    visitor.send({"old": CANARY})
    assert visitor.errors
    visitor.send({"old": "4"})
    visitor.send()
    reference = visitor.page.select_one("#reference").get_text(strip=True)
    after = series()
    said = metrics.written().decode() + "".join(lines())
    for secret in (CANARY, reference, "testserver", "127.0.0.1"):
        assert secret not in said
    begun = ("townhall_drafts_begun_total", ("service", "a-service"))
    sent = ("townhall_submissions_received_total", ("service", "a-service"))
    assert after[begun] - before.get(begun, 0) == 1
    assert after[sent] - before.get(sent, 0) == 1


def test_a_form_sent_again_is_counted_once(counted, put, visitor, series, clock):
    visitor.start(put(define(PAGES[:1])))
    visitor.send({"who": "Ann"})
    page_before = visitor.page
    sent = ("townhall_submissions_received_total", ("service", "a-service"))
    before = series().get(sent, 0)
    visitor.send()
    visitor.page = page_before
    clock.forward(seconds=1)
    visitor.send()
    assert series()[sent] - before == 1


def test_hostile_addresses_grow_no_series(put_service, series):
    put_service("missed-bin")
    client = Client()
    for path in (
        "/x",
        "/x/y",
        "/x/y/z",
        "/x/privacy",
        "/x/schema.json",
        "/x/",
        "/no/such/place/here",
        "/static/x",
    ):
        client.get(path)
        client.post(path)
        client.put(path)
    client.generic("BREW", "/x")
    grown, kinds = set(series()), set(watching._kinds)
    for number in range(40):
        for path in ("", "/", "/y", f"/y{number}/z", "/privacy", "/a/b/c", "/schema.json"):
            client.get(f"/hostile-{number}{path}")
        client.post(f"/hostile-{number}")
        client.generic(f"BREW{number}", f"/hostile-{number}")
    assert (set(series()), set(watching._kinds)) == (grown, kinds)
    assert "hostile" not in metrics.written().decode()


OF_A_SERVICE = [one for one in urls.urlpatterns if "service" in one.pattern.converters]


@pytest.mark.parametrize("door", OF_A_SERVICE, ids=lambda one: one.name)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD"])
def test_no_page_of_an_unknown_service_is_answered(door, method, house):
    """A service's name is known by an answer: so there must be none for one that is not there."""
    path = get_resolver(urls.__name__).reverse(
        door.name, **dict.fromkeys(door.pattern.converters, "unheard-of")
    )
    assert Client().generic(method, f"/{path}").status_code >= 400
    assert counts.services.known("unheard-of") == "other"


def test_there_is_room_for_so_many_names_and_no_more():
    names = Bounded(3)
    assert [names.admit(one) for one in "abcdeab"] == ["a", "b", "c", "other", "other", "a", "b"]
    assert names.known("z") == "other"


def test_each_kind_of_page_is_named_once():
    names = [one.name for one in urls.urlpatterns]
    assert len(set(names)) == len(names) <= 30
    assert not set(names) & {"static", "none", None}


def test_the_example_of_a_line_in_the_handbook_has_these_facts():
    words = (Path(__file__).parents[2] / "docs" / "watching.md").read_text()
    example = next(line for line in words.splitlines() if line.startswith('{"time"'))
    assert set(json.loads(example)) == FACTS
