"""What only a browser can show, and the states that only it can bring about."""

import pytest
from playwright.sync_api import expect
from tests.browser.journeys import MISSED_BIN
from tests.support.lapsing import HEARD, SAVED, forget_two_hours


def test_a_page_sent_without_its_token_is_refused_and_keeps_what_was_sent(person):
    person.start("missed-bin")
    person.page.evaluate(
        "() => document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(e => e.remove())"
    )
    person.go_on()
    person.look("token missing")
    assert person.page.locator("h1").count() == 1


def test_leaving_clears_the_answers_from_this_browser(person):
    person.start("missed-bin")
    person.fill(MISSED_BIN.steps[0].answers)
    person.go_on()
    person.press("Leave and clear my answers")
    person.page.go_back()
    assert "Which bins" not in person.page.locator("main").inner_text()
    assert person.page.locator("input:checked").count() == 0


@pytest.fixture
def with_address(person):
    """Someone who has given their address."""
    person.start("missed-bin")
    for step in MISSED_BIN.steps[:4]:
        person.fill(step.answers)
        person.go_on()
    return person


def test_a_draft_that_is_open_what_changed_meanwhile_and_what_came_too_late(with_address):
    """In two tabs: nothing is sent unseen, and nothing that is typed goes in silence."""
    person = with_address
    person.open("/missed-bin")
    person.look("start page with a draft open")
    person.follow("Carry on with the answers")
    person.fill(MISSED_BIN.steps[4].answers)
    person.go_on()
    check, edit = person.page, person.context.new_page()

    person.page = edit
    person.open("/missed-bin/about-you")
    person.fill({"name": "Bob Example"})
    person.go_on()
    person.page = check
    person.press("Send")
    assert person.heading == "Your answers have changed"
    person.look("answers changed")
    person.follow("Check your answers again")

    person.page = edit
    person.open("/missed-bin/about-you")
    person.fill({"name": "Cy Example"})
    person.page = check
    person.press("Send")
    person.page = edit
    person.go_on()
    assert person.heading == "What you have just sent was not added"
    assert "Cy Example" in person.page.locator("main").inner_text()
    person.look("sent too late")


def test_after_idle_time_the_answers_are_locked_and_one_answer_opens_them(with_address, served):
    forget_two_hours(served.data, HEARD)
    with_address.open("/missed-bin/about-you")
    assert "you cannot open them on this computer" in with_address.page.locator("main").inner_text()
    with_address.look("barred")
    forget_two_hours(served.data, SAVED)
    with_address.open("/missed-bin/about-you")
    assert with_address.heading == "Your answers are locked"
    assert "High Street" not in with_address.page.locator("main").inner_html()
    with_address.look("locked")
    with_address.fill({"where-line1": "9 Wrong Road"})
    with_address.go_on()
    with_address.look("locked refused")
    with_address.fill(MISSED_BIN.steps[3].answers)
    with_address.go_on()
    assert with_address.path.startswith("/missed-bin/")
    assert with_address.heading != "Your answers are locked"


def test_five_minutes_before_the_end_more_time_is_offered(person):
    person.page.clock.install()
    person.start("missed-bin")
    dialog = person.page.locator("#idle")
    expect(dialog).to_be_hidden()
    person.page.clock.fast_forward("55:30")
    expect(dialog).to_be_visible()
    expect(person.page.locator("#idle-heading")).to_be_focused()
    assert not person.page.locator("[aria-live=assertive], [role=timer]").count()
    person.page.get_by_role("button", name="Give me more time").click()
    expect(dialog).to_be_hidden()
    person.page.clock.fast_forward("55:30")
    expect(dialog).to_be_visible()
    person.page.clock.fast_forward("05:00")
    expect(person.page.locator("#locked-heading")).to_be_visible()


def test_the_offer_of_more_time_is_as_sound_as_any_page(person):
    person.page.clock.install()
    person.start("missed-bin")
    person.page.clock.fast_forward("55:30")
    expect(person.page.locator("#idle")).to_be_visible()
    person.page.clock.resume()
    person.look("idle dialog")


def test_the_skip_link_comes_first_and_leads_to_the_main_part(keyboard_person):
    keyboard_person.open("/missed-bin")
    keyboard_person.page.keyboard.press("Tab")
    assert keyboard_person.page.evaluate("() => document.activeElement.textContent") == (
        "Skip to main content"
    )
    keyboard_person.page.keyboard.press("Enter")
    expect(keyboard_person.page.locator("#main-content")).to_be_focused()
