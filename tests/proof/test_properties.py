"""Whatever a definition holds, checking it gives faults and never raises; mending hides nothing."""

import json
import random
from copy import deepcopy

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.proof.base import GOOD, LIBRARY, SERVICES, TODAY, codes, faults

from townhall.engine.load import load_text
from townhall.proof.check import check
from townhall.proof.fix import fix
from townhall.proof.show import plain_words

TEXTS = [GOOD] + [
    file.read_text()
    for file in sorted(SERVICES.glob("*.yaml"))
    if file.stem not in ("council", "fees")
]
TREES = [yaml.load(text, Loader=yaml.BaseLoader) for text in TEXTS]
ODD = st.sampled_from(
    ["", "~", "[", "{", "#", ": ", "- ", "\t", "'", '"', "&a ", "*a", "!x ", "|", ">", "%", "@",
     "\n", "\x00", "\ud7ff", "é", "{{ ", " }}", "today", "today - 9999 years", "yes", "0", "-1",
     "1e9", "999999999999999999", "count of ", "any x.y", "item.number", "all", "not", "..",
     "a" * 300, "2026-02-30", "(?i)a{9}"]
)  # fmt: skip
LEAF = ODD | st.text(max_size=12) | st.none()
VALUE = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(ODD | st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def is_well_made(found):
    for fault in found:
        assert fault.code
        assert fault.message
        assert fault.level in ("error", "note")
        assert fault.where.line >= 1
        str(fault)
    return True


@given(st.sampled_from(TEXTS), st.data())
@settings(max_examples=100)
def test_a_text_changed_anywhere_is_checked(text, data):
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(ODD) + text[end:]
    assert is_well_made(faults(text))
    assert isinstance(fix(text, LIBRARY).text, str)


@given(st.text(max_size=200))
@example("\ufeff")
@example("townhall: 1\npages: 3\n")
@example("townhall:\n  - 1\n")
@settings(max_examples=60)
def test_any_text_at_all_is_checked(text):
    assert is_well_made(faults(text))


def places(node, path=()):
    yield path
    items = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, inner in items:
        yield from places(inner, (*path, key))


def at(node, path):
    for step in path:
        node = node[step]
    return node


@given(
    st.sampled_from(TREES),
    st.randoms(use_true_random=False),
    st.lists(VALUE, min_size=1, max_size=3),
)
@settings(max_examples=120)
def test_a_tree_changed_anywhere_is_checked(tree, chance, values):
    tree = deepcopy(tree)
    for value in values:
        path = chance.choice([path for path in places(tree) if path])
        holder = at(tree, path[:-1])
        change(holder, path[-1], value, chance)
    text = json.dumps(tree)
    assert is_well_made(faults(text))
    loaded = load_text(text, "definition.yaml", LIBRARY)
    if loaded.definition is not None and not any(
        fault.level == "error" for fault in check(text, LIBRARY, today=TODAY)
    ):
        assert plain_words(loaded.definition, LIBRARY)


def change(holder, key, value, chance: random.Random):
    """Take something out, put something else there, or move it."""
    turn = chance.choice(["replace", "remove", "rename", "repeat"])
    if turn == "replace":
        holder[key] = value
    elif turn == "remove":
        del holder[key]
    elif isinstance(holder, list):
        holder.append(deepcopy(holder[key])) if turn == "repeat" else holder.reverse()
    elif turn == "rename":
        holder[str(key)[:-1] or "x"] = holder.pop(key)
    else:
        holder[str(value)[:20]] = deepcopy(holder[key])


@given(st.sampled_from(range(len(GOOD.split("\n")))))
@settings(max_examples=80)
def test_an_unknown_key_anywhere_hides_no_other_fault(number):
    """One misspelt key must not stop the rest of the file from being checked."""
    text = GOOD.replace("to: waste-inbox", "to: waste-inbax").replace("go: count", "go: cuont")
    lines = text.split("\n")
    name, colon, rest = lines[number].partition(":")
    if "use" in name:
        return
    key = name.strip().lstrip("- ")
    if not colon or key in NEEDED or " " in key:
        return
    lines[number] = f"{name}zz:{rest}"
    found = codes("\n".join(lines))
    assert {"unknown-destination", "unknown-page"} <= found


NEEDED = {
    "id",
    "pages",
    "townhall",
    "deliver",
    "to",
    "go",
    "next",
    "when",
    "fee",
    "page",
    "examples",
}
