"""Writes a definition as YAML in block style; what YAML could read otherwise is quoted."""

from __future__ import annotations

import io
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ’/£%()._-]*[A-Za-z0-9)._%]|[A-Za-z]")
_WORDS = frozenset(
    ["y", "n", "yes", "no", "true", "false", "on", "off", "null", "none", "nan", "inf"]
)


def as_yaml(plain: dict[str, Any], heading: str) -> str:
    """Give the text of a definition; ``heading`` stands above it as comments."""
    writer = YAML()
    writer.width = 100
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.allow_unicode = True
    tree = _tree(plain)
    tree.yaml_set_start_comment(heading)
    _space_out(tree)
    out = io.StringIO()
    writer.dump(tree, out)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _tree(value: Any) -> Any:
    if isinstance(value, dict):
        return CommentedMap((_string(key), _tree(inner)) for key, inner in value.items())
    if isinstance(value, list):
        return CommentedSeq([_tree(inner) for inner in value])
    return _string(value) if isinstance(value, str) else value


def _string(text: str) -> Any:
    text = _printable(text)
    if "\n" in text and not re.search(r"[ \t]\n|^\s|\s$", text):
        return LiteralScalarString(text)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and " #" not in text:
        return text
    return DoubleQuotedScalarString(text)


def _printable(text: str) -> str:
    """Leave out the characters that no YAML file may hold."""
    return re.sub("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def _space_out(tree: CommentedMap) -> None:
    """Leave a line free before each part, and before each page."""
    for key in list(tree)[1:]:
        if isinstance(tree[key], CommentedMap | CommentedSeq):
            tree.yaml_set_comment_before_after_key(key, before="\n")
    pages = tree.get("pages")
    for number in range(1, len(pages or ())):
        pages.yaml_set_comment_before_after_key(number, before="\n")
