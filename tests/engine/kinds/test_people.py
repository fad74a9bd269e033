"""Names, addresses, postcodes and declarations."""

import pytest
from tests.support.questions import NOW, codes, kind_of, parse, question

from townhall.engine.kinds.base import BadStored
from townhall.engine.kinds.postcodes import postcode

NAME, ADDRESS = question("name"), question("address")
SPLIT = question("name", parts="first-last")
DECLARED = question("declaration", "What I have told you is true.")
HOME = {"line1": "1 High Street", "town": "Stockport", "postcode": "SK1 1AA"}


@pytest.mark.parametrize(
    "name", ["X", "O’Neil-Smith", "José", "毛泽东", "Dr. A. B. C. D'Arcy 3rd", "שלום"]
)
def test_any_name_is_a_name(name):
    assert parse(NAME, name) == name


def test_a_name_has_no_second_line_and_an_end():
    assert codes(parse(NAME, "a\r\nb")) == [("bad_character", "")]
    assert codes(parse(NAME, "a" * 201)) == [("too_long", "")]


def test_a_name_in_two_boxes():
    assert parse(SPLIT, "Sam", "Sample") == {"first": "Sam", "last": "Sample"}
    assert codes(parse(SPLIT, "", "Sample")) == [("name_incomplete", "first")]
    assert codes(parse(SPLIT, "Sam", "")) == [("name_incomplete", "last")]
    assert kind_of(SPLIT).parts(SPLIT) == ("q-first", "q-last")
    assert kind_of(SPLIT).show(SPLIT, {"first": "Sam", "last": "Sample"}) == ["Sam Sample"]
    assert kind_of(NAME).show(NAME, "Sam") == ["Sam"]


def test_examples_of_names():
    kind = kind_of(SPLIT)
    assert kind.as_posted(NAME, "Sam Sample") == {"q": ["Sam Sample"]}
    assert kind.as_posted(SPLIT, "Sam A. Sample") == {"q-first": ["Sam A."], "q-last": ["Sample"]}
    assert kind.as_posted(SPLIT, {"last": "Sample"}) == {"q-first": [""], "q-last": ["Sample"]}
    assert kind.as_posted(SPLIT, None) == {"q-first": [""], "q-last": [""]}


@pytest.mark.parametrize("stored", [5, None, ["a"], {"first": "a"}])
def test_only_a_stored_name_loads(stored):
    with pytest.raises(BadStored):
        kind_of(NAME).load(NAME, stored)


@pytest.mark.parametrize("stored", [5, None, "a", {"first": 1}, {"middle": "a"}])
def test_only_stored_parts_load(stored):
    for q in (SPLIT, ADDRESS):
        with pytest.raises(BadStored):
            kind_of(q).load(q, stored)


def test_an_address_by_hand():
    value = parse(ADDRESS, "1 High Street", "", "Stockport", "", "sk11aa")
    assert value == HOME
    assert kind_of(ADDRESS).show(ADDRESS, value) == ["1 High Street", "Stockport", "SK1 1AA"]


def test_each_missing_part_of_an_address_is_named():
    assert codes(parse(ADDRESS, "", "Flat 2", "", "", "")) == [
        ("address_incomplete", "line1"),
        ("address_incomplete", "town"),
        ("address_incomplete", "postcode"),
    ]
    found = parse(ADDRESS, "1 High Street", "", "Stockport", "", "SK1")
    assert codes(found) == [("not_a_postcode", "postcode")]
    assert codes(parse(ADDRESS, "a\0", "", "b\0", "", "")) == [
        ("bad_character", "line1"),
        ("bad_character", "town"),
    ]
    assert codes(parse(ADDRESS, "a" * 201, "", "b", "", "")) == [("too_long", "line1")]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1 High Street, SK1 1AA", {**HOME, "town": "Sampleton"}),
        ("1 High Street, Stockport, SK1 1AA", HOME),
        (
            "Flat 1, 1 High Street, Heaton, Stockport, SK1 1AA",
            {**HOME, "line1": "Flat 1", "line2": "1 High Street, Heaton"},
        ),
        (HOME, HOME),
    ],
)
def test_an_example_writes_an_address_on_one_line_or_by_part(given, expected):
    kind = kind_of(ADDRESS)
    assert kind.parse(ADDRESS, kind.as_posted(ADDRESS, given), NOW) == expected


def test_an_example_address_may_be_wrong_or_blank():
    kind = kind_of(ADDRESS)
    assert kind.parse(ADDRESS, kind.as_posted(ADDRESS, None), NOW) is None
    found = kind.parse(ADDRESS, kind.as_posted(ADDRESS, "1 High Street"), NOW)
    assert codes(found) == [("address_incomplete", "postcode")]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("sw1a2aa", "SW1A 2AA"),
        (" SW1A  2AA ", "SW1A 2AA"),
        ("m1 1ae", "M1 1AE"),
        ("B33 8TH", "B33 8TH"),
        ("CR2 6XH", "CR2 6XH"),
        ("dn55 1pt", "DN55 1PT"),
        ("W1P-1HQ", "W1P 1HQ"),
        ("EC1A 1BB.", "EC1A 1BB"),
        ("GIR 0AA", "GIR 0AA"),
        ("gir0aa", "GIR 0AA"),
        ("BF1 2AU", "BF1 2AU"),
        ("BFPO 57", "BFPO 57"),
        ("bfpo c/o 1234", "BFPO 1234"),
        ("JE2 3AB", "JE2 3AB"),
        ("FIQQ 1ZZ", "FIQQ 1ZZ"),
    ],
)
def test_postcodes(typed, value):
    assert parse(question("postcode"), typed) == value
    assert postcode(value) == value


@pytest.mark.parametrize(
    "typed",
    [
        "SK1",
        "SK1 1A",
        "QK1 1AA",
        "SK1 1CA",
        "1SK 1AA",
        "SJ1 1AA1",
        "SK111 1AA",
        "ＳＫ１ １ＡＡ",
        "BFPO",
        "BFPO 0",
        "M1A 1AAA",
    ],
)
def test_what_is_no_whole_postcode(typed):
    assert codes(parse(question("postcode"), typed)) == [("not_a_postcode", "")]


@pytest.mark.parametrize(
    ("type", "part", "token"),
    [
        ("name", "", "name"),
        ("postcode", "", "postal-code"),
        ("address", "line1", "address-line1"),
        ("address", "county", ""),
    ],
)
def test_the_browser_fills_only_ones_own_details(type, part, token):
    own, other = question(type, "What is your X?"), question(type, "What is the landlord’s X?")
    assert kind_of(own).autocomplete(own, part) == token
    assert kind_of(other).autocomplete(other, part) == ""


def test_a_declaration_is_ticked_or_it_is_no_answer():
    kind = kind_of(DECLARED)
    assert parse(DECLARED, "yes") == "yes"
    assert parse(DECLARED, "no") is None
    assert kind.missing(DECLARED).code == "not_agreed"
    assert kind.show(DECLARED, "yes") == ["Agreed"]
    assert kind.show(DECLARED, "yes", "cy") == ["Cytunwyd"]
    assert kind.choices(DECLARED)[0].say == "What I have told you is true."
    assert kind.as_posted(DECLARED, True) == {"q": ["yes"]}
    assert kind.as_posted(DECLARED, "no") == {"q": []}
    assert kind.dump("yes") is True


@pytest.mark.parametrize("stored", [1, "yes", False, None])
def test_only_agreement_loads(stored):
    with pytest.raises(BadStored):
        kind_of(DECLARED).load(DECLARED, stored)
