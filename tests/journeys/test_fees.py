"""What a service costs, on check answers and on the confirmation, and that nothing is paid here."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.journeys.test_languages import choose
from tests.support.definitions import define, page, radios

from townhall.engine.fees import FeeTables
from townhall.project import house as project
from townhall.project import preparation
from townhall.runner import fittings
from townhall.submissions.models import Draft, DraftPage, Submission

PAGES = [page("one", radios("pest", "Rats", "Wasps"))]
FEE = [
    {"line": "Our visit", "price": "kerb.visit"},
    {"line": "<b>Nest</b>", "price": "parking.vehicle", "when": {"pest": "wasps"}},
]


@pytest.fixture
def at_check(put, visitor):
    """Someone with rats, at check answers of a service with a fee; ``more`` is what else it has."""

    def go(pest: str = "rats", *, language: str = "", **more):
        made = define(PAGES, fee=FEE, languages=["en", "cy"], **more)
        visitor.start(put(made))
        if language:
            choose(visitor, language)
        visitor.send({"pest": pest})
        return visitor

    return go


def test_the_fee_stands_on_both_pages_and_nothing_is_paid(at_check):
    visitor = at_check("wasps", payment="not taken")
    assert "Our visit £140.00 <b>Nest</b> £22.00 Total £162.00" in visitor.text
    assert "You do not pay anything now. We will tell you how to pay." in visitor.text
    visitor.send()
    assert "Total £162.00" in visitor.text
    assert "You have not paid anything. We will tell you how to pay." in visitor.text


def test_the_service_may_say_how_it_is_paid_and_never_that_it_was(at_check):
    words = "We will post you a **bill** <script>alert(1)</script>."
    visitor = at_check(payment={"is": "not taken", "say": words})
    for unpaid in ("You do not pay anything now.", "You have not paid anything."):
        assert f"{unpaid} We will post you a bill" in visitor.text
        assert visitor.page.find("strong", string="bill")
        assert not visitor.page.find("script", string="alert(1)")
        assert "We will tell you how to pay" not in visitor.text
        if visitor.path.endswith("check-answers"):
            visitor.send()


def test_it_is_said_in_welsh(at_check):
    visitor = at_check(language="cy", payment="not taken")
    assert "Nid ydych yn talu unrhyw beth nawr. Byddwn yn dweud" in visitor.text
    visitor.send()
    assert "Nid ydych wedi talu unrhyw beth. Byddwn yn dweud" in visitor.text


def test_a_version_from_before_payment_was_asked_for_shows_its_fee_alone(at_check):
    visitor = at_check()
    assert "Total £140.00" in visitor.text
    assert "You do not pay" not in visitor.text
    visitor.send()
    assert Submission.objects.count() == 1
    assert "You have not paid" not in visitor.text


def test_the_answers_are_confirmed_though_the_price_is_gone_from_the_table(at_check):
    visitor = at_check(payment="not taken")
    visitor.send()
    fittings.install(replace(fittings.installed(), fees=FeeTables))
    visitor.open(visitor.path)
    assert visitor.heading == "Your answers have been sent"
    assert "£" not in visitor.text


def test_whoever_comes_later_is_not_told_what_it_cost(at_check, clock):
    visitor = at_check(payment="not taken")
    visitor.send()
    clock.forward(hours=2)
    visitor.open(visitor.path)
    assert "£" not in visitor.text


GONE = "We cannot work out what this costs"


def test_a_price_that_is_gone_from_the_table_is_an_honest_end(at_check, caplog):
    visitor = at_check(payment="not taken")
    fittings.install(replace(fittings.installed(), fees=FeeTables))
    visitor.open(visitor.path, status=503)
    assert visitor.heading == GONE
    assert "We have kept what you entered. Contact us and we will help." in visitor.text
    assert "01632" in visitor.text
    said = [record for record in caplog.records if record.name.startswith("townhall.runner")]
    assert [(one.levelname, one.getMessage()) for one in said] == [
        ("WARNING", "a price is missing")
    ]
    assert (said[0].service, said[0].price) == ("a-service", "kerb.visit")
    assert Submission.objects.count() == 0


def test_with_the_price_back_they_go_on_where_they_were(at_check):
    visitor, before = at_check(payment="not taken"), fittings.installed()
    fittings.install(replace(before, fees=FeeTables))
    visitor.open(visitor.path, status=503)
    fittings.install(before)
    visitor.open(visitor.path)
    visitor.send()
    assert Submission.objects.count() == 1


def test_whoever_serves_is_warned_of_a_price_that_drafts_or_live_versions_lack(
    at_check, put, clock, library, monkeypatch
):
    monkeypatch.setattr(project, "fees", lambda: library.fees)
    at_check(payment="not taken")
    assert preparation.missing_prices(clock.now) == []
    put(define(PAGES))  # what is live has no fee: only the draft's version has
    monkeypatch.setattr(project, "fees", FeeTables)
    first, second = preparation.missing_prices(clock.now)
    assert "a-service charges the price “kerb.visit”" in first
    assert "“parking.vehicle”" in second
    DraftPage.objects.all().delete()
    Draft.objects.all().delete()
    assert preparation.missing_prices(clock.now) == []
    put(define(PAGES, fee=FEE[:1], payment="not taken"))
    assert preparation.missing_prices(clock.now) == [first]


def test_it_is_said_in_welsh_that_the_price_is_gone(at_check):
    visitor = at_check(language="cy", payment="not taken")
    fittings.install(replace(fittings.installed(), fees=FeeTables))
    visitor.open(visitor.path, status=503)
    assert visitor.heading == "Ni allwn gyfrifo faint mae hyn yn ei gostio"
