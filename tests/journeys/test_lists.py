"""Add another: the list page, changing and removing an item, and its limits."""

import pytest
from tests.support.definitions import define, page

MONEY = {"id": "amount", "ask": "How much was it?", "short": "Amount", "type": "money"}
WHAT = {"id": "what", "ask": "What was it for?", "short": "For", "type": "text", "personal": "none"}


def repeat(**more):
    return {"id": "children", "min": 1, "max": 3, "item": "child", "items": "Your children", **more}


def children(**more):
    ask = {"id": "name", "ask": "What is their name?", "short": "Name", "type": "text"}
    age = {"id": "age", "ask": "How old is {{ name }}?", "short": "Age", "type": "number"}
    return define(
        [
            page("child", ask, repeat=repeat(**more)),
            page("age", age, repeat=repeat(**more)),
            page("last", {"id": "end", "ask": "Anything else?", "type": "text", "required": False}),
        ]
    )


@pytest.fixture
def family(put, visitor):
    visitor.start(put(children()))
    add(visitor, "Bo", "4")
    return visitor


def add(visitor, name, age):
    visitor.send({"name": name})
    visitor.send({"age": age})


def cards(visitor):
    return [
        " ".join(card.get_text(" ").split()) for card in visitor.page.select(".govuk-summary-card")
    ]


def test_the_first_item_comes_first_and_then_the_list(family):
    assert family.heading == "Your children"
    assert family.path == "/a-service/children"
    assert cards(family) == ["Child 1 Change (Child 1) Remove (Child 1) Name Bo Age 4"]


def test_the_title_and_caption_carry_the_items_number(family):
    family.send({"another": "yes"})
    assert family.path.startswith("/a-service/child/2-")
    assert family.title.startswith("About child - Child 2 - ")
    family.send({"name": "Cy"})
    assert "How old is Cy?" in family.text


def test_a_section_of_the_same_words_as_the_heading_is_not_said_twice(put, visitor):
    titles = ("About you", "Your work")
    pages = [
        page(id, {**WHAT, "id": id * 3}, MONEY | {"id": id * 4}, title=title, section="s")
        for id, title in zip("ab", titles, strict=True)
    ]
    visitor.start(put(define(pages, sections=[{"section": "s", "title": "About you"}])))
    assert visitor.page.select_one(".govuk-caption-l") is None
    visitor.send({"aaa": "Tea", "aaaa": "1"})
    assert visitor.page.select_one(".govuk-caption-l").text == "About you"


def test_neither_yes_nor_no_is_an_error(family):
    family.send()
    assert family.errors == [("Select yes if you want to add another child", "#another")]
    assert family.title.startswith("Error: Your children")


def test_no_goes_on(family):
    family.send({"another": "no"})
    assert family.path == "/a-service/last"
    family.follow("Back")
    assert family.path == "/a-service/children"


def test_back_from_an_item_being_added_leads_to_the_list(family):
    family.send({"another": "yes"})
    family.follow("Back")
    assert family.path == "/a-service/children"


def test_the_greatest_number_is_respected(family):
    for name in ("Cy", "Di"):
        family.send({"another": "yes"})
        add(family, name, "6")
    assert "You cannot add more than 3." in family.text
    assert not family.page.select("[name=another]")
    family.send({"another": "yes"})
    assert family.path == "/a-service/last"


def test_an_address_of_an_item_beyond_the_greatest_leads_back(family):
    for name in ("Cy", "Di"):
        family.send({"another": "yes"})
        add(family, name, "6")
    family.open("/a-service/child/4")
    assert family.path == "/a-service/children"


def test_changing_an_item_comes_back_to_the_list(family):
    family.send({"another": "yes"})
    add(family, "Cy", "6")
    family.follow("Change (Child 1)")
    assert family.value("name") == "Bo"
    add(family, "Bobby", "5")
    assert family.path == "/a-service/children"
    assert "Bobby" in cards(family)[0]
    assert "Cy" in cards(family)[1]


def test_removing_asks_first_and_names_the_item(family):
    family.send({"another": "yes"})
    add(family, "Cy", "6")
    family.follow("Remove (Child 1)")
    assert family.heading == "Are you sure you want to remove child 1?"
    family.send()
    assert family.errors == [("Select yes if you want to remove child 1", "#remove")]
    family.send({"remove": "no"})
    assert len(cards(family)) == 2
    family.follow("Remove (Child 1)")
    family.send({"remove": "yes"})
    assert family.page.select_one("[role=status]").text == "You have removed child 1."
    assert [card for card in cards(family) if "Bo" in card] == []
    assert "Cy" in cards(family)[0]


def test_removing_the_last_below_the_least_asks_for_one_again(family):
    family.follow("Remove (Child 1)")
    family.send({"remove": "yes"})
    assert family.path.startswith("/a-service/child/1-")
    assert family.value("name") == ""


def test_opening_the_address_of_a_removal_removes_nothing(family):
    family.open("/a-service/children/1")
    family.open("/a-service/children/1")
    family.open("/a-service/children")
    assert len(cards(family)) == 1


def test_removing_what_is_not_there_leads_back(family):
    family.open("/a-service/children/7")
    assert family.path == "/a-service/children"


def test_none_at_all_may_be_added(put, visitor):
    visitor.start(put(children(min=0, items=None)))
    assert visitor.heading == "You have not added any children"
    visitor.send()
    assert visitor.errors == [("Select yes if you want to add one", "#another")]
    visitor.send({"another": "no"})
    visitor.send()
    assert visitor.path == "/a-service/check-answers"


@pytest.mark.parametrize("item", ["unit", "hour", "TV licence"])
def test_no_article_is_guessed_and_capitals_stay(put, visitor, item):
    repeat = {"id": "things", "min": 0, "item": item, "show": "table"}
    visitor.start(put(define([page("thing", WHAT, repeat=repeat)])))
    assert visitor.page.legend.text.strip() == "Do you want to add one?"
    visitor.send({"another": "yes"})
    visitor.send({"what": "It"})
    assert visitor.heading == f"You have added 1 {item}"
    assert visitor.page.legend.text.strip() == f"Do you want to add another {item}?"
    assert visitor.page.th.text == f"{item[0].upper()}{item[1:]}"


def test_change_from_check_answers_comes_straight_back(family):
    family.send({"another": "no"})
    family.send()
    family.follow("Change age")
    family.send({"age": "5"})
    assert family.path == "/a-service/check-answers"
    family.follow("Change your children")
    family.send({"another": "yes"})
    add(family, "Cy", "6")
    family.send({"another": "no"})
    assert family.path == "/a-service/check-answers"
    assert "Child 2" in family.text


def test_a_table_has_a_row_an_item_and_a_total(put, visitor):
    costs = {"id": "costs", "min": 1, "item": "cost", "show": "table", "total": ["amount"]}
    visitor.start(put(define([page("cost", WHAT, MONEY, repeat=costs, title="A cost")])))
    visitor.send({"what": "Petrol", "amount": "12.5"})
    visitor.send({"another": "yes"})
    visitor.send({"what": "Food", "amount": "3"})
    rows = [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
        for row in visitor.page.select("table tr")
    ]
    labels = [
        cell["data-label"] for cell in visitor.page.select("tbody tr:first-child [data-label]")
    ]
    assert labels == ["Cost", "For", "Amount"]
    assert rows == [
        ["Cost", "For", "Amount", "Actions"],
        ["1", "Petrol", "£12.50", "Change cost 1 Remove cost 1"],
        ["2", "Food", "£3", "Change cost 2 Remove cost 2"],
        ["Total", "", "£15.50", ""],
    ]
