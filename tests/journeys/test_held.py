"""What we are held to and no other test says: the order of errors, the last page, the tree."""

import pytest
from tests.support.definitions import define, page, radios
from tests.support.pages import check_page

PAGES = [
    page(
        "one",
        radios("pest", "Rats", "Wasps"),
        {"id": "name", "ask": "What is your name?", "type": "name"},
        {"id": "seen", "ask": "When did you see it?", "type": "date"},
        {"id": "nests", "ask": "How many nests are there?", "type": "number", "max": "9"},
    )
]


def test_errors_are_in_page_order_and_name_the_question(put, visitor):
    visitor.start(put(define(PAGES)))
    visitor.send({"nests": "ten", "seen-day": "31", "seen-month": "2", "seen-year": "2026"})
    assert visitor.title.startswith("Error: ")
    links = [at.lstrip("#") for _, at in visitor.errors]
    boxes = [box["id"] for box in visitor.page.select("#page-form [id]") if box["id"] in links]
    assert links == sorted(links, key=boxes.index)
    assert len(links) == len(set(links)) == 4
    words = " ".join(told for told, _ in visitor.errors)
    for name in ("pest", "name", "see it", "nests"):
        assert name in words
    assert visitor.value("nests") == "ten"


def test_the_confirmation_says_by_when_and_how_to_correct(put, visitor):
    ends = {"next": "We will look at it.", "answer_by": "within 5 working days"}
    visitor.start(put(define([page("one", radios("pest", "Rats", "Wasps"))], confirmation=ends)))
    visitor.send({"pest": "rats"})
    visitor.send()
    assert "We will answer within 5 working days." in visitor.text
    correct = visitor.page.find("h2", string="To correct or withdraw what you sent")
    assert "give your reference number" in correct.find_next("p").text


def test_the_tree_service_is_an_enquiry_and_says_so(put_service, visitor):
    visitor.open(f"/{put_service('protected-tree')}")
    assert visitor.heading == "Ask about a protected tree"
    assert "This is not an application" in visitor.text


@pytest.mark.parametrize(
    "shown",
    [
        '<img src="/static/images/govuk-crest.png" alt=""><p>crown',
        '<p style="font-family: GDS Transport">',
        '<svg class="govuk-logotype"></svg>',
    ],
)
def test_a_page_that_shows_what_is_licensed_to_govuk_alone_is_refused_by_every_test(
    shown, put_service, visitor
):
    visitor.open(f"/{put_service('missed-bin')}")
    sound = str(visitor.page)
    check_page(sound)
    with pytest.raises(AssertionError):
        check_page(sound.replace("</main>", f"{shown}</main>"))
    with pytest.raises(AssertionError):
        check_page(sound.replace("<title>", "<title>GOV.UK "))
