"""Shared computers: when a page locks, coming back, and asking for more time."""

import pytest
from tests.support.definitions import define, page, radios

from townhall.submissions.models import Draft

ADDRESS = {"where-line1": "4 Mill Lane", "where-town": "Elmbridge", "where-postcode": "EV1 1AA"}


@pytest.fixture
def begun(put_service, visitor):
    visitor.start(put_service("missed-bin"))
    visitor.send({"due": "recent"})
    visitor.send({"bins": ["recycling"]})
    return visitor


@pytest.fixture
def personal(begun):
    begun.send(ADDRESS)
    return begun


def test_each_page_says_when_it_locks_as_a_clock_time(begun, clock):
    assert "If you do nothing until 10am, we lock this page" in begun.text
    clock.forward(minutes=20)
    begun.send(ADDRESS)
    assert "If you do nothing until 10:20am" in begun.text
    assert not begun.page.select("[aria-live], [role=timer]")


def test_more_time_may_be_asked_for_more_than_ten_times(begun, clock):
    for _ in range(12):
        clock.forward(minutes=58)
        reply = begun.client.post(
            "/missed-bin/continue",
            headers={"Accept": "application/json", "X-CSRFToken": token(begun)},
        )
        assert reply.json()["seconds"] == 3600
    begun.open("/missed-bin/address")
    assert begun.path == "/missed-bin/address"
    assert reply.json()["words"] in begun.text


def token(visitor):
    return visitor.page.select_one("[name=csrfmiddlewaretoken]")["value"]


def test_a_draft_with_nothing_personal_goes_on_at_one_press(put, visitor, clock):
    pages = [
        page("one", radios("pest", "Rats", "Wasps")),
        page("two", radios("where", "In", "Out")),
    ]
    visitor.start(put(define(pages)))
    visitor.send({"pest": "rats"})
    clock.forward(minutes=61)
    visitor.open("/a-service/two")
    assert visitor.heading == "Your page was paused"
    visitor.send(form="main form")
    assert visitor.path == "/a-service/two"


def test_an_answer_is_repeated_where_anything_is_personal(personal, clock):
    clock.forward(minutes=61)
    personal.open("/missed-bin/check-answers")
    assert personal.heading == "Your answers are locked"
    assert "Mill Lane" not in str(personal.page)
    personal.send(ADDRESS)
    assert personal.path == "/missed-bin/about-you"


def test_nothing_is_shown_by_any_address_while_it_is_locked(personal, clock):
    clock.forward(minutes=61)
    for name in ("address", "which-bins", "check-answers", "confirmation", ""):
        personal.open(f"/missed-bin/{name}".rstrip("/"))
        assert "Mill Lane" not in str(personal.page)


def test_no_press_of_yes_opens_what_somebody_said_before(put_service, visitor, clock):
    visitor.start(put_service("fostering-enquiry"))
    visitor.send({"adult": "yes", "room": "yes"})
    visitor.send({"another": "yes"})
    visitor.send({"relation": "Daughter", "years": "9"})
    visitor.send({"another": "no"})
    visitor.send({"more": "I am ill"})
    clock.forward(minutes=61)
    visitor.open("/fostering-enquiry/more")
    assert visitor.heading == "Your answers are locked"
    assert visitor.page.select_one("main strong").get_text(strip=True) == "Person 1"
    visitor.send({"adult": "yes", "room": "yes"})
    assert visitor.errors == [("Enter who they are", "#relation")]
    visitor.send({"relation": "daughter"})
    assert visitor.path == "/fostering-enquiry/contact"


def test_where_a_stranger_would_guess_only_the_help_contact_is_left(put, visitor, clock):
    asked = radios("health", "Well", "Ill", personal=["special"])
    visitor.start(put(define([page("one", asked), page("two", radios("where", "In", "Out"))])))
    visitor.send({"health": "ill"})
    clock.forward(minutes=61)
    visitor.open("/a-service/two")
    assert "you cannot open them on this computer any more" in visitor.text
    assert not visitor.page.select("form#page-form")


def test_the_words_of_a_question_tell_no_other_answer(put, visitor, clock):
    who = {"id": "kid", "ask": "What is your child’s first name?", "type": "text"}
    born = {
        "id": "born",
        "ask": "When was {{ kid }} born?",
        "type": "date",
        "personal": ["child"],
        "hint": "{{ kid }}!",
    }
    pages = [page("one", {**who, "personal": ["special"]}), page("two", born)]
    visitor.start(put(define([*pages, page("three", radios("where", "In", "Out"))])))
    visitor.send({"kid": "Bobbie"})
    visitor.send({"born-day": "3", "born-month": "4", "born-year": "2019"})
    clock.forward(minutes=61)
    visitor.open("/a-service/three")
    assert "When was … born?" in visitor.text
    assert "Bobbie" not in str(visitor.page)


def test_five_wrong_tries_leave_only_the_help_contact(personal, clock):
    clock.forward(minutes=61)
    personal.open("/missed-bin/time-out")
    for number in range(5):
        personal.send({**ADDRESS, "where-line1": f"{number} Low Road"})
    assert "you cannot open them on this computer any more" in personal.text
    assert not personal.page.select("form#page-form")
    assert Draft.objects.get().tries == 5


def test_a_wrong_answer_is_an_error_that_links_to_its_box(personal, clock):
    clock.forward(minutes=61)
    personal.open("/missed-bin/time-out")
    personal.send({**ADDRESS, "where-line1": "2 Low Road"})
    assert personal.title.startswith("Error: ")
    assert personal.errors == [
        ("That is not the answer you gave. Check it and try again", "#where-line1")
    ]


def test_the_page_of_a_wrong_answer_may_be_opened_again(personal, clock):
    clock.forward(minutes=61)
    personal.open("/missed-bin/time-out")
    personal.send({**ADDRESS, "where-line1": "2 Low Road"})
    personal.open(personal.path)
    assert (personal.path, personal.heading) == ("/missed-bin/time-out", "Your answers are locked")
    personal.send(ADDRESS)
    personal.open("/missed-bin/continue")
    assert personal.path == "/missed-bin/about-you"


def test_a_page_sent_after_the_limit_is_kept(personal, clock):
    clock.forward(minutes=90)
    personal.send({"name": "Ann Example", "email": "", "phone": ""})
    assert personal.path == "/missed-bin/time-out"
    personal.send(ADDRESS)
    assert personal.path == "/missed-bin/check-answers"
    assert "Ann Example" in personal.text


def test_what_a_stranger_sends_late_opens_nothing(personal, clock):
    clock.forward(minutes=90)
    personal.send({"name": "A Stranger", "email": "", "phone": ""})
    personal.send({"name": "A Stranger"})
    assert personal.path == "/missed-bin/continue"
    assert "Mill Lane" not in str(personal.page)


def test_a_late_page_over_an_earlier_one_opens_nothing(personal, clock):
    personal.open("/missed-bin/address")
    clock.forward(minutes=90)
    stranger = {"where-line1": "1 Other Road", "where-town": "Elsewhere"}
    personal.send(stranger)
    assert personal.path == "/missed-bin/time-out"
    assert not personal.page.select("[name=where-line1]")


def test_a_late_page_with_a_problem_is_kept_too(begun, clock):
    begun.send(ADDRESS)
    begun.open("/missed-bin/address")
    clock.forward(minutes=90)
    begun.send({"where-line1": "2 Low Road", "where-town": "", "where-postcode": ""})
    assert begun.heading in ("Your answers are locked", "Your page was paused")


def test_a_locked_draft_is_not_sent(personal, clock):
    personal.send({"name": "Ann Example"})
    clock.forward(minutes=61)
    personal.send()
    assert personal.path == "/missed-bin/time-out"


def test_more_time_cannot_be_had_once_it_is_locked(personal, clock):
    personal.open("/missed-bin/about-you")
    clock.forward(minutes=61)
    reply = personal.client.post(
        "/missed-bin/continue",
        headers={"Accept": "application/json", "X-CSRFToken": token(personal)},
    )
    assert reply.status_code == 403
    personal.open("/missed-bin/about-you")
    assert personal.path == "/missed-bin/time-out"
