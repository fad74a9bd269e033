"""One good definition that every test of a check breaks in one place, and the means to check it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from townhall.engine.faults import Fault
from townhall.engine.fees import read_prices
from townhall.engine.library import Library
from townhall.proof.check import check

SERVICES = Path(__file__).parents[2] / "services"
TOWN = Path(__file__).parent / "town"
TODAY = date(2026, 12, 1)
PRICES = read_prices(
    {
        "prices": {
            "bulky.collection": [{"from": "2026-04-01", "pounds": "32.50"}],
            "future.price": [{"from": "2099-04-01", "pounds": "1.00"}],
        }
    }
)
LIBRARY = replace(Library.shipped().with_folder(TOWN), fees=PRICES)

GOOD = """\
townhall: 1
service: lost-glove
title: Report a lost glove
pattern: report@1
summary: Tell us about a glove.
owner:
  team: Gloves
  email: gloves@elmbridge-vale.example
  review: 2027-04-01
privacy:
  purpose: To find your glove
  power: Gloves Act 1900, section 1
  consequence: We cannot look for it.
sections:
  - section: glove
    title: The glove
conditions:
  woollen:
    material: wool
pages:
  - page: material
    section: glove
    questions:
      - id: material
        ask: What is it made of?
        short: Material
        type: radios
        personal: none
        options:
          - id: wool
            say: Wool
          - id: leather
            say: Leather
          - id: none
            say: I do not have one
    next:
      - when:
          material: none
        go: nothing-to-find
      - go: count
  - page: nothing-to-find
    when:
      material: none
    exit: There is nothing to find
    content:
      - text: You told us that you have no glove.
  - page: count
    questions:
      - id: count
        ask: How many did you lose?
        type: number
        min: 1
        max: 9
      - id: colours
        ask: Which colours were they?
        type: checkboxes
        personal: none
        options:
          - id: red
            say: Red
          - id: blue
            say: Blue
          - id: unsure
            say: I am not sure
            exclusive: true
  - page: wool-care
    when: woollen
    questions:
      - id: washed
        ask: Have you washed {{ count }} of them?
        type: yes/no
  - page: dates
    title: When it happened
    questions:
      - id: lost
        ask: When did you lose it?
        type: date
        personal: none
        max: today
      - id: missed
        ask: When did you miss it?
        type: date
        personal: none
    rules:
      - require:
          missed:
            not_before: lost
        say: Enter a day that is the day you lost it or after
        at: missed
  - page: place
    repeat:
      id: places
      min: 1
      max: 3
      item: place
    questions:
      - id: where
        ask: Where have you looked?
        type: text
        max_length: 50
        personal: location
  - use: about-you@1
fee:
  - line: Search
    price: bulky.collection
    times: count
payment: not taken
deliver:
  - to: waste-inbox
acknowledge:
  to: email
examples:
  - name: A woollen glove
    at: 2026-12-01 09:00
    answers:
      material: wool
      count: 2
      lost: 2026-11-01
      missed: 2026-11-02
    visits: [material, count, wool-care, dates, place, about-you]
    fee: 65.00
  - name: Nothing to find
    at: 2026-12-01 09:00
    answers:
      material: none
    exit: nothing-to-find
"""


def faults(text: str) -> tuple[Fault, ...]:
    """Check a text against the demonstration council."""
    return check(text, LIBRARY, today=TODAY)


def codes(text: str) -> set[str]:
    """Give the codes of every fault of a text."""
    return {fault.code for fault in faults(text)}


def broken(old: str, new: str, text: str = GOOD) -> str:
    """Give the text with its first ``old`` replaced; it must be there, or nothing is proved."""
    assert old in text, old
    return text.replace(old, new, 1)
