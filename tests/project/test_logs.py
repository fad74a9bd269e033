"""A log line says what happened, and never what anybody typed."""

import json
import logging
import sys

import pytest
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import response_for_exception
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response

from townhall.engine.model import RESERVED_SERVICES
from townhall.project import logs, watching
from townhall.project.logs import (
    JsonLines,
    TextLines,
    for_the_web_server,
    request_id,
    shown_path,
)
from townhall.runner import urls

CANARY = "canary-7f3a"


def line(name="townhall.x", message="hello", *args, **extra):
    record = logging.LogRecord(name, logging.INFO, "f.py", 1, message, args, None)
    vars(record).update(extra)
    return json.loads(JsonLines().format(record))


def test_a_line_is_one_json_object_with_an_instant():
    text = JsonLines().format(logging.LogRecord("townhall", 20, "f", 1, "two\nlines", (), None))
    assert "\n" not in text
    assert json.loads(text)["time"].endswith("+00:00")


def test_the_same_facts_can_be_read_as_words():
    record = logging.LogRecord("townhall.x", 20, "f", 1, "delivery", (), None)
    vars(record).update({"to": "pests inbox", "outcome": "done", "service": ""})
    words = TextLines().format(record)
    assert words.split(" ", 1)[1] == 'info townhall.x delivery to="pests inbox" outcome=done'


@pytest.mark.parametrize("form", [JsonLines, TextLines])
def test_no_sign_in_a_line_can_work_a_terminal(form):
    evil = "a\x1b[2J\x9b31m\x7f\u202e\u2028b\r\n"
    record = logging.LogRecord("townhall.x", 20, "f", 1, "said %s", (evil,), None)
    vars(record).update({"outcome": evil})
    assert form().format(record).isprintable()


def test_every_line_of_a_request_carries_its_id():
    token = request_id.set("abc-12345678")
    assert line()["request_id"] == "abc-12345678"
    request_id.reset(token)
    assert "request_id" not in line()


@pytest.fixture
def one_service(monkeypatch):
    """A page of one service was answered."""
    monkeypatch.setattr(logs, "KNOWN", [*logs.KNOWN[:1], {"missed-bin"}])


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "/"),
        ("/missed-bin", "/missed-bin"),
        ("/missed-bin/", "/missed-bin/"),
        ("/missed-bin/check-answers", "/missed-bin/check-answers"),
        ("/missed-bin/which-bin", "/missed-bin/…"),
        ("/missed-bin/mary-jane-doe/1", "/missed-bin/…/…"),
        ("/static/townhall/townhall.css", "/static/…/…"),
        ("/mary-jane-doe/high-street-12", "/…"),
        ("/mary-jane-doe", "/…"),
        ("/mary-jane-doe/privacy", "/…"),
        ("//mary-jane-doe", "/…"),
        ("/7KQ4-M2HX-9RTB", "/…"),
        ("/Ann Smith/07700900123", "/…"),
        ("/wp-login.php", "/…"),
    ],
)
def test_a_path_is_shown_only_as_far_as_it_is_known(one_service, path, shown):
    assert shown_path(path) == shown


def test_a_service_is_known_once_a_page_of_it_was_answered():
    assert watching.counts.services in logs.KNOWN
    assert shown_path("/quite-a-new-service/one") == "/…"
    watching.counts.services.admit("quite-a-new-service")
    assert shown_path("/quite-a-new-service/one") == "/quite-a-new-service/…"


def test_of_a_page_that_failed_its_name_is_shown(one_service):
    assert shown_path("/missed-bin/which-bin/2", failed=True) == "/missed-bin/which-bin/…"
    assert shown_path("/missed-bin/Ann Smith", failed=True) == "/missed-bin/…"
    assert shown_path("/mary-jane-doe/high-street", failed=True) == "/…"


def test_each_address_of_our_own_is_known():
    addresses = [str(one.pattern).split("/") for one in urls.urlpatterns]
    firsts = {first for first, *_ in addresses if not first.startswith("<")} - {""}
    assert firsts | RESERVED_SERVICES == logs.KNOWN[0]
    assert {rest[0] for _, *rest in addresses if rest and "<" not in rest[0]} == logs.OF_A_SERVICE


def test_the_web_server_writes_our_lines_and_none_for_a_request():
    made = for_the_web_server({"TOWNHALL_LOG_FORMAT": "text"})
    assert made["formatters"] == {"lines": {"()": TextLines}}
    assert "granian.access" not in made["loggers"]


def test_an_unknown_form_of_line_is_refused():
    with pytest.raises(ValueError, match="TOWNHALL_LOG_FORMAT"):
        for_the_web_server({"TOWNHALL_LOG_FORMAT": "xml"})


def test_our_own_arguments_are_filled_in():
    assert line("townhall.outbox", "tries=%s", 3)["event"] == "tries=3"


def test_a_librarys_arguments_are_left_out():
    assert CANARY not in json.dumps(line("somelibrary", "sent %s", CANARY))


def test_what_a_caller_adds_is_kept_only_where_it_is_plain():
    made = line(submission="id-1", request={"post": CANARY})
    assert made["submission"] == "id-1"
    assert CANARY not in json.dumps(made)


def test_an_exception_is_told_by_class_and_place_and_not_by_its_words():
    try:
        raise ValueError(CANARY)
    except ValueError:
        record = logging.LogRecord("townhall", 40, "f", 1, "failed", (), sys.exc_info())
    text = JsonLines().format(record)
    assert CANARY not in text
    assert json.loads(text)["error"] == "ValueError"
    assert "test_logs.py" in text


def test_statements_are_never_logged(settings):
    loggers = settings.LOGGING["loggers"]["django.db.backends"]
    assert loggers == {"handlers": ["nowhere"], "propagate": False}


@pytest.fixture
def logged(caplog):
    """What the one record becomes."""

    def give():
        [record] = caplog.records
        return json.loads(JsonLines().format(record))

    return give


@pytest.mark.parametrize("status", [403, 404, 405, 410])
def test_a_refused_request_is_told_without_its_query_or_what_was_sent(status, logged):
    request = RequestFactory().post(f"/leave/b?q={CANARY}", {"name": CANARY})
    log_response("%s: %s", CANARY, CANARY, response=HttpResponse(status=status), request=request)
    line = logged()
    assert line["event"] == f"{status} POST /leave/…"
    assert CANARY not in json.dumps(line)


def test_a_long_path_is_cut(logged):
    response = HttpResponse(status=404)
    log_response("%s", "x", response=response, request=RequestFactory().get("/" + "x" * 5_000))
    assert len(logged()["event"]) < 250


@pytest.mark.parametrize(
    ("host", "named"), [("other.example:80", "other.example:80"), ("a<b>\x1b c", "that name")]
)
def test_a_host_that_is_not_ours_names_the_setting(host, named, logged, monkeypatch):
    monkeypatch.setattr("townhall.runner.views.faults.foreign_view", lambda frame: None)
    monkeypatch.setattr("townhall.runner.views.faults.frame_for", lambda request: None)
    monkeypatch.setattr(
        "townhall.runner.views.faults.page", lambda view, status: HttpResponse(status=status)
    )
    request = RequestFactory().get("/", headers={"host": host})
    response_for_exception(request, DisallowedHost(f"Invalid HTTP_HOST header: {host}"))
    assert logged()["event"] == f"400 GET /: TOWNHALL_HOSTS does not list {named}"
    # Scanners do it all day.
    assert logged()["level"] == "warning"
