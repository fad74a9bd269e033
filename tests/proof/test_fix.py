"""``check --fix`` writes what an author left to chance, and changes nothing else."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.proof.base import GOOD, LIBRARY, SERVICES, broken

from townhall.engine.load import canonical, load_text
from townhall.proof.fix import fix

SHIPPED = [file for file in sorted(SERVICES.glob("*.yaml")) if file.stem not in ("council", "fees")]
WORDS = [
    "Wool",
    "Yes",
    "no",
    "0161",
    "1.10",
    "2026-12-01",
    "null",
    "~x",
    "C#",
    "Size 4",
    "Café",
    "1e3",
]


def meaning(text: str) -> bytes:
    loaded = load_text(text, "definition.yaml", LIBRARY)
    assert loaded.definition is not None, loaded.faults
    return canonical(loaded.definition)


def fixed(text: str) -> str:
    return fix(text, LIBRARY).text


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_service_needs_no_fixing(file):
    assert fix(file.read_text(), LIBRARY).changes == ()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("pattern: report@1", "pattern: report", "pattern: report@1"),
        ("use: about-you@1", "use: about-you  # who", "use: about-you@1  # who"),
    ],
)
def test_a_missing_version_is_written(old, new, line):
    found = fix(broken(old, new), LIBRARY)
    assert line in found.text.replace("  - ", "")
    assert len(found.changes) == 1


def test_options_without_ids_get_the_ids_that_they_have_already():
    short = broken(
        "          - id: red\n            say: Red\n          - id: blue\n            say: Blue\n",
        "          - Red # the warm one\n          - {say: Blue}\n          - say: Grey\n",
    )
    found = fixed(short)
    assert '          - id: red\n            say: "Red" # the warm one\n' in found
    assert "          - {id: blue, say: Blue}\n" in found
    assert "          - id: grey\n            say: Grey\n" in found
    assert meaning(found) == meaning(short)


def test_options_in_brackets_stay_in_brackets():
    short = broken(
        "          - id: red\n            say: Red\n          - id: blue\n            say: Blue\n"
        "          - id: unsure\n            say: I am not sure\n            exclusive: true\n",
        "          [Red, Yes, 'Sky, blue']\n",
    )
    found = fixed(short)
    wanted = '[{id: red, say: "Red"}, {id: "yes", say: "Yes"}, {id: sky-blue, say: "Sky, blue"}]'
    assert wanted in found
    assert meaning(found) == meaning(short)


def test_words_that_another_reader_would_take_for_something_else_are_quoted():
    text = broken("say: Leather", "say: No").replace("title: When it happened", "title: 0161")
    found = fixed(text)
    assert 'say: "No"' in found
    assert 'title: "0161"' in found
    assert meaning(found) == meaning(text)


def test_comments_order_and_layout_are_kept():
    text = "# Top\n" + broken("use: about-you@1", "use: about-you").replace(
        "pages:\n", "\n# The pages\npages:   # here\n", 1
    )
    found = fixed(text)
    assert re.sub(r"@1", "", found) == re.sub(r"@1", "", text)


@pytest.mark.parametrize(
    "text", ["", "[", "a: &b c\nd: *b\n", '{"townhall": 1}', "- a\n", "a\rb", "\x00"]
)
def test_what_is_not_a_definition_comes_back_as_it_was(text):
    assert fix(text, LIBRARY).text == text


PLAIN_OPTION = st.sampled_from(WORDS) | st.text(
    alphabet=st.sampled_from("abcXYZ 019.-é'?()%+/"), min_size=1, max_size=20
).map(str.strip).filter(lambda words: words and words[0].isalnum())


@given(
    st.lists(PLAIN_OPTION, min_size=1, max_size=5, unique_by=str.casefold),
    st.booleans(),
    st.booleans(),
)
def test_fixing_twice_is_fixing_once_and_means_the_same(words, versioned, mapped):
    lead = "          - say: " if mapped else "          - "
    text = broken(
        "          - id: red\n            say: Red\n", "".join(f"{lead}{one}\n" for one in words)
    )
    if not versioned:
        text = broken("about-you@1", "about-you", broken("report@1", "report", text))
    found = fixed(text)
    assert fixed(found) == found
    before, after = load_text(text, "a", LIBRARY), load_text(found, "a", LIBRARY)
    assert (before.definition is None) == (after.definition is None)
    if before.definition is not None and after.definition is not None:
        keep = {"pattern": "report@1"}
        assert canonical(before.definition.model_copy(update=keep)) == canonical(
            after.definition.model_copy(update=keep)
        )


@given(st.lists(PLAIN_OPTION, min_size=1, max_size=5, unique_by=str.casefold))
def test_a_fixed_option_reads_alike_in_every_yaml_reader(words):
    text = broken(
        "          - id: red\n            say: Red\n",
        "".join(f"          - {one}\n" for one in words),
    )
    page = next(
        page for page in yaml.safe_load(fixed(text))["pages"] if page.get("page") == "count"
    )
    says = [option["say"] for option in page["questions"][1]["options"]]
    assert says[: len(words)] == words
    assert all(isinstance(option["id"], str) for option in page["questions"][1]["options"])


def test_the_good_definition_is_left_alone():
    assert fix(GOOD, LIBRARY).changes == ()
