"""Every other page that a person can meet, looked at once; and what only a browser can show."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect
from tests.browser.journeys import MISSED_BIN, VOLUNTEERING

PLAIN = {
    "home": ("/", "What you can do online"),
    "accessibility": ("/accessibility", "Accessibility statement"),
    "cookies": ("/cookies", "Cookies"),
    "privacy": ("/missed-bin/privacy", "How we use your information"),
    "privacy for under-18s": ("/library-volunteering/privacy", "How we use your information"),
    "nothing to leave": ("/leave", "nothing to clear"),
    "left": ("/left", "cleared"),
    "closed service": ("/closed", "closed"),
    "nothing here": ("/no-such-service", "not found"),
}


@pytest.mark.parametrize("state", PLAIN)
def test_a_page_without_a_draft(person, state):
    path, words = PLAIN[state]
    person.open(path)
    assert words.lower() in f"{person.heading} {person.page.locator('main').inner_text()}".lower()
    person.look(state)


@pytest.mark.parametrize(
    ("service", "steps"),
    [
        ("missed-bin", [{"due": "today"}]),
        ("missed-bin", [{"due": "older"}]),
        ("compliments-and-complaints", [{"kind": "complaint"}, {"stage": "final"}]),
        (
            "library-volunteering",
            [{"born-day": "1", "born-month": "1", "born-year": "2020"}],
        ),
    ],
    ids=["wait", "too late", "ombudsman", "too young"],
)
def test_an_honest_end(person, service, steps):
    person.start(service)
    for answers in steps:
        person.fill(answers)
        person.go_on()
    assert person.page.locator("#page-form").count() == 0
    person.look(f"{service} exit {person.path}")


def test_a_list_of_items(person):
    person.start("library-volunteering")
    for step in VOLUNTEERING.steps[:5]:
        person.fill(step.answers)
        person.go_on()
    person.look("volunteering roles empty")
    person.fill({"another": "yes"})
    person.go_on()
    person.look("volunteering role first")
    person.go_on()
    person.look("volunteering role refused")
    for role in ("Food bank", "School"):
        person.fill({"organisation": role, "duties": "Helped."})
        person.go_on()
        person.look(f"volunteering roles with {role}")
        if role == "Food bank":
            person.fill({"another": "yes"})
            person.go_on()
    person.follow("Remove")
    person.look("volunteering role about to be removed")
    person.go_on()
    person.look("volunteering role removed")


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


def forget_two_hours(served, columns):
    """As if two hours had passed since the server heard anything."""
    with closing(sqlite3.connect(served.data / "townhall.sqlite3", timeout=20)) as records:
        for table, column in columns:
            records.execute(f"UPDATE {table} SET {column} = datetime({column}, '-2 hours')")
        records.commit()


def test_after_idle_time_the_answers_are_locked_and_one_answer_opens_them(with_address, served):
    forget_two_hours(
        served, [("submissions_draft", "active_at"), ("submissions_draftpage", "active_at")]
    )
    with_address.open("/missed-bin/about-you")
    assert "you cannot open them on this computer" in with_address.page.locator("main").inner_text()
    with_address.look("barred")
    forget_two_hours(served, [("submissions_draftpage", "saved_at")])
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


def test_text_may_be_twice_as_large(person):
    """WCAG 1.4.4: at 200% nothing is lost or cut off sideways (a 1280 px window shows 640)."""
    person.page.set_viewport_size({"width": 640, "height": 450})
    for path in ("/", "/missed-bin", "/accessibility", "/missed-bin/privacy"):
        person.open(path)
        assert person.page.evaluate("() => document.scrollingElement.scrollWidth <= 640"), path


def test_text_may_be_spaced_out(person):
    """WCAG 1.4.12."""
    person.open("/missed-bin/privacy")
    person.page.evaluate(
        """() => document.querySelectorAll('body *').forEach(e => {
          e.style.lineHeight = '1.5'
          e.style.letterSpacing = '0.12em'
          e.style.wordSpacing = '0.16em'
        })"""
    )
    person.page.set_viewport_size({"width": 320, "height": 640})
    assert person.page.evaluate("() => document.scrollingElement.scrollWidth <= 320")
