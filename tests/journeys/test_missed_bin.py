"""The missed bin service from start page to confirmation, as a person without JavaScript has it."""

import pytest


@pytest.fixture
def bin(put_service):
    return put_service("missed-bin")


def test_the_whole_journey(bin, visitor):
    visitor.open("/")
    visitor.follow("Report a missed bin")
    visitor.start(bin)
    assert visitor.heading == "When should we have emptied the bin?"
