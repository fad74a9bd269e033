"""A sample is nobody's: every contact detail in one is from a range that is kept for examples."""

import re
from collections.abc import Iterator

import pytest
from tests.support.questions import CASES, NOW, kind_of, question

from townhall.engine.kinds import KINDS
from townhall.engine.kinds.contact import dialled
from townhall.engine.kinds.postcodes import postcode

# RFC 2606, sections 2 and 3; Ofcom, "Telephone numbers for use in TV and radio drama programmes".
DOMAIN = re.compile(r"(.*\.)?example(\.(com|net|org))?", re.IGNORECASE)
DRAMA = re.compile(r"\+44(7700900|1632960|2079460)\d{3}")
NAMED = re.compile(r"@([\w.-]+)|https?://([\w.-]+)|\b((?:[\w-]+\.)+(?:com|org|net|uk))\b", re.I)
NUMBER = re.compile(r"(?:\+|\b0)[\d\s()-]{8,}")

CONTACTS = {
    "own email": question("email", ask="What is your email address?"),
    "UK phone": question("phone", international="no"),
    "two names": question("name", parts="first-last"),
    **{
        f"pattern {number}": question("text", pattern={"matches": matches, "say": "Enter it"})
        for number, matches in enumerate(
            [
                "0[0-9]{10}",
                "(07|01)[0-9]{9}",
                r"020[0-9]{8}",
                r"\+44[0-9]{10}",
                r"0[0-9]{4} [0-9]{6}",
                r"[a-z0-9.]+@[a-z0-9.]+\.[a-z]{2,3}",
                r"[A-Z0-9._%+-]+@[A-Z0-9.-]+\.[A-Z]{2,4}",
            ]
        )
    },
}
EVERY = {case: q for case, (q, _) in CASES.items()} | CONTACTS


def texts(q) -> Iterator[str]:
    """Whatever of a sample a person could read: on pages, in boxes and in what is stored."""
    kind = kind_of(q)
    sample = kind.sample(q, NOW)
    yield from kind.show(q, sample)
    yield from (text for held in kind.refill(q, sample).values() for text in held)


@pytest.mark.parametrize("case", EVERY)
def test_a_sample_names_nobody_s_domain_and_nobody_s_number(case: str) -> None:
    for text in texts(EVERY[case]):
        domains = [next(filter(None, found)) for found in NAMED.findall(text)]
        assert [one for one in domains if not DOMAIN.fullmatch(one)] == []
        numbers = [dialled(found.strip()) for found in NUMBER.findall(text)]
        assert [one for one in numbers if one and not DRAMA.fullmatch(one)] == []


@pytest.mark.parametrize("case", ["address", "postcode"])
def test_a_sample_place_is_in_no_postcode_area(case: str) -> None:
    """Royal Mail has given out no area AA."""
    found = [postcode(text) for text in texts(EVERY[case])]
    assert [one for one in found if one] == ["AA1 1AA"] * sum(one is not None for one in found)
    assert any(found)


def test_the_kinds_that_hold_contact_details_are_all_looked_at() -> None:
    asked = {q.type for q in EVERY.values()}
    assert {name for name, kind in KINDS.items() if "contact" in kind.personal} <= asked
    shown = [text for q in EVERY.values() for text in texts(q)]
    assert any("@example." in text for text in shown)
    assert any(dialled(text) for text in shown)
