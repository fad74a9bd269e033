"""An author's words: each kind of block, safe, and only where its condition holds."""

import pytest
from tests.support.definitions import define, page, radios

BLOCKS = [
    {"heading": "A heading"},
    {"text": "Plain **bold** [link](https://www.borough.example/)\n\n- one\n- two"},
    {"list": ["first", "second"]},
    {"inset": "An inset"},
    {"warning": "A warning"},
    {"details": {"summary": "More", "text": "Hidden words"}},
    {"image": {"src": "/static/townhall/icon.svg", "alt": "A hall"}},
    {"table": {"caption": "Prices", "head": ["Thing", "Price"], "rows": [["Rat", "£10"]]}},
    {"link": {"say": "The guide", "url": "https://www.borough.example/guide"}},
    {"contact": {"name": "Pest team", "phone": "01632 960001", "email": "p@borough.example"}},
]


@pytest.fixture
def shown(put, visitor):
    visitor.start(put(define([{**page("one", radios("pest", "Rats", "Bees")), "content": BLOCKS}])))
    return visitor.page.main


def test_each_block_is_drawn(shown):
    assert [h.text for h in shown.select("h2")][:1] == ["A heading"]
    assert shown.select_one(".th-prose strong").text == "bold"
    assert [li.text for li in shown.select(".th-prose li")] == ["one", "two"]
    assert shown.select_one(".govuk-inset-text").text.strip() == "An inset"
    assert "Warning" in shown.select_one(".govuk-warning-text .govuk-visually-hidden").text
    assert shown.select_one("details summary").text.strip() == "More"
    assert shown.select_one("img")["alt"] == "A hall"
    assert shown.select_one("caption").text.strip() == "Prices"
    assert shown.select_one("a[href$='/guide']").text == "The guide"
    assert shown.select_one(".th-contact a")["href"] == "tel:01632960001"


def test_an_authors_html_is_words(put, visitor):
    nasty = "<script>alert(1)</script> <b onclick='x'>b</b> [x](javascript:alert(1))"
    visitor.start(put(define([{**page("one", radios("p", "A")), "content": [{"text": nasty}]}])))
    prose = visitor.page.select_one(".th-prose")
    assert not prose.select("script, b, a")
    assert "<script>" in prose.text


def test_a_block_stands_only_where_its_condition_holds(put, visitor):
    second = {
        **page("two", radios("sure", "Yes")),
        "content": [
            {"text": "For rats.", "when": {"pest": "rats"}},
            {"text": "For bees.", "when": {"pest": "bees"}},
        ],
    }
    visitor.start(put(define([page("one", radios("pest", "Rats", "Bees")), second])))
    visitor.send({"pest": "bees"})
    assert "For bees." in visitor.text
    assert "For rats." not in visitor.text


def test_a_wide_table_may_be_scrolled_by_keys(put, visitor):
    table = {"caption": "Years", "rows": [[str(number) for number in range(12)]]}
    visitor.start(put(define([{**page("one", radios("p", "A")), "content": [{"table": table}]}])))
    region = visitor.page.select_one(".th-scroll")
    assert region["tabindex"] == "0"
    assert region["aria-label"] == "Years"


def test_confirmation_words_with_a_condition(put, visitor):
    confirmation = {
        "next": "We will look.",
        "answer_by": "within 5 working days",
        "content": [
            {"text": "Keep the rats in.", "when": {"pest": "rats"}},
            {"text": "Keep the bees in.", "when": {"pest": "bees"}},
        ],
    }
    pages = [page("one", radios("pest", "Rats", "Bees"))]
    visitor.start(put(define(pages, confirmation=confirmation)))
    visitor.send({"pest": "bees"})
    visitor.send()
    assert "Keep the bees in." in visitor.text
    assert "Keep the rats in." not in visitor.text
    assert "We will answer within 5 working days." in visitor.text


def test_a_condition_on_what_was_not_asked_is_never_an_error(put, visitor):
    pages = [
        page("one", radios("pest", "Rats", "Bees")),
        page("two", radios("hive", "Yes", "No"), when={"pest": "bees"}),
        {
            **page("three", radios("end", "A")),
            "content": [{"text": "Not a hive.", "when": {"not": {"hive": "yes"}}}],
        },
    ]
    visitor.start(put(define(pages)))
    visitor.send({"pest": "rats"})
    assert "Not a hive." in visitor.text


def test_sections_group_check_answers(put, visitor):
    pages = [
        {**page("one", radios("pest", "Rats")), "section": "first"},
        {**page("two", radios("sure", "Yes")), "section": "second"},
    ]
    sections = [{"section": "first", "title": "The pest"}, {"section": "second", "title": "You"}]
    visitor.start(put(define(pages, sections=sections, check={"declaration": "It is true."})))
    assert visitor.page.select_one(".govuk-caption-l").text == "The pest"
    visitor.send({"pest": "rats"})
    visitor.send({"sure": "yes"})
    headings = [h.text for h in visitor.page.select("main h2")]
    assert headings == ["The pest", "You", "Now send your answers"]
    assert visitor.page.select_one("form#page-form button").text.strip() == "Accept and send"


def test_check_answers_says_what_it_costs(put, visitor):
    pages = [
        page("one", {"id": "items", "ask": "How many?", "type": "number", "min": "1"}),
        page("two", radios("sure", "Yes")),
    ]
    fee = [
        {"line": "Collection", "price": "bulky.collection"},
        {
            "line": "Each further item",
            "price": "bulky.further-item",
            "times": "items",
            "after_first": 1,
        },
    ]
    visitor.start(put(define(pages, fee=fee)))
    visitor.send({"items": "3"})
    visitor.send({"sure": "yes"})
    rows = [
        [" ".join(cell.text.split()) for cell in row.select("th, td")]
        for row in visitor.page.select("main table tr")
    ]
    assert rows == [
        ["Charge", "Price"],
        ["Collection", "£32.50"],
        ["Each further item × 2", "£16.00"],
        ["Total", "£48.50"],
    ]


@pytest.mark.parametrize(
    ("short", "hidden"),
    [
        ("Date of birth", "date of birth"),
        ("Covid-19 certificate", "Covid-19 certificate"),
        ("UKHSA number", "UKHSA number"),
        ("Provider (CQC)", "provider (CQC)"),
    ],
)
def test_change_keeps_acronyms_and_names(put, visitor, short, hidden):
    question = {"id": "it", "ask": "What is it?", "short": short, "type": "text"}
    visitor.start(put(define([page("one", question)])))
    visitor.send({"it": "x"})
    link = visitor.page.select_one(".govuk-summary-list a .govuk-visually-hidden")
    assert link.get_text().strip() == hidden
