"""How WCAG is met: each criterion has a method; the sources hold what no page can show."""

import re
import tomllib

import pytest

from tests.support.accessibility.checks import CHECKS
from tests.support.source import ROOT

TABLE = tomllib.loads((ROOT / "docs" / "accessibility.toml").read_text())
CHECK_NAMES = {check.name for check in CHECKS}
# WCAG 2.2, W3C Recommendation of 12 December 2024; 4.1.1 is obsolete and removed.
LEVEL_A = """
    1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1
    2.4.2 2.4.3 2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2
"""
LEVEL_AA = """
    1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11
    2.5.7 2.5.8 3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3
"""
WANTED = [(number, "A") for number in LEVEL_A.split()] + [
    (number, "AA") for number in LEVEL_AA.split()
]
NEEDS = {
    "automatic": {"checks"},
    "both": {"checks", "by_hand"},
    "by hand": {"by_hand"},
    "not applicable": {"checks", "note"},
}
STYLES = "".join(file.read_text() for file in sorted((ROOT / "assets" / "scss").rglob("*.scss")))
SCRIPTS = "".join(file.read_text() for file in sorted((ROOT / "assets" / "js").rglob("*.js")))


def by_number(number):
    return [int(part) for part in number.split(".")]


def test_the_table_holds_the_55_criteria_in_order_each_once():
    found = [(one["number"], one["level"]) for one in TABLE["criterion"]]
    assert len(WANTED) == 55
    assert found == sorted(WANTED, key=lambda one: by_number(one[0]))


@pytest.mark.parametrize("criterion", TABLE["criterion"], ids=lambda one: one["number"])
def test_a_criterion_has_a_method_that_exists(criterion):
    assert [key for key in NEEDS[criterion["method"]] if not criterion.get(key)] == []
    if criterion["method"] in ("automatic", "not applicable"):
        assert criterion["by_hand"] == []
    assert set(criterion["by_hand"]) <= set(TABLE["procedure"])
    for check in criterion["checks"]:
        file, _, function = check.partition("::")
        if not function:
            assert check in CHECK_NAMES
            continue
        assert re.search(rf"^def {function}\(", (ROOT / file).read_text(), re.M), check


def test_every_check_and_every_procedure_serves_a_criterion():
    checks = {check for one in TABLE["criterion"] for check in one["checks"]}
    procedures = {name for one in TABLE["criterion"] for name in one["by_hand"]}
    assert CHECK_NAMES - checks == set()
    assert set(TABLE["procedure"]) == procedures


@pytest.mark.parametrize("tool", ["axe", "ibm"])
def test_known_findings_are_accounted_for(tool):
    known = tomllib.loads((ROOT / "tests" / f"{tool}-known.toml").read_text())["known"]
    for entry in known:
        assert list(entry) == ["rule", "selector", "upstream", "review", "effect"]
        assert entry["upstream"].startswith("https://github.com/")


def test_no_style_locks_the_page_one_way_round():
    """WCAG 1.3.4."""
    assert re.findall(r"orientation|rotate\(", STYLES) == []


def test_no_style_shows_something_only_on_hover():
    """WCAG 1.4.13: on hover a thing may change its look, and nothing appears."""
    on_hover = re.findall(r":hover[^{]*\{([^}]*)\}", STYLES)
    assert on_hover
    appears = r"\b(display|visibility|opacity|content|clip|position)\s*:"
    assert [rule for rule in on_hover if re.search(appears, rule)] == []


def test_no_script_listens_for_keys_or_gestures():
    """WCAG 2.1.4, 2.5.1, 2.5.2, 2.5.4, 2.5.7: scripts act on a click and on nothing finer."""
    heard = set(re.findall(r"addEventListener\('(\w+)'", SCRIPTS))
    assert "click" in heard
    assert heard <= {"click", "cancel", "close", "visibilitychange", "pageshow"}
    assert re.findall(r"\bon(key|touch|pointer|mouse|drag|device)\w*\s*=", SCRIPTS) == []
