"""What stands in brackets in a YAML text, for tests of the style that examples are written in."""

from __future__ import annotations

from collections.abc import Iterator

import yaml


def in_brackets(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Walk every list or mapping written in brackets: the keys that lead to it, and which it is."""
    return _walk(yaml.compose(text, Loader=yaml.BaseLoader), ())


def _walk(node: yaml.Node | None, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, yaml.MappingNode):
        if node.flow_style:
            yield path, "mapping"
        for key, value in node.value:
            yield from _walk(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        if node.flow_style and node.value:
            yield path, "list"
        for value in node.value:
            yield from _walk(value, path)
