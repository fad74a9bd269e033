"""Finds every built-in sentence: what `say(...)` is given in our Python and templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SRC = Path(__file__).parents[2] / "src" / "townhall"
FACES = (SRC / "ui", SRC / "runner")
CROWDED = SRC / "project" / "crowded.py"
_IN_TEMPLATE = re.compile(r"""(?:say|words)\(\s*(["'])(?P<said>.*?)\1\s*[,)]""", re.DOTALL)
# Tables of sentences that are said by a variable: dictionaries and tuples at the top of a module.
_TABLE = re.compile(r"^_[A-Z_]+$|^RIGHTS$")


def sentences() -> set[str]:
    """Every sentence that needs a translation."""
    found = set(_in_python(CROWDED))
    for folder in FACES:
        for file in folder.rglob("*.py"):
            found |= set(_in_python(file))
        for file in folder.rglob("*.html"):
            found |= {match["said"] for match in _IN_TEMPLATE.finditer(file.read_text("utf-8"))}
    return found


def _in_python(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _says(node.func):
            yield from _strings(node.args[0]) if node.args else ()
    for node in tree.body:
        if isinstance(node, ast.Assign) and _is_table(node):
            yield from _strings(node.value)


def _says(func: ast.expr) -> bool:
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    return name in ("say", "words")


def _is_table(node: ast.Assign) -> bool:
    return isinstance(node.targets[0], ast.Name) and bool(_TABLE.match(node.targets[0].id))


def _strings(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if _is_sentence(node.value):
            yield node.value
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _strings(value)
    elif isinstance(node, ast.Tuple | ast.List):
        for value in node.elts:
            yield from _strings(value)
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)


def _is_sentence(text: str) -> bool:
    """Not a class, an attribute or a code."""
    return bool(text) and not text.startswith(("govuk", "--", "townhall", "#"))
