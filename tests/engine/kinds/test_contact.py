"""Email addresses, telephone numbers and web addresses."""

import pytest
from tests.support.questions import codes, kind_of, parse, question

from townhall.engine.kinds.contact import dialled, is_domain

EMAIL, PHONE, URL = question("email"), question("phone"), question("url")


@pytest.mark.parametrize(
    "address",
    [
        "name@example.com",
        "first.last+tag@sub.example.co.uk",
        "o'neil@example.com",
        "user@exämple.com",
        "a@xn--exmple-cua.com",
        "x_y-z@1and1.com",
    ],
)
def test_addresses_that_mail_could_reach(address):
    assert parse(EMAIL, address) == address


@pytest.mark.parametrize(
    "address",
    [
        "name",
        "name@",
        "@example.com",
        "name@example",
        "na me@example.com",
        "name@exam ple.com",
        "a@b@example.com",
        ".name@example.com",
        "name.@example.com",
        "na..me@example.com",
        "name@example..com",
        "name@-example.com",
        "name@example.c",
        "name@example.123",
        "name@[127.0.0.1]",
        'na"me@example.com',
        "name@example.com, other@example.com",
        "nämé@example.com",
        "name@" + "a" * 64 + ".com",
        "name@" + ".".join(["a" * 60] * 5) + ".com",
        "n" * 65 + "@example.com",
        "name@example.com\u202e",
    ],
)
def test_addresses_that_it_could_not(address):
    assert codes(parse(EMAIL, address)) == [("not_an_email", "")]


def test_an_address_cannot_carry_a_header():
    assert codes(parse(EMAIL, "a@example.com\r\nBcc: b@example.com")) == [("bad_character", "")]
    assert codes(parse(EMAIL, "a" * 330 + "@example.com")) == [("too_long", "")]


def test_unseen_characters_of_a_paste_are_dropped():
    assert parse(EMAIL, "name@\u200bexample.com\ufeff") == "name@example.com"
    assert parse(PHONE, "\u206007700\u200b 900982") == "07700 900982"


def test_a_confusable_domain_is_shown_for_what_it_is():
    assert kind_of(EMAIL).show(EMAIL, "a@example.com") == ["a@example.com"]
    shown = kind_of(EMAIL).show(EMAIL, "a@аpple.com")
    assert shown == ["a@аpple.com (a@xn--pple-43d.com)"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("07700 900982", "+447700900982"),
        ("07700900982", "+447700900982"),
        ("+44 7700 900 982", "+447700900982"),
        ("0044 7700-900-982", "+447700900982"),
        ("+44 (0)7700 900982", "+447700900982"),
        ("+4407700900982", "+447700900982"),
        ("(01632) 960 001", "+441632960001"),
        ("020 7946 0000", "+442079460000"),
        ("0808 157 0192", "+448081570192"),
        ("0800 1111", "+448001111"),
        ("0800 123456", "+44800123456"),
        ("01204 60000", "+44120460000"),
        ("+353 1 234 5678", "+35312345678"),
        ("001 202 555 0100", "+12025550100"),
        ("+1 (202) 555-0100", "+12025550100"),
    ],
)
def test_numbers_as_they_are_dialled(typed, number):
    assert dialled(typed) == number
    assert parse(PHONE, typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "7700900982",
        "0770090098",
        "077009009821",
        "06000 000000",
        "04000 000000",
        "07700 90098x",
        "+",
        "+44",
        "+0123456789",
        "+1234",
        "+1234567890123456",
        "０７７００９００９８２",
        "phone me",
    ],
)
def test_what_nobody_could_dial(typed):
    assert codes(parse(PHONE, typed)) == [("not_a_phone", "")]


def test_the_sort_of_number_wanted():
    mobile = question("phone", mobile="yes")
    assert parse(mobile, "07700 900982") == "07700 900982"
    assert parse(mobile, "+1 202 555 0100") == "+1 202 555 0100"
    assert codes(parse(mobile, "01632 960001")) == [("not_a_mobile", "")]
    uk = question("phone", international="no")
    assert parse(uk, "01632 960001") == "01632 960001"
    assert codes(parse(uk, "+353 1 234 5678")) == [("not_a_uk_phone", "")]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("https://www.example.com/a?b=c#d", "https://www.example.com/a?b=c#d"),
        ("http://example.com:8080/", "http://example.com:8080/"),
        ("www.example.com", "https://www.example.com"),
        ("example.com:8080/a", "https://example.com:8080/a"),
        ("HTTPS://EXAMPLE.COM", "HTTPS://EXAMPLE.COM"),
    ],
)
def test_web_addresses(typed, value):
    assert parse(URL, typed) == value


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.com",
        "https://user:pw@example.com",
        "https://localhost",
        "http://127.0.0.1",
        "http://[::1]/",
        "http://[::1",
        "http://2130706433/",
        "https://example.com:99999",
        "https://example.com:0",
        "https://exa mple.com",
        "https://example.com/<script>",
        "https:///path",
        "https://",
        "//example.com",
        "not an address",
        "\\\\example.com",
    ],
)
def test_what_is_not_a_web_address(typed):
    assert codes(parse(URL, typed)) == [("not_a_url", "")]


def test_the_browser_fills_only_ones_own_details():
    own = question("email", "What is your email address?")
    assert kind_of(own).autocomplete(own) == "email"
    other = question("email", "What is the school’s email address?")
    assert kind_of(other).autocomplete(other) == ""
    short = question("phone", "How can we reach you?", short="Your phone number")
    assert kind_of(short).autocomplete(short) == "tel"


def test_contact_details_are_contact_details():
    assert {q.classes for q in (EMAIL, PHONE, URL)} == {("contact",)}


@pytest.mark.parametrize("name", ["", "com", "a..com", "a.com.", "\u00df" * 70 + ".com", "a_b.com"])
def test_what_is_no_domain(name):
    assert not is_domain(name)
