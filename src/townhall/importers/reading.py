"""Reads a form's file, JSON or YAML, into plain values; it is bounded and makes no object."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

MAX_BYTES = 5_000_000
MAX_DEPTH = 60


class NotRecognised(ValueError):
    """A file that is not a form of the family; the message says why in a sentence."""


def read_plain(text: str) -> dict[str, Any]:
    """Give the file's outermost mapping. Raises NotRecognised."""
    if len(text) > MAX_BYTES:
        raise NotRecognised(f"The file is larger than {MAX_BYTES:,} characters.")
    text = text.removeprefix("\ufeff")
    found = _json(text) if text.lstrip()[:1] in ("{", "[") else _yaml(text)
    if not isinstance(found, dict):
        raise NotRecognised("The file is not a set of named values.")
    return found


def _json(text: str) -> object:
    if _deepest(text) > MAX_DEPTH:
        raise NotRecognised("The file is nested too deep.")
    try:
        return json.loads(text)
    except ValueError as error:
        raise NotRecognised(f"The file is not JSON: {error}.") from error


def _deepest(text: str) -> int:
    """Count how deep the brackets of ``text`` go, those inside strings left out."""
    depth = deepest = 0
    for sign in re.findall(r'"(?:[^"\\]|\\.)*"|[][{}]', text):
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


class _Loader(yaml.CSafeLoader):
    """YAML as version 1.2 has it, which the source engines use: `yes` and dates are strings."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in ("null", "merge")
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]{1,18}$"), list("-+0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]{1,18}\.[0-9]{1,18}$"), list("-+0123456789")
)


def _yaml(text: str) -> object:
    try:
        _refuse_the_unbounded(text)
        return yaml.load(text, _Loader)  # noqa: S506 - a CSafeLoader with fewer implicit types
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, NotRecognised):
            raise
        raise NotRecognised(f"The file is not YAML: {str(error).splitlines()[0]}.") from error


def _refuse_the_unbounded(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise NotRecognised("The file repeats itself by YAML aliases, which are not read.")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise NotRecognised("The file is nested too deep.")
