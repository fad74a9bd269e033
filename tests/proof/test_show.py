"""A service in plain words hides nothing that its file, its blocks and its pattern say."""

import pytest
from pydantic import BaseModel
from tests.proof.base import GOOD, LIBRARY, SERVICES, broken

from townhall.engine.fees import FeeTables, Price
from townhall.engine.library import Library
from townhall.engine.load import load_text
from townhall.engine.text import markdown_text
from townhall.proof.show import difference, plain_words
from townhall.proof.show_parts import pounds
from townhall.proof.wordlists import spoken

SHIPPED = [file for file in sorted(SERVICES.glob("*.yaml")) if file.stem not in ("council", "fees")]
WASTE_INBOX = (
    "  waste-inbox: Waste and Recycling, Elmbridge Vale Borough Council, by email, in United "
    "Kingdom. To send a crew back to your bin. May hold contact, location."
)
BULKY = "£32.50 from 1 April 2026 (bulky.collection of the fee table)"


def words(text: str) -> str:
    definition = load_text(text, "definition.yaml", LIBRARY).definition
    assert definition is not None
    return plain_words(definition, LIBRARY)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_sentence_of_a_service_is_shown(file):
    library = Library.shipped().with_folder(SERVICES)
    definition = load_text(file.read_text(), file.name, library).definition
    assert isinstance(definition, BaseModel)
    shown = plain_words(definition, library)
    for _, sentence in spoken(definition):
        assert sentence in shown or all(one in shown for one in markdown_text(sentence).split("\n"))


def test_a_jump_says_what_it_passes_over():
    text = broken("go: count", "go: dates").replace(
        "    material: wool", "    material: leather", 1
    )
    assert "to dates, passing over nothing-to-find, count, wool-care" in words(text)


def test_conditions_are_in_words():
    shown = words(GOOD)
    assert "Shown: when ‘Material’ is ‘I do not have one’" in shown
    assert "Shown: when woollen (‘Material’ is ‘Wool’)" in shown


@pytest.mark.parametrize(
    "line",
    [
        WASTE_INBOX,
        f"  Search: {BULKY}, times the answer to count",
        "  Sent: 1 year after submitted",
        "  Not sent: 7 days after last_saved",
        "  location: where",
        "  contact: name, email, phone",
        "  Declaration: What I have told you is true, as far as I know.",
        "  An acknowledgement goes to the answer to email, where there is one.",
        "  Power: Gloves Act 1900, section 1",
        "  Repeat: once for each place, 1 to 3 times, as “places” (places)",
        "    Setting max: 9",
        "    Option: I am not sure (unsure), alone",
    ],
)
def test_what_is_filled_in_is_shown(line):
    assert line in words(GOOD).split("\n")


def test_a_price_is_said_in_pounds_with_each_of_its_dates():
    def priced(amount, *date):
        return Price.model_validate({"from": "-".join(date), "pounds": amount})

    prices = (priced("1200.5", "2027", "04", "01"), priced("-8", "2026", "04", "01"))
    fees = FeeTables(prices={"a.price": prices})
    said = "-£8.00 from 1 April 2026, £1,200.50 from 1 April 2027 (a.price of the fee table)"
    assert pounds("a.price", fees) == said
    assert pounds("b.price", fees) == "no price (b.price of the fee table)"


def test_words_are_shown_without_the_marks_that_make_them_bold_or_a_link():
    text = GOOD.replace(
        "pages:\n",
        "start:\n  - text: Bring **both** and [the form](https://a.example/f)\n"
        "  - list:\n      - '**One** glove'\npages:\n",
        1,
    )
    shown = words(text).split("\n")
    assert "  Text: Bring both and the form (https://a.example/f)" in shown
    assert "    - One glove" in shown


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("say: Leather", "say: Suede", "Page material"),
        ("        max: 9", "        max: 8", "Page count"),
        ("    when: woollen", "    when:\n      material: leather", "Page wool-care"),
        ("        personal: location", "        personal: none", "Page place"),
        ("title: Report a lost", "title: Report one lost", "The service"),
        ("to: waste-inbox", "to: feedback-inbox", "Where answers go"),
        ("  purpose:", "  retain:\n    submitted: 9 years after submitted\n  purpose:",
         "How long answers are kept"),
        ("times: count", "times: count\n    after_first: 1", "Fee"),
    ],
)  # fmt: skip
def test_only_what_changed_is_in_the_difference(old, new, part):
    found = difference(words(GOOD), words(broken(old, new)))
    assert part in found.split("\n")
    assert len(found.split("\n")) <= 9
    assert any(line.startswith("+ ") for line in found.split("\n"))


def test_nothing_changed_is_no_difference():
    assert difference(words(GOOD), words(GOOD)) == ""
