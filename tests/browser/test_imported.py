"""A published government form of 60 pages: imported, served and filled in, in a browser."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

SERVICE = "reportanoutbreak"
MOST_PAGES = 80
# The server's clock is the real one, and the form wants dates of the last two months.
LATELY = datetime.now(UTC) - timedelta(days=7)
DATE = {"-day": f"{LATELY.day}", "-month": f"{LATELY.month}", "-year": f"{LATELY.year}"}
BY_NAME = {"CQCLocationID": "1-123456789"}
BY_KIND = {"email": "ann@example.com", "tel": "01632 960001", "url": "https://www.example.com"}


def something(field):
    """Words that a text box of its kind takes, going by what a browser is told of it."""
    name = field.get_attribute("name")
    for ending, value in DATE.items():
        if name.endswith(ending):
            return value
    if field.get_attribute("autocomplete") == "postal-code" or "postcode" in name.lower():
        return "SW1A 1AA"
    if field.get_attribute("inputmode") == "numeric":
        return "2"
    return BY_NAME.get(name) or BY_KIND.get(field.get_attribute("type"), "Words")


def fill_in_anything(page, nth=0):
    """Choose one of each choice, the first unless told, and write something in each box."""
    for group in page.locator("#page-form fieldset, #page-form .govuk-form-group").all():
        offered = group.locator("input[type=radio], input[type=checkbox]")
        if offered.count() > nth:
            offered.nth(nth).check()
    for box in page.locator("#page-form").locator("input[type=text], textarea").all():
        box.fill(something(box))
    for kind in ("email", "tel", "url"):
        for box in page.locator(f"#page-form input[type={kind}]").all():
            box.fill(BY_KIND[kind])
    for choice in page.locator("#page-form select").all():
        choice.select_option(index=1)


def test_it_runs_from_start_page_to_confirmation(person):
    """An honest end is answered as a person would: back, and another choice."""
    person.start(SERVICE)
    met, again = [], Counter()
    while not person.path.endswith("/confirmation"):
        if not person.page.locator("#page-form").count():
            person.follow("Back")
            again[person.path] += 1
        met.append(person.path)
        assert len(met) <= MOST_PAGES
        if not person.path.endswith("/check-answers"):
            fill_in_anything(person.page, again[person.path])
        person.go_on()
        assert not person.errors, (person.path, person.errors)
    assert len(met) > 10
    expect(person.page.locator("#reference")).to_be_visible()
    person.look("imported confirmation")


@pytest.mark.parametrize("path", ["", "/privacy"])
def test_its_own_pages_are_sound(person, path):
    person.open(f"/{SERVICE}{path}")
    person.look(f"imported {path or 'start'}")
