"""A file has one reason to change and a function one thing to do. These are the outer limits."""

import pytest

from tests.support.source import PACKAGE, TESTS, functions, lines_of, name_of, python_files

# name of a file -> the decision record that lets it be longer
EXEMPT: dict[str, str] = {}
LONGEST_FUNCTION = 40


@pytest.mark.parametrize(
    ("folder", "longest"), [(PACKAGE, 400), (TESTS, 600)], ids=["src", "tests"]
)
def test_no_file_is_too_long(folder, longest):
    sizes = {name_of(path): len(path.read_text().splitlines()) for path in python_files(folder)}
    assert {n: s for n, s in sizes.items() if s > longest and n not in EXEMPT} == {}


@pytest.mark.parametrize("folder", [PACKAGE, TESTS], ids=["src", "tests"])
def test_no_function_is_too_long(folder):
    sizes = {
        f"{name_of(path)}:{function.lineno} {function.name}": lines_of(function)
        for path in python_files(folder)
        for function in functions(path)
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


def test_exempt_files_name_a_decision_that_exists():
    for name, decision in EXEMPT.items():
        assert (PACKAGE.parents[1] / name).is_file(), name
        assert (PACKAGE.parents[1] / "docs" / "decisions" / decision).is_file(), decision
