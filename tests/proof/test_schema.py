"""The published JSON Schema takes what the language takes, as an editor would read it."""

import re

import pytest
import yaml
from jsonschema import Draft202012Validator
from tests.proof.base import GOOD, SERVICES, broken

from townhall.engine.schema import language_schema

SHIPPED = [file for file in sorted(SERVICES.glob("*.yaml")) if file.stem not in ("council", "fees")]
EDITOR = Draft202012Validator(language_schema())


class Reader(yaml.SafeLoader):
    """YAML 1.2's own types, as editors have them: dates are words, and so are yes and no."""


def as_in_yaml_1_2(letter: str, rules: list) -> list:
    kept = [rule for rule in rules if not rule[0].endswith(("timestamp", "bool"))]
    return kept + ([BOOLEAN] if letter in "tTfF" else [])


BOOLEAN = ("tag:yaml.org,2002:bool", re.compile("^(?:true|True|false|False)$"))
Reader.yaml_implicit_resolvers = {
    letter: as_in_yaml_1_2(letter, rules)
    for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def complaints(text: str) -> list[str]:
    read = yaml.load(text, Loader=Reader)
    return [f"{list(error.path)}: {error.message[:200]}" for error in EDITOR.iter_errors(read)]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(language_schema())


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_an_editor_accepts_a_shipped_service(file):
    assert complaints(file.read_text()) == []


def test_an_editor_accepts_a_pattern_and_a_good_definition():
    assert complaints(GOOD) == []
    pattern = "        pattern:\n          matches: '[A-Z]+'\n          say: Enter capital letters"
    assert complaints(broken("        max_length: 50", pattern)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Report", "titel: Report"),
        ("type: radios", "type: radio buttons"),
        ("    exit: There is nothing", "    exits: There is nothing"),
        ("        max_length: 50", "        pattern:\n          match: A\n          say: Enter A"),
    ],
)
def test_an_editor_underlines_a_slip(old, new):
    assert complaints(broken(old, new))
