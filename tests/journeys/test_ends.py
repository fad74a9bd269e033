"""Honest ends: every way in which someone cannot go on is a page with help."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from tests.support.definitions import define, page, radios
from tests.support.visitor import Visitor

from townhall.definitions.actions import withdraw
from townhall.submissions.models import Draft, DraftPage, Submission

PAGES = [
    page("one", radios("pest", "Rats", "Wasps", personal="none")),
    page("two", {"id": "name", "ask": "Your name", "type": "name"}),
]
SECURITY = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.fixture
def begun(put, visitor):
    visitor.start(put(define(PAGES)))
    visitor.send({"pest": "rats"})
    return visitor


def available(**more):
    return define(PAGES, available=more)


def test_a_service_that_is_not_open_yet_says_when(put, visitor):
    put(available(**{"from": "2027-01-04"}))
    visitor.open("/a-service")
    assert visitor.heading == "Tell us about a thing: not open yet"
    assert "You can use this service from 4 January 2027." in visitor.text
    assert not visitor.page.select("form[action='/a-service']")


def test_a_service_that_has_closed_says_so_and_home_does_too(put, visitor):
    put(available(to="2026-12-01"))
    visitor.open("/a-service")
    assert visitor.heading == "Tell us about a thing: closed"
    visitor.open("/")
    assert "Closed" in visitor.page.select_one(".th-services__item").text


def test_a_service_with_its_limit_reached_is_full(put, visitor):
    visitor.start(put(available(limit=1)))
    visitor.send({"pest": "rats"})
    visitor.send({"name": "Ann"})
    visitor.send()
    other = Visitor()
    other.open("/a-service")
    assert other.heading == "Tell us about a thing: full"


def test_the_place_taken_meanwhile_leaves_an_honest_end(put, visitor):
    other = Visitor()
    for one in (visitor, other):
        one.start(put(available(limit=1)))
        one.send({"pest": "rats"})
        one.send({"name": "Ann"})
    visitor.send()
    other.send(status=409)
    assert other.heading == "We have not received your answers"
    assert Submission.objects.count() == 1


def test_withdrawn_now_stops_a_draft_and_says_why(begun, clock):
    withdraw("a-service", by="ann", at=clock.now, reason="It asked the wrong thing.", now=True)
    begun.open("/a-service/two", status=410)
    assert begun.heading == "You cannot carry on"
    assert "It asked the wrong thing." in begun.text
    begun.open("/a-service")
    assert begun.heading == "Tell us about a thing: not available"


def test_withdrawn_lets_a_draft_go_on(begun, clock):
    withdraw("a-service", by="ann", at=clock.now)
    begun.send({"name": "Ann"})
    assert begun.path == "/a-service/check-answers"


@pytest.mark.parametrize("path", ["/nothing", "/a-service/nothing", "/a-service/one/2/3", "/é"])
def test_an_address_where_nothing_is(begun, path):
    begun.open(path, status=404)
    assert begun.heading == "Page not found"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["/", "/a-service", "/a-service/one", "/a-service/check-answers"])
def test_other_methods_are_refused_with_a_page(begun, method, path):
    reply = getattr(begun.client, method)(path)
    assert reply.status_code == 405
    assert "GET" in reply.headers["Allow"]
    assert "<h1" in reply.text


def test_head_gives_headers_and_no_body(begun):
    reply = begun.client.head("/a-service/two")
    assert reply.status_code == 200
    assert reply.content == b""


@pytest.mark.parametrize("token", ["x", "x" * 100_000, "\x00", "é" * 50, "../..", "a" * 43])
def test_a_forged_cookie_gets_a_page_and_never_an_error(begun, token):
    begun.client.cookies["townhall_draft_a-service"] = token
    begun.open("/a-service/two", status=410)
    assert begun.heading == "We cannot find your answers"
    assert "townhall_draft_a-service" not in {
        name for name, morsel in begun.client.cookies.items() if morsel.value
    }


def test_a_page_sent_without_a_draft_says_so(begun):
    begun.client.cookies.pop("townhall_draft_a-service")
    begun.send({"name": "Ann"}, status=410)
    assert begun.heading == "We cannot find your answers"


def test_what_was_typed_is_shown_where_nothing_can_take_it_any_more(begun):
    story = "It was late.\nNobody came & <b>nobody</b> rang."
    page_sent = begun.page
    begun.client.cookies.clear()
    begun.page = page_sent
    # A browser that was closed by the phone has neither cookie: "send it again" would lose it.
    begun.send({"name": story}, status=410)
    assert begun.heading == "We cannot find your answers"
    shown = [line.get_text() for line in begun.page.select(".govuk-inset-text p")]
    assert shown == story.split("\n")


def test_nothing_typed_is_lost_where_the_database_fails_too(begun, monkeypatch):
    def fails(*_, **__):
        raise OperationalError("database is locked")

    page_sent = begun.page
    begun.client.cookies.clear()
    begun.page = page_sent
    monkeypatch.setattr("townhall.runner.views.base.arrive", fails)
    begun.send({"name": "Ann <b>"}, status=403)
    assert begun.page.select_one("main form [name=name]")["value"] == "Ann <b>"


def test_a_change_after_sending_says_that_it_was_not_added(begun):
    begun.send({"name": "Ann"})
    check = begun.page
    begun.open("/a-service/two")
    other_tab = begun.page
    begun.page = check
    begun.send()
    begun.page = other_tab
    begun.send({"name": "Bob Example"}, status=409)
    assert begun.heading == "What you have just sent was not added"
    assert "Bob Example" in begun.text
    begun.follow("See your reference number")
    assert begun.path == "/a-service/confirmation"


def test_what_is_sent_is_what_was_shown(begun):
    begun.send({"name": "Ann"})
    check = begun.page
    begun.open("/a-service/two")
    begun.send({"name": "Bob Example"})
    shown = begun.page
    begun.page = check
    begun.send(status=409)
    assert begun.heading == "Your answers have changed"
    assert not Submission.objects.exists()
    begun.follow("Check your answers again")
    assert "Bob Example" in begun.text
    begun.open("/a-service/two")
    begun.send({"name": "Bob Example"})
    begun.page = shown
    begun.send()
    assert begun.path == "/a-service/confirmation"


def lose(visitor, clock):
    visitor.client.cookies.pop("townhall_draft_a-service")


def forge(visitor, clock):
    visitor.client.cookies["townhall_draft_a-service"] = "x" * 100_000


def spoil(visitor, clock):
    Draft.objects.update(wrapped_key=b"x" * 60)


def stop(visitor, clock):
    withdraw("a-service", by="ann", at=clock.now, reason="Unsafe.", now=True)


def idle(visitor, clock):
    clock.forward(minutes=61)


def undo(visitor, clock):
    DraftPage.objects.filter(page="two").delete()


@pytest.mark.parametrize(
    "happen, status, path, heading",
    [
        (lose, 410, "check-answers", "We cannot find your answers"),
        (forge, 410, "check-answers", "We cannot find your answers"),
        (spoil, 410, "check-answers", "We cannot find your answers"),
        (stop, 410, "check-answers", "You cannot carry on"),
        (idle, 200, "time-out", "Your answers are locked"),
        (undo, 200, "two", "About two"),
    ],
)
def test_what_may_not_be_sent_ends_as_any_page_of_it(begun, clock, happen, status, path, heading):
    begun.send({"name": "Ann"})
    happen(begun, clock)
    begun.send(status=status)
    assert (begun.path, begun.heading) == (f"/a-service/{path}", heading)
    assert not Submission.objects.exists()


def test_one_services_cookie_opens_no_other(begun, put):
    put(define(PAGES, service="b-service"))
    secret = begun.client.cookies["townhall_draft_a-service"].value
    begun.client.cookies["townhall_draft_b-service"] = secret
    begun.open("/b-service/two", status=410)


def test_a_lost_token_from_our_own_page_keeps_what_was_typed(begun):
    data = {"name": "Ann <b>", "csrfmiddlewaretoken": "x" * 32}
    own = {"Sec-Fetch-Site": "same-origin"}
    reply = begun.client.post("/a-service/two", data, headers=own)
    assert reply.status_code == 403
    begun._arrive(reply, "/a-service/two", 403)
    assert begun.page.select_one("[name=name]")["value"] == "Ann <b>"
    assert begun.page.select_one("main a[href='/a-service/two']") is not None
    begun.send(form="main form")
    assert begun.path == "/a-service/check-answers"


ELSEWHERE = [{"Origin": origin} for origin in ("https://e.example", "https://testserver", "null")]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, *ELSEWHERE, {}])
def test_a_page_from_elsewhere_brings_nothing_in(begun, headers):
    reply = begun.client.post("/a-service/two", {"name": "Mallory"}, headers=headers)
    assert reply.status_code == 403
    assert "Mallory" not in reply.text


@pytest.mark.parametrize("answer", ["save_page", "open_draft"])
def test_a_database_that_cannot_answer_keeps_the_draft_and_what_was_typed(
    begun, monkeypatch, answer
):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(f"townhall.submissions.drafts.{answer}", full)
        begun.send({"name": "Ann Example"}, status=503)
        assert begun.heading == "Sorry, there is a problem with the service"
    problem = begun.page
    begun.follow("Go back without sending it again")
    assert (begun.path, begun.value("name")) == ("/a-service/two", "")
    begun.page = problem
    begun.send(form="main form")
    assert begun.path == "/a-service/check-answers"
    assert "Ann Example" in begun.text


def test_a_fault_of_ours_is_a_page_with_help(begun, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("a fault")

    monkeypatch.setattr("townhall.runner.views.questions.question_html", broken)
    begun.open("/a-service/two", status=500)
    assert begun.heading == "Sorry, there is a problem with the service"
    assert "a fault" not in begun.text


def test_too_much_is_a_page_and_not_an_error(begun):
    begun.send({"name": "x" * 1_100_000}, status=400)
    begun.open("/a-service/two")
    begun.send({f"n{number}": "x" for number in range(1_100)}, status=400)
    assert begun.heading == "We could not read that"


def test_a_name_that_is_not_ours_is_told_so_on_a_page(begun):
    answer = begun.client.get("/", headers={"host": "other.example"})
    assert answer.status_code == 400
    assert "This web address is not one of ours" in answer.text
    assert "shorter" not in answer.text


@pytest.mark.parametrize("path", ["/", "/a-service", "/a-service/two", "/nothing", "/leave"])
def test_every_page_carries_the_headers(begun, path):
    headers = begun.client.get(path).headers
    assert {name: headers[name] for name in SECURITY} == SECURITY
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_only_our_own_cookies_are_set_and_none_can_be_read_by_a_script(begun):
    begun.send({"name": "Ann"})
    cookies = begun.client.cookies
    assert set(cookies) == {"townhall_draft_a-service", "townhall_form"}
    for cookie in cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["max-age"]
        assert not cookie["expires"]


def test_on_https_a_drafts_cookie_is_this_hosts_alone(put):
    visitor = Visitor(secure=True)
    visitor.client.get("/")
    visitor.start(put(define(PAGES)))
    cookie = visitor.client.cookies["__Host-townhall_draft_a-service"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_a_second_person_at_the_same_browser_sees_no_answer(begun, clock):
    begun.send({"name": "Ann Example"})
    begun.leave()
    for path in ("/a-service/two", "/a-service/check-answers", "/a-service"):
        begun.open(path)
        assert "Ann Example" not in str(begun.page)


def test_opening_an_address_clears_nothing_and_does_not_say_so(begun):
    begun.send({"name": "Ann Example"})
    for path in ("/leave", "/left"):
        begun.open(path)
        assert begun.heading == "Do you want to clear your answers?"
    assert Draft.objects.count() == 1
    button = begun.page.main.button
    assert button.get_text().strip() == "Leave and clear my answers"
    assert "govuk-button--warning" in button["class"]
    assert button.find_next("a").get_text() == "See all services"
    begun.send(form="main form[action='/leave']")
    assert begun.heading == "We have cleared your answers"
    assert not Draft.objects.exists()
    begun.open("/leave")
    assert begun.heading == "There is nothing to clear"


def test_opened_by_hand_the_last_page_says_that_nothing_was_cleared(visitor, begun, clock):
    begun.leave()
    said, known = begun.path, begun.heading
    assert known == "We have cleared your answers"
    other = Visitor()
    for path in ("/left", "/left?at=", "/left?at=1765098000:forged", "/left?at=%00"):
        other.open(path)
        assert other.heading == "There is nothing to clear"
    other.open(said)
    assert other.heading == known
    clock.forward(minutes=3)
    other.open(said)
    assert other.heading == "There is nothing to clear"
    other.leave()
    assert other.heading == "There is nothing to clear"


@pytest.mark.parametrize("name", ["a(b", "a@b", "a[]", "é", "a/b", ""])
def test_a_cookie_that_no_service_has_keeps_nobody_from_leaving(begun, name):
    held = {one.key: one.value for one in begun.client.cookies.values()}
    said = "; ".join(
        f"{key}={value}" for key, value in (held | {f"townhall_draft_{name}": "x"}).items()
    )
    sent = {"csrfmiddlewaretoken": begun.value("csrfmiddlewaretoken")}
    answer = begun.client.post("/leave", sent, HTTP_COOKIE=said)
    assert answer.status_code == 303
    assert not Draft.objects.exists()


def test_check_answers_own_form_is_the_largest_of_the_page(begun):
    begun.send({"name": "Ann Example"})
    largest = max(begun.page.select("form"), key=lambda form: len(str(form)))
    assert largest is max(begun.page.select("form"), key=lambda form: len(form.select("[name]")))
    assert largest["id"] == "page-form"


def test_a_draft_not_finished_goes_after_its_time(begun, clock):
    clock.now += timedelta(days=40)
    begun.open("/a-service/two", status=410)


def test_no_redirect_leads_away(begun):
    for here in ("https://e.example", "//e.example", "/\\e.example", "javascript:x", "\x00/"):
        data = {
            "language": "cy",
            "here": here,
            "csrfmiddlewaretoken": begun.value("csrfmiddlewaretoken"),
        }
        reply = begun.client.post("/language", data)
        assert reply.status_code == 303
        assert reply.headers["Location"] == "/"
