"""Writes into an author's file what it left to chance: versions, option ids and quotation marks.

The text is edited only at the points where something is missing, so comments, order and layout
stay exactly as they were. Fixing a fixed file changes nothing, and fixing never changes what a
file means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from townhall.engine import source
from townhall.engine.faults import InvalidDefinition
from townhall.engine.library import Library
from townhall.engine.words import slug
from townhall.proof.wordlists import SENTENCES

_LISTS = frozenset({"options", "list", "search", "head", "rows"})
_OTHER_BREAKS = re.compile("\r|\x85|\u2028|\u2029")


@dataclass(frozen=True)
class Edit:
    """A piece of text to be put in place of the characters from ``start`` to ``end``."""

    start: int
    end: int
    words: str
    why: str


@dataclass(frozen=True)
class Fixed:
    """The text as it now is, and a sentence for each change made."""

    text: str
    changes: tuple[str, ...] = ()


def fix(text: str, library: Library) -> Fixed:
    """Give the text with versions, option ids and quotation marks filled in.

    Text that is not YAML, or is JSON, comes back as it was: ``check`` says what is wrong with it.
    """
    if _OTHER_BREAKS.search(text) or text.lstrip().startswith("{"):
        return Fixed(text)
    try:
        source.read(text, "definition.yaml")
    except InvalidDefinition:
        return Fixed(text)
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(root, yaml.MappingNode):
        return Fixed(text)
    fixer = _Fixer(text, library)
    edits = _apart(fixer.edits(root))
    for edit in reversed(edits):
        text = text[: edit.start] + edit.words + text[edit.end :]
    return Fixed(text, tuple(edit.why for edit in edits))


def _apart(edits: Iterable[Edit]) -> list[Edit]:
    """Put edits in order; where two would touch the same words, the first wins."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


class _Fixer:
    def __init__(self, text: str, library: Library) -> None:
        self.text = text
        self.library = library
        self.starts = [0]
        for line in text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def edits(self, root: yaml.MappingNode) -> Iterator[Edit]:
        options = {id(node): node for node in _options(root)}
        for node in options.values():
            yield from self._option(node)
        yield from self._versions(root)
        yield from self._quoted(root, "", frozenset(options))

    def _at(self, mark: yaml.Mark) -> int:
        return self.starts[mark.line] + mark.column

    # Versions

    def _versions(self, root: yaml.MappingNode) -> Iterator[Edit]:
        for name, node in _pairs(root):
            if name == "pattern":
                yield from self._version(node, self.library.patterns)
            elif name == "pages" and isinstance(node, yaml.SequenceNode):
                for entry in node.value:
                    for key, value in _pairs(entry):
                        if key == "use":
                            yield from self._version(value, self.library.blocks)

    def _version(self, node: yaml.Node, shelf: Iterable[tuple[str, int]]) -> Iterator[Edit]:
        if not isinstance(node, yaml.ScalarNode) or "@" in node.value or node.style:
            return
        versions = [version for name, version in shelf if name == node.value]
        if versions:
            whole = f"{node.value}@{max(versions)}"
            end = self._at(node.end_mark)
            yield Edit(
                end, end, f"@{max(versions)}", f"{_line(node)}: {node.value} is now {whole}."
            )

    # Options

    def _option(self, node: yaml.Node) -> Iterator[Edit]:
        if isinstance(node, yaml.ScalarNode):
            yield from self._short_option(node)
        elif isinstance(node, yaml.MappingNode):
            yield from self._option_without_id(node)

    def _short_option(self, node: yaml.ScalarNode) -> Iterator[Edit]:
        start, end = self._at(node.start_mark), self._at(node.end_mark)
        if not node.value or "\n" in self.text[start:end] or node.style in ("|", ">"):
            return
        made, said = slug(node.value), json.dumps(node.value, ensure_ascii=False)
        if self._in_brackets(node):
            words = f"{{id: {_id(made)}, say: {said}}}"
        else:
            words = f"id: {_id(made)}\n{' ' * node.start_mark.column}say: {said}"
        yield Edit(start, end, words, f"{_line(node)}: the option has the id {made}.")

    def _option_without_id(self, node: yaml.MappingNode) -> Iterator[Edit]:
        said = dict(_pairs(node))
        words = said.get("say")
        if "id" in said or not isinstance(words, yaml.ScalarNode) or not words.value:
            return
        made = slug(words.value)
        start = self._at(node.value[0][0].start_mark)
        gap = ", " if node.flow_style else "\n" + " " * node.value[0][0].start_mark.column
        yield Edit(
            start, start, f"id: {_id(made)}{gap}", f"{_line(node)}: the option has the id {made}."
        )

    def _in_brackets(self, node: yaml.ScalarNode) -> bool:
        before = self.text[self.starts[node.start_mark.line] : self._at(node.start_mark)]
        return not re.fullmatch(r"\s*(- +)+", before)

    # Quotation marks

    def _quoted(self, node: yaml.Node, name: str, done: frozenset[int]) -> Iterator[Edit]:
        if isinstance(node, yaml.MappingNode):
            for key, value in _pairs(node):
                yield from self._quoted(value, key, done)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                if id(item) not in done or isinstance(item, yaml.MappingNode):
                    yield from self._quoted(item, name, done)
        elif isinstance(node, yaml.ScalarNode) and name in SENTENCES | _LISTS:
            yield from self._quote(node)

    def _quote(self, node: yaml.ScalarNode) -> Iterator[Edit]:
        start, end = self._at(node.start_mark), self._at(node.end_mark)
        bare = self.text[start:end]
        if node.style or bare != node.value or bare in ("", "~"):
            return
        if _is_risky(node):
            quoted = json.dumps(bare, ensure_ascii=False)
            yield Edit(start, end, quoted, f"{_line(node)}: {quoted} is now in quotation marks.")


def _is_risky(node: yaml.ScalarNode) -> bool:
    """Say whether another YAML reader would take the words for a number, a date or a yes."""
    return not str(node.tag).endswith(":str") or bool(re.search(r"#|: |:$", node.value))


_READ_AS_OTHER = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false", "null"})


def _id(made: str) -> str:
    """Write an id so that every YAML reader sees a string."""
    return made if made[0].isalpha() and made not in _READ_AS_OTHER else f'"{made}"'


def _line(node: yaml.Node) -> str:
    return f"line {node.start_mark.line + 1}"


def _pairs(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), value


def _options(node: yaml.Node, name: str = "", holder: str = "") -> Iterator[yaml.Node]:
    """Walk the options of every question and list, wherever they stand."""
    if isinstance(node, yaml.MappingNode):
        for key, value in _pairs(node):
            yield from _options(value, key, name)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            if name == "options" or holder == "lists":
                yield item
            else:
                yield from _options(item, name, holder)
