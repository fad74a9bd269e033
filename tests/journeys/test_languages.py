"""Welsh built-in words, where a service says that it is in Welsh."""

import pytest
from tests.support.definitions import define, page, radios

from townhall.submissions.models import Submission

PAGES = [page("one", radios("pest", "Rats", "Wasps"))]


@pytest.fixture
def welsh(put, visitor):
    visitor.start(put(define(PAGES, languages=["en", "cy"])))
    return visitor


def choose(visitor, language):
    token = visitor.value("csrfmiddlewaretoken")
    data = {"language": language, "here": visitor.path, "csrfmiddlewaretoken": token}
    return visitor._arrive(visitor.client.post("/language", data), "/language", 200)


def test_each_language_is_named_in_itself(welsh):
    assert welsh.page.select_one(".th-language button[lang=cy]").text == "Cymraeg"
    assert welsh.page.html["lang"] == "en"


def test_choosing_comes_back_to_the_same_page_in_welsh(welsh):
    choose(welsh, "cy")
    assert welsh.path == "/a-service/one"
    assert welsh.page.html["lang"] == "cy"
    assert "Parhau" in welsh.text
    welsh.send()
    assert welsh.title.startswith("Gwall: ")
    assert welsh.page.select_one(".govuk-error-summary__title").text.strip() == "Mae problem"


def test_the_submission_records_the_language(welsh):
    choose(welsh, "cy")
    welsh.send({"pest": "rats"})
    welsh.send()
    assert welsh.heading == "Mae eich atebion wedi’u hanfon"
    assert Submission.objects.get().language == "cy"


def test_the_sites_own_pages_keep_the_language_that_was_chosen(welsh):
    choose(welsh, "cy")
    for path in ("/", "/cookies", "/leave"):
        welsh.open(path)
        assert welsh.page.html["lang"] == "cy"
        assert welsh.page.select_one(".th-language button[lang=en]").text == "English"
    welsh.open("/nothing", status=404)
    assert welsh.heading == "Heb ddod o hyd i’r dudalen"
    welsh.open("/a-service/one")
    choose(welsh, "en")
    assert welsh.open("/cookies").html["lang"] == "en"


def test_a_language_that_a_service_does_not_have_is_not_used(put, visitor):
    visitor.start(put(define(PAGES)))
    choose(visitor, "cy")
    assert visitor.page.html["lang"] == "en"
    assert not visitor.page.select(".th-language")


def test_a_table_of_answers_is_in_welsh_too(put, visitor):
    sure = {"id": "sure", "ask": "Sure?", "type": "yes/no"}
    again = {"id": "things", "min": 1, "item": "thing", "show": "table"}
    visitor.start(put(define([page("thing", sure, repeat=again)], languages=["en", "cy"])))
    visitor.send({"sure": "yes"})
    assert visitor.page.select_one("tbody td").text.strip() == "Yes"
    choose(visitor, "cy")
    assert visitor.page.select_one("tbody td").text.strip() == "Ie"
