"""Every page that the browser tests looked at, taken together: the Nu checker, and the evidence."""

import pytest
from tests.support.accessibility.checks import CHECKS
from tests.support.accessibility.evidence import EVIDENCE, KNOWN, Outcome, records, unused
from tests.support.accessibility.inspector import kept
from tests.support.accessibility.markup import has_java, nu
from tests.support.accessibility.summary import write_summary
from tests.support.source import ROOT

from townhall.engine.library import NOT_SERVICES

FOLDERS = (ROOT / "services", ROOT / "tests" / "browser" / "services")
SERVICES = {file.stem for folder in FOLDERS for file in folder.glob("*.yaml")} - {
    name.removesuffix(".yaml") for name in NOT_SERVICES
}
# Where no Java is found the Nu checker does not run, and the summary says so.
HERE = ["nu"] if has_java() else []


@pytest.fixture(scope="module")
def evidence():
    found = records()
    assert found, "run tests/browser first"
    return found


@pytest.mark.parametrize("checker", HERE)
def test_no_page_has_a_fault(checker):
    assert len(kept()) >= 60
    assert nu(kept()) == []


@pytest.mark.parametrize("checker", HERE)
def test_a_fault_is_found(checker, tmp_path):
    page = tmp_path / "faulty.html"
    page.write_text(kept()[0].read_text().replace("<main", "<img src='/x.png'><main", 1))
    assert any(name == page.name and "alt" in one.why for name, one in nu([page]))


def test_every_service_was_visited_and_every_check_was_made(evidence):
    assert {record["service"] for record in evidence} >= SERVICES | {"site"}
    made = {result["check"] for record in evidence for result in record["results"]}
    assert made == {check.name for check in CHECKS}


def test_every_state_was_looked_at_or_is_like_one_that_was(evidence):
    looked = {f"{one['service']}: {one['state']}" for one in evidence if one["results"]}
    assert all(one["results"] or one["looked_at_as"] for one in evidence)
    like = {name for one in evidence for name in one["looked_at_as"]}
    assert like <= looked


def test_nothing_failed(evidence):
    results = [result for record in evidence for result in record["results"]]
    assert [one for one in results if one["outcome"] == Outcome.FAILED] == []


@pytest.mark.parametrize("tool", KNOWN)
def test_what_is_known_still_happens(tool, evidence):
    assert unused(tool, evidence) == []


def test_what_is_known_and_does_not_happen_is_told():
    assert len(unused("axe", [])) == len(unused("ibm", [])) == 1


def test_the_evidence_is_summed_up(evidence):
    java = f"The Nu checker looked at {len(kept())} pages." if HERE else "The Nu checker: not run."
    words = write_summary(EVIDENCE, [java]).read_text()
    assert all(f"| {name} |" in words for name in SERVICES)
    assert all(f"| {check.name} |" in words for check in CHECKS)
