"""Each line that we are held to has tests that exist and can fail, and the handbook names them."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest

from tests.proof.cases import WRONG
from tests.support.source import ROOT

TESTS = ROOT / "tests"
DOCS = ROOT / "docs"
SECTIONS = tomllib.loads((DOCS / "acceptance.toml").read_text("utf-8"))["section"]
LINES = [line for section in SECTIONS for line in section["line"]]
NODES = sorted({node for line in LINES for node in line["tests"]})
# How many lines there are: one may be added, and none taken away without saying so here.
SPINE = 60
_RAISING = frozenset({"raises", "fail", "warns", "assert_type", "AssertionError"})


@cache
def functions() -> dict[str, dict[str, ast.FunctionDef]]:
    """Every function of every test file, by the file's path and the function's name."""
    found = {}
    for file in TESTS.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        defined = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        found[str(file.relative_to(ROOT))] = {node.name: node for node in defined}
    return found


def called(function: ast.FunctionDef) -> Iterator[str]:
    """The names of what a function calls, and of the fixtures that it is given."""
    yield from (argument.arg for argument in function.args.args)
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", ""))


@cache
def asserting() -> frozenset[str]:
    """The names of all functions that assert, or call one that does."""
    everything = [one for held in functions().values() for one in held.values()]
    calls = {id(one): set(called(one)) for one in everything}
    able = {
        one.name
        for one in everything
        if calls[id(one)] & _RAISING or any(isinstance(n, ast.Assert) for n in ast.walk(one))
    }
    while more := {one.name for one in everything if calls[id(one)] & able} - able:
        able |= more
    return frozenset(able)


def test_no_line_is_missing_or_told_twice():
    names = [line["id"] for line in LINES]
    assert len(names) == len(set(names)) == SPINE
    assert all(set(line) <= {"id", "says", "tests", "codes", "note"} for line in LINES)
    assert all(line["says"].endswith(".") and line["tests"] for line in LINES)


@pytest.mark.parametrize("node", NODES)
def test_a_named_test_exists_and_can_fail(node):
    file, _, name = node.partition("::")
    assert re.fullmatch(r"tests/(\w+/)+test_\w+\.py::test_\w+", node)
    assert name in functions().get(file, {}), f"{node} is not there"
    function = functions()[file][name]
    own = any(isinstance(one, ast.Assert) for one in ast.walk(function))
    assert own or set(called(function)) & (asserting() | _RAISING), f"{node} asserts nothing"


def test_a_test_that_asserts_nothing_would_be_found():
    nothing = ast.parse("def test_nothing(folder):\n    print(folder)\n").body[0]
    assert not set(called(nothing)) & (asserting() | _RAISING)


def test_a_named_code_has_a_wrong_turn():
    named = {code for line in LINES for code in line.get("codes", ())}
    assert named - {wrong.code for wrong in WRONG} == set()


def test_the_handbook_says_how_long_backups_keep_what_was_destroyed():
    pages = [page.read_text("utf-8") for page in DOCS.glob("*.md")]
    told = [words for words in pages if "backups no longer than your privacy notices say" in words]
    assert told
