"""Whole journeys in a real browser: by pointer, by keys alone, and with JavaScript off."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.journeys import JOURNEYS, journey_id
from tests.support.serving import eventually

each_journey = pytest.mark.parametrize("journey", JOURNEYS, ids=journey_id)
REFERENCE = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4})+")


def walk(someone, journey):
    """From the start page to check answers."""
    someone.start(journey.service)
    for step in journey.steps:
        assert someone.path.split("?")[0] == f"/{journey.service}/{step.page}"
        someone.fill(step.answers)
        someone.go_on()
    assert someone.path == f"/{journey.service}/check-answers"


def send(someone, journey):
    """Check the answers, tick the declaration where there is one, and send."""
    words = someone.page.locator("main").inner_text()
    for shown in journey.shown:
        assert shown in words
    if someone.page.locator("#page-form [name=declaration]").count():
        someone.fill({"declaration": "yes"})
    someone.go_on()
    assert someone.path == f"/{journey.service}/confirmation"
    assert REFERENCE.fullmatch(someone.page.locator("#reference").inner_text())


@pytest.mark.journey
@each_journey
def test_from_start_page_to_confirmation(person, journey):
    walk(person, journey)
    send(person, journey)


@pytest.mark.journey
def test_what_was_sent_is_delivered_by_mail_and_by_webhook(person, served):
    walk(person, JOURNEYS[0])
    send(person, JOURNEYS[0])
    reference = person.page.locator("#reference").inner_text()

    def arrived():
        tray = served.data / "stand-in"
        return {
            kind
            for kind in ("mail", "webhooks")
            for file in tray.glob(f"{kind}/[!.]*")
            if reference in file.read_text()
        }

    eventually(lambda: arrived() == {"mail", "webhooks"})


@each_journey
def test_without_javascript(person_without_scripts, journey):
    walk(person_without_scripts, journey)
    send(person_without_scripts, journey)


@each_journey
def test_by_keyboard_alone(keyboard_person, journey):
    walk(keyboard_person, journey)
    send(keyboard_person, journey)


def test_a_changed_answer_leads_back_to_check_answers(person):
    walk(person, JOURNEYS[0])
    person.follow("Change")
    person.go_on()
    assert person.path == "/missed-bin/check-answers"


def test_the_error_summary_takes_focus_and_leads_to_the_field(person):
    person.start("missed-bin")
    person.go_on()
    expect(person.page.locator(".govuk-error-summary")).to_be_focused()
    person.page.locator(".govuk-error-summary__list a").click()
    expect(person.page.locator("[name=due]").first).to_be_focused()


def test_pressing_send_twice_at_once_sends_once(person):
    walk(person, JOURNEYS[0])
    person.page.locator("#page-form button[type=submit]").last.dblclick()
    person.page.wait_for_url("**/confirmation")
    first = person.page.locator("#reference").inner_text()
    person.page.reload()
    assert person.page.locator("#reference").inner_text() == first
