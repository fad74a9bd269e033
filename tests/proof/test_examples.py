"""What the examples are like, and what no definition can say."""

import re
from pathlib import Path

import pytest
import yaml
from tests.proof.base import SERVICES, broken, codes, faults
from tests.support.yaml_style import in_brackets

from townhall.engine.library import SHIPPED, Library
from townhall.engine.resolve import text_of

ROOT = SERVICES.parent
# Lists of names, ids and search words, which no comma can take apart.
NAMES = {"search", "visits", "personal", "languages", "days_between", "answers"}
_IN_MARKDOWN = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
_OURS = re.compile(r"^(townhall|pages|deliver|fee|payment|destinations):", re.MULTILINE)
_MAIL = re.compile(r"[\w.+-]+@([\w-]+\.[\w.-]+)")
_NUMBER = re.compile(r"(?<![\w-])0[1-9](?:[\d ]{7,11})\d\b")
# Kept by Ofcom for drama, and the one line of a body that a real flood is told to.
_DRAMA = re.compile(r"01632 ?960\d{3}|07700 ?900\d{3}")
ENVIRONMENT_AGENCY = "0800 80 70 60"


def examples():
    """Every definition that people copy from, by where it stands."""
    for file in [*SERVICES.glob("*.yaml"), *SHIPPED.rglob("*.yaml")]:
        yield file.name, file.read_text("utf-8")
    for file in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for number, text in enumerate(_IN_MARKDOWN.findall(file.read_text("utf-8"))):
            if _OURS.search(text):
                yield f"{file.name} {number}", text
    for (name, _), pattern in Library.shipped().patterns.items():
        yield f"skeleton of {name}", text_of(pattern, "skeleton")


EXAMPLES = dict(examples())


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_words_of_an_example_stand_in_brackets(name):
    text = re.sub(r"(?m)^---$.*", "", EXAMPLES[name])
    for path, sort in in_brackets(text):
        assert sort == "list", (path, "a mapping in braces")
        assert NAMES & set(path), path


def numbers(node: object):
    """Every question within that asks for a number."""
    if isinstance(node, dict):
        if node.get("type") == "number":
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from numbers(inner)


def test_no_example_takes_a_length_or_an_age_below_nothing():
    made = [one for text in EXAMPLES.values() for one in yaml.safe_load_all(text)]
    asked = list(numbers(made))
    assert asked
    assert [one["id"] for one in asked if "min" not in one] == []


def test_the_classes_of_personal_data_are_these_nine_and_no_other():
    nine = "none contact identifier financial location special offence child other_person"
    for name in nine.split():
        assert "bad-value" not in codes(broken("personal: location", f"personal: {name}")), name
    assert "bad-value" in codes(broken("personal: location", "personal: private"))


def test_nothing_is_hidden_or_filled_in_beforehand():
    assert "unknown-kind" in codes(broken("type: radios", "type: hidden"))
    for key in ("prefill: Wool", "hidden: true", "value: wool", "default: wool"):
        asked = f"        short: Material\n        {key}\n"
        assert "unknown-key" in codes(broken("        short: Material\n", asked)), key


@pytest.mark.parametrize("to", ["$TOWNHALL_KEYS", "${TOWNHALL_KEYS}", "env:TOWNHALL_KEYS"])
def test_no_definition_can_name_an_environment_variable(to, monkeypatch):
    monkeypatch.setenv("TOWNHALL_KEYS", "waste-inbox")
    assert "unknown-destination" in codes(broken("to: waste-inbox", f'to: "{to}"'))
    for key in ("secret", "url", "env", "template"):
        named = f"  - to: waste-inbox\n    {key}: TOWNHALL_KEYS\n"
        assert "unknown-key" in codes(broken("  - to: waste-inbox\n", named))
    told = faults(broken("text: You told us", f"text: {to} {{{{ TOWNHALL_KEYS }}}} You told us"))
    assert [fault.code for fault in told if fault.level == "error"] == ["unknown-question"]


@pytest.mark.parametrize("file", sorted(SERVICES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_demonstration_names_only_example_domains_and_numbers_kept_for_drama(file: Path):
    text = file.read_text("utf-8")
    assert [host for host in _MAIL.findall(text) if not host.rstrip(".").endswith(".example")] == []
    numbers = {number for number in _NUMBER.findall(text) if not _DRAMA.fullmatch(number)}
    assert numbers <= {ENVIRONMENT_AGENCY}
