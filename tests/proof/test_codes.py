"""Each code comes of the fault it names, and of nothing in a good definition."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.proof.base import GOOD, LIBRARY, TODAY, broken, codes, faults
from tests.proof.cases import WRONG, Wrong

from townhall.engine.model import Help
from townhall.proof.check import check

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "src" / "townhall" / "engine"
PROOF = ROOT / "src" / "townhall" / "proof"
PAGE = ROOT / "docs" / "checks.md"
NAMES = [f"{number}-{wrong.code}" for number, wrong in enumerate(WRONG)]


def test_the_good_definition_has_no_fault():
    assert faults(GOOD) == ()


@pytest.mark.parametrize("wrong", WRONG, ids=NAMES)
def test_a_wrong_turn_is_named(wrong: Wrong):
    assert wrong.code in codes(broken(wrong.old, wrong.new))


@pytest.mark.parametrize("wrong", WRONG, ids=NAMES)
def test_a_fault_says_what_and_what_to_do(wrong: Wrong):
    for fault in faults(broken(wrong.old, wrong.new)):
        assert fault.message.rstrip().endswith((".", "?", "!", "”")), fault
        assert fault.remedy, fault
        assert fault.where.line >= 1
        assert not re.search(r"pydantic|Traceback|NoneType|Input should", str(fault)), fault


@pytest.mark.parametrize("said", ["true", "false"])
def test_a_service_may_say_that_children_do_not_use_it(said: str):
    asks = broken("        personal: location\n", "        personal: child\n")
    assert "under-18" in codes(asks)
    assert "under-18" not in codes(f"{asks}audience:\n  under_18: {said}\n")


def test_no_examples_is_a_note():
    text = GOOD[: GOOD.index("\nexamples:")] + "\n"
    assert codes(text) == {"no-examples"}


def test_help_that_nobody_gives_is_missing():
    library = replace(LIBRARY, council=LIBRARY.council.model_copy(update={"help": Help(phone="1")}))
    found = [fault for fault in check(GOOD, library, today=TODAY) if fault.code == "missing-help"]
    assert [fault.message for fault in found] == [
        "The help has no hours, relay, email or letter, bsl."
    ]


@pytest.mark.parametrize(
    ("key", "who"), [("dpo", "data protection officer"), ("controller", "controller")]
)
def test_an_officer_whom_nobody_can_reach_is_missing(key: str, who: str):
    unreached = {"email": None, "address": None, "phone": None}
    body = getattr(LIBRARY.council, key).model_copy(update=unreached)
    library = replace(LIBRARY, council=LIBRARY.council.model_copy(update={key: body}))
    found = check(GOOD, library, today=TODAY)
    assert [fault.code for fault in found] == ["missing-privacy"]
    assert who in found[0].message


def test_a_country_that_nobody_gives_is_missing():
    nowhere = LIBRARY.council.model_copy(update={"country": None})
    found = check(GOOD, replace(LIBRARY, council=nowhere), today=TODAY)
    assert [fault.code for fault in found] == ["missing-privacy"]
    assert "in which country" in found[0].message
    each = {
        name: one.model_copy(update={"country": "Ireland"})
        for name, one in nowhere.destinations.items()
    }
    alone = nowhere.model_copy(update={"destinations": each, "processors": ()})
    assert check(GOOD, replace(LIBRARY, council=alone), today=TODAY) == ()


def test_whether_people_must_answer_is_missing_until_someone_says_it():
    alone = broken("pattern: report@1\n", "confirmation:\n  next: Wait 2 days.\n")
    rest = "  automated: none\n  basis: public task\n  retain:\n"
    rest += "    submitted: 1 year after submitted\n"
    unsaid = broken("privacy:\n", f"privacy:\n{rest}", alone)
    found = [fault for fault in faults(unsaid) if fault.level == "error"]
    assert [fault.message for fault in found] == [
        "The notice must say whether people have to answer."
    ]
    assert faults(broken("privacy:\n", "privacy:\n  must_answer: true\n", unsaid)) == ()


def test_an_operator_whom_nobody_tells_is_noted():
    council = LIBRARY.council.model_copy(update={"operator_email": None})
    found = check(GOOD, replace(LIBRARY, council=council), today=TODAY)
    assert [(fault.code, fault.level) for fault in found] == [("no-operator", "note")]


def test_a_status_that_speaks_of_a_list_has_one():
    def found(**set_to: object) -> list[tuple[str, str]]:
        assessed = {"status": "partially compliant", "set_by": "Head of Digital", "tested": "today"}
        status = LIBRARY.council.accessibility.model_copy(update=assessed | set_to)
        council = LIBRARY.council.model_copy(update={"accessibility": status})
        again = check(GOOD, replace(LIBRARY, council=council), today=TODAY)
        return [(fault.code, fault.level) for fault in again]

    assert found() == [("no-known-problems", "note")]
    assert found(status="not compliant") == [("no-known-problems", "note")]
    assert found(known_problems=("A map cannot be used by keyboard.",)) == []
    assert found(status="fully compliant") == []
    assert found(status="not yet assessed") == []


def test_an_address_that_the_operator_allows_is_no_fault():
    for address in ("gloves@elmbridge-vale.example", "https://127.0.0.1/hook"):
        assert faults(broken("to: waste-inbox", f"to: {address}")) == ()


def test_without_a_council_the_rest_is_still_checked():
    found = check(GOOD, replace(LIBRARY, council=None), today=TODAY)
    assert {fault.code for fault in found} == {"no-council", "missing-help"}


def codes_in_the_source() -> set[str]:
    """Every code that a check gives is written where a Finding or a rule of style is made."""
    found = set()
    for file in PROOF.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Finding", "Fault"):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_every_code_has_a_wrong_turn():
    tried = {wrong.code for wrong in WRONG} | {"no-examples"}
    elsewhere = {
        "duplicate-service",
        "missing-help",
        "no-council",
        "no-known-problems",
        "no-operator",
        "no-service",
        "renamed-option",
        "too-large-to-prove",
    }
    assert codes_in_the_source() - tried - elsewhere == set()


def codes_of_the_engine() -> set[str]:
    """The codes that reading a file, resolving it and each kind of question give."""
    makers = {"Fault": 0, "refused": 0, "PydanticCustomError": 0, "KindFault": 0, "fault": 1}
    found = set()
    for file in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            given = node.args[makers[name]] if name in makers and node.args[1:] else None
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                found.add(given.value.replace("_", "-"))
    return found - {"bad-settings"}


def test_every_code_is_documented():
    documented = set(re.findall(r"^\| `([a-z0-9-]+)` \|", PAGE.read_text(), re.MULTILINE))
    tried = {wrong.code for wrong in WRONG} | codes_in_the_source() | codes_of_the_engine()
    assert tried - documented == set()


@pytest.mark.parametrize(
    ("old", "new", "only"),
    [
        ("type: radios", "type: radio buttons", "unknown-kind"),
        ("            say: Leather\n", "            say:\n", "bad-value"),
        ("  review: 2027-04-01", "  review: soon", "bad-value"),
        ("        min: 1\n", "        min: one hundred\n", "bad-value"),
        ("    title: When it happened\n", "    titel: When it happened\n", "unknown-key"),
        ("      - id: lost\n", "      - idd: lost\n", "missing-key"),
        ("  - page: dates\n", "  - page: The dates\n", "bad-value"),
        ("    when: woollen", "    when: {material: {like: wool}}", "bad-condition"),
        ("ask: What is it made of?", "ask: Material: what is it?", "not-yaml"),
        ("use: about-you@1", "use: about-yuo@1", "unknown-block"),
    ],
)
def test_one_slip_is_not_told_as_many(old, new, only):
    found = [fault for fault in faults(broken(old, new)) if fault.level == "error"]
    assert only in {fault.code for fault in found}
    assert len(found) <= 2, [str(fault) for fault in found]
