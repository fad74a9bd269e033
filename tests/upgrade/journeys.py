"""The journeys through the household service that a release is left with, and what ends them."""

from __future__ import annotations

from tests.support.walker import Walker

SERVICE = "household"
ANSWERS = {
    "tenure": "rent",
    "landlord": "Zed Lettings",
    "called": "Bo",
    "age": "41",
    "another": "no",
    "rooms": "4",
    "cost": "£712.50",
    "share": "12",
    "since-day": "1",
    "since-month": "3",
    "since-year": "2019",
    "until-month": "4",
    "until-year": "2031",
    "hour": "2:30pm",
    "heating": ["gas", "electric"],
    "area": "south",
    "garden": "yes",
    "story": "A tree,\nand quiet.",
    "name": "Ann O’Example",
    "email": "ann@example.org",
    "phone": "01632 960983",
    "where-line1": "1 High Street",
    "where-town": "Borough",
    "where-postcode": "ev1 1aa",
    "near": "EV1 1AA",
    "agree": "yes",
}
SECOND = {"called": "Cy", "age": "7", "another": "no"}


def at_second_page(address: str) -> Walker:
    """Two answers in, at the third page."""
    walker = Walker(address).start(SERVICE).answer(ANSWERS).answer(ANSWERS)
    assert walker.path.startswith("/household/person"), walker.path
    return walker


def in_a_repeat(address: str) -> Walker:
    """One person is told of, and the second has a name and no age yet."""
    walker = at_second_page(address).answer(ANSWERS).answer(ANSWERS)
    walker.send({"another": "yes"}).answer(SECOND)
    assert walker.path.startswith("/household/born"), walker.path
    return walker


def at_check_answers(address: str) -> Walker:
    """Only the last press is left."""
    return Walker(address).start(SERVICE).walk(ANSWERS, "/check-answers")


DRAFTS = {
    "at_second_page": at_second_page,
    "in_a_repeat": in_a_repeat,
    "at_check_answers": at_check_answers,
}
