"""The missed bin service from start page to confirmation, as a person without JavaScript has it."""

import pytest

from townhall.submissions.models import Draft, DraftPage, Submission

ADDRESS = {"where-line1": "1 High Street", "where-town": "Elmbridge", "where-postcode": "ev1 1aa"}


@pytest.fixture
def bin(put_service):
    return put_service("missed-bin")


@pytest.fixture
def begun(bin, visitor):
    visitor.start(bin)
    return visitor


@pytest.fixture
def checking(begun):
    begun.send({"due": "recent"})
    begun.send({"bins": ["recycling"]})
    begun.send(ADDRESS)
    begun.send({"name": "Ann Example"})
    assert begun.heading == "Check your answers before you send them"
    return begun


def test_home_leads_to_the_first_question(bin, visitor):
    visitor.open("/")
    visitor.follow("Report a missed bin")
    assert "If you do not finish, we delete your answers after 7 days." in visitor.text
    visitor.start(bin)
    assert visitor.heading == "When should we have emptied the bin?"
    assert visitor.path == "/missed-bin/when-due"


def test_the_whole_journey(checking):
    rows = {
        row.dt.get_text(strip=True): row.dd.get_text(" ", strip=True)
        for row in checking.page.select(".govuk-summary-list__row")
    }
    assert rows["Missed bins"] == "Recycling (green bin)"
    assert rows["Address"] == "1 High Street Elmbridge EV1 1AA"
    assert rows["Phone number"] == "Not provided"
    checking.send()
    reference = checking.page.select_one("#reference").text
    assert Submission.objects.get().reference == reference
    assert "within 2 working days" in checking.text


def test_an_exit_is_an_end_with_a_way_back(begun):
    begun.send({"due": "today"})
    assert begun.heading == "Your bin may still be emptied today"
    assert not begun.page.select("form#page-form")
    begun.follow("Back")
    begun.send({"due": "recent"})
    assert begun.path == "/missed-bin/which-bins"


def test_nothing_chosen_is_said_in_the_summary_and_at_the_question(begun):
    begun.send()
    assert begun.title.startswith("Error: When should we have emptied the bin?")
    ((message, link),) = begun.errors
    assert link == "#due"
    assert begun.page.select_one("#due")["type"] == "radio"
    assert message in begun.page.select_one("#due-error").text
    assert begun.status == 200


def test_typed_text_is_kept_when_something_is_wrong(begun):
    begun.send({"due": "recent"})
    begun.send({"bins": ["food"]})
    begun.send({"where-line1": '1 <b>High</b> "Street"', "where-postcode": "nonsense"})
    assert begun.value("where-line1") == '1 <b>High</b> "Street"'
    assert begun.value("where-postcode") == "nonsense"
    assert [link for _, link in begun.errors] == ["#where-town", "#where-postcode"]


def test_change_comes_straight_back_to_check_answers(checking):
    checking.follow("Change missed")
    assert checking.path == "/missed-bin/which-bins?change=1"
    checking.send({"bins": ["food"]})
    assert checking.heading == "Check your answers before you send them"
    assert "Food waste" in checking.text


def test_a_change_that_asks_something_new_asks_it_and_comes_back(checking):
    checking.follow("Change missed")
    checking.send({"bins": ["garden"]})
    assert checking.path == "/missed-bin/garden-licence?change=1"
    checking.send({"subscriber": "yes"})
    assert checking.heading == "Check your answers before you send them"


def test_back_from_a_change_goes_to_check_answers(checking):
    checking.follow("Change missed")
    checking.follow("Back")
    assert checking.path == "/missed-bin/check-answers"


def test_back_leads_through_every_page_to_the_start(checking):
    seen = []
    while checking.path != "/missed-bin":
        checking.follow("Back")
        seen.append(checking.path)
    assert seen == [
        "/missed-bin/about-you",
        "/missed-bin/address",
        "/missed-bin/which-bins",
        "/missed-bin/when-due",
        "/missed-bin",
    ]


def test_going_back_shows_what_was_answered(checking):
    checking.open("/missed-bin/address")
    assert checking.value("where-line1") == "1 High Street"


def test_an_answer_off_the_route_is_kept_but_not_shown_or_sent(checking):
    checking.open("/missed-bin/which-bins")
    checking.send({"bins": ["garden"]})
    checking.send({"subscriber": "yes"})
    checking.open("/missed-bin/which-bins?change=1")
    checking.send({"bins": ["food"]})
    assert "Garden waste subscription" not in checking.text
    checking.open("/missed-bin/garden-licence")
    assert checking.path == "/missed-bin/check-answers"
    checking.open("/missed-bin/which-bins?change=1")
    checking.send({"bins": ["garden"]})
    assert "Garden waste subscription" in checking.text


def test_skipping_ahead_by_address_leads_to_the_first_page_not_done(begun):
    begun.send({"due": "recent"})
    begun.open("/missed-bin/about-you")
    assert begun.path == "/missed-bin/which-bins"
    begun.open("/missed-bin/check-answers")
    assert begun.path == "/missed-bin/which-bins"
    begun.open("/missed-bin/confirmation")
    assert begun.path == "/missed-bin/which-bins"


def test_an_address_inside_a_service_without_a_draft_leads_to_its_start(bin, visitor):
    visitor.open("/missed-bin/about-you")
    assert visitor.path == "/missed-bin"


def test_pressing_send_twice_sends_once(checking):
    page = checking.page
    checking.send()
    first = checking.page.select_one("#reference").text
    checking.page = page
    checking.send()
    assert checking.page.select_one("#reference").text == first
    assert Submission.objects.count() == 1


def test_refreshing_the_confirmation_changes_nothing(checking):
    checking.send()
    first = checking.page.select_one("#reference").text
    checking.open("/missed-bin/confirmation")
    assert checking.page.select_one("#reference").text == first
    assert Submission.objects.count() == 1


def test_after_sending_no_page_shows_an_answer(checking):
    checking.send()
    for path in ("about-you", "check-answers", "address"):
        checking.open(f"/missed-bin/{path}")
        assert checking.path == "/missed-bin/confirmation"
        assert "Ann Example" not in checking.text


def test_after_sending_another_may_be_started(checking):
    checking.send()
    checking.start("missed-bin")
    assert checking.path == "/missed-bin/when-due"
    assert checking.value("due") is None


def test_two_tabs_on_different_pages_lose_nothing(checking):
    checking.open("/missed-bin/address")
    first = checking.page
    checking.open("/missed-bin/about-you")
    checking.send({"name": "Bob Example"})
    checking.page = first
    checking.send({"where-line1": "2 Low Road"})
    checking.open("/missed-bin/check-answers")
    assert "Bob Example" in checking.text
    assert "2 Low Road" in checking.text


def test_whoever_comes_to_a_draft_that_is_open_is_asked_whose_it_is(visitor, bin):
    visitor.open("/missed-bin")
    stale = visitor.page
    visitor.start(bin)
    visitor.send({"due": "recent"})
    visitor.page = stale
    visitor.send(form="main form[action='/missed-bin']")
    assert visitor.path == "/missed-bin"
    assert "Start now" not in visitor.text
    assert "If that was not you, start again" in visitor.text
    visitor.follow("Carry on with the answers")
    assert visitor.path == "/missed-bin/which-bins"
    visitor.start(bin)
    assert visitor.path == "/missed-bin/when-due"
    assert not DraftPage.objects.exists()
    assert Draft.objects.count() == 1


def test_leaving_clears_everything_on_this_computer(checking):
    checking.leave()
    assert checking.heading == "We have cleared your answers"
    assert not Draft.objects.exists()
    assert not DraftPage.objects.exists()
    for path in ("check-answers", "about-you", "confirmation"):
        checking.open(f"/missed-bin/{path}")
        assert checking.path == "/missed-bin"
        assert "Ann Example" not in checking.text
