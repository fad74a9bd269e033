"""Reads a definition's text, YAML or JSON, as a tree of strings in which every node knows its line.

YAML is read by its events and never constructed: no tag makes an object, no alias copies a
tree, and every scalar stays exactly the characters typed (``No``, ``0161``, ``1.10``). The model
decides later what is a number or a date.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path as FilePath

import yaml

from townhall.engine import characters
from townhall.engine.faults import Fault, InvalidDefinition, Path, Place

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000

Plain = str | None | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True)
class Scalar:
    """A string, or nothing; ``plain`` when it was typed without quotes."""

    value: str | None
    line: int
    file: str = ""
    plain: bool = False


@dataclass
class Sequence:
    """A list."""

    line: int
    file: str = ""
    items: list[Node] = field(default_factory=list)


@dataclass
class Mapping:
    """A set of named values, in the order typed; ``key_lines`` holds the line of each name."""

    line: int
    file: str = ""
    items: dict[str, Node] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping


def text_in(file: FilePath) -> str:
    """Give the text of a file. Raises InvalidDefinition where it holds none, or too much of it."""
    try:
        with file.open("rb") as held:
            data = held.read(MAX_BYTES + 1)
    except OSError as error:
        words = f"This file cannot be read ({error.strerror or type(error).__name__})."
        remedy = "Check that it is there, and that you may read it."
        raise refused("unreadable", words, str(file), 1, remedy) from error
    if len(data) > MAX_BYTES:
        raise _too_large(str(file))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error.start, str(file)) from error


def read(text: str, file: str) -> Node:
    """Parse ``text`` (YAML, or JSON, which is the same thing) into a tree of strings.

    Raises InvalidDefinition with one fault when the text is too large, too deep, not YAML, or
    uses a feature that this language leaves out (aliases, tags, several documents).
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _too_large(file)
    is_json = text.lstrip().startswith("{")
    if is_json:
        text = _json_as_yaml(text)
    unproven = text if characters.MAY_HOLD_ONE.search(text) else ""
    builder = _Builder(file, is_json=is_json, unproven=unproven)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.reader.ReaderError as error:
        raise _bad_character(text, file) from error
    except yaml.YAMLError as error:
        raise _unclosed(error, builder) or _not_yaml(error, text, file) from error
    if builder.root is None:
        raise refused("empty", "The file is empty.", file, 1, "Write a definition in it.")
    return builder.root


def first_word(text: str, file: str, key: str) -> Scalar | None:
    """Give what stands under ``key`` of the whole file, read no further than that.

    None where there is nothing of that name, or no way to it: reading the whole says why.
    """
    if len(text) > MAX_BYTES:
        return None
    builder = _Builder(file, is_json=text.lstrip().startswith("{"))
    with suppress(InvalidDefinition, yaml.YAMLError):
        for event in _events(_json_as_yaml(text) if builder.is_json else text):
            builder.take(event)
            found = builder.root.items.get(key) if isinstance(builder.root, Mapping) else None
            if found is not None:
                return found if isinstance(found, Scalar) else None
    return None


def plain(node: Node) -> Plain:
    """Give the tree as plain dicts, lists and strings, without lines."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {name: plain(item) for name, item in node.items.items()}


def place_of(node: Node, path: Path) -> Place:
    """Give the place of the value at ``path``, or of its nearest ancestor that the file holds."""
    line, file = node.line, node.file
    for step in path:
        if isinstance(node, Mapping) and step in node.items:
            line = node.key_lines[str(step)]
            node = node.items[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            line = node.line
        else:
            break
        file = node.file or file
    return Place(file, line, path)


def scalars(node: Node, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """Walk every scalar of the tree with the path that leads to it."""
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            yield from scalars(item, (*path, number))
    else:
        for name, item in node.items.items():
            yield from scalars(item, (*path, name))


def refused(code: str, message: str, file: str, line: int, remedy: str = "") -> InvalidDefinition:
    """Make the exception that carries one fault."""
    return InvalidDefinition((Fault(code, message, remedy, Place(file, line)),))


def _too_large(file: str) -> InvalidDefinition:
    return refused(
        "too-large",
        f"The file is larger than {MAX_BYTES:,} bytes.",
        file,
        1,
        "Put long lists in CSV files beside it, or divide the service into several.",
    )


def _not_utf8(data: bytes, at: int, file: str) -> InvalidDefinition:
    """Name the line of the first byte that is not UTF-8, and what the file may be instead."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        words = "This file is UTF-16 text, not UTF-8."
    else:
        words = f"This file is not UTF-8 text: the byte 0x{data[at]:02X} on this line is not."
    line = data.count(b"\n", 0, at) + 1
    remedy = "Save it as UTF-8 (most editors offer that under “Save as”)."
    return refused("unreadable", words, file, line, remedy)


def _bad_character(text: str, file: str) -> InvalidDefinition:
    """Name the first character that YAML refuses; its own error counts bytes and not lines."""
    return _unwanted(characters.REFUSED.search(text), text, file)


def unwanted_in(text: str, file: str) -> InvalidDefinition | None:
    """Give the refusal of a text that is no YAML, for a character that no words may hold."""
    found = characters.NOT_WORDS.search(text)
    return _unwanted(found, text, file) if found else None


def _unwanted(found: re.Match[str] | None, text: str, file: str) -> InvalidDefinition:
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    message, remedy = characters.said_of(found[0] if found else "")
    return refused("bad-character", message, file, line, remedy)


def _events(text: str) -> Iterator[yaml.Event]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=loader)
    return events


class _Builder:
    """Turns events into nodes with its own stack, so that depth cannot exhaust Python's."""

    def __init__(self, file: str, *, is_json: bool, unproven: str = "") -> None:
        self.file = file
        self.is_json = is_json
        self.unproven = unproven
        self.root: Node | None = None
        self.stack: list[tuple[Mapping | Sequence, list[Scalar]]] = []
        self.nodes = 0
        self.documents = 0
        self.spread: tuple[int, int, str] = (0, 0, "")
        """The last quotation over several lines: where it begins and ends, and its mark."""

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._document(line)
        elif isinstance(event, yaml.AliasEvent):
            raise self._no("alias", "This file uses a YAML alias (*name).", line)
        elif isinstance(event, yaml.ScalarEvent):
            self._plain_only(event, line)
            self._add(self._scalar(event, line))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._plain_only(event, line)
            self._open(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> Scalar:
        bare = not event.style
        if event.style in ("'", '"') and event.end_mark and event.end_mark.line + 1 > line:
            self.spread = (line, event.end_mark.line + 1, event.style)
        nothing = ("", "null") if self.is_json else ("",)
        value = None if bare and event.value in nothing else str(event.value)
        if self.unproven and value and (found := characters.NOT_WORDS.search(value)):
            message, remedy = characters.said_of(found[0])
            line = self._line_of(found[0], event)
            raise refused("bad-character", message, self.file, line, remedy)
        return Scalar(value, line, self.file, bare)

    def _line_of(self, character: str, event: yaml.ScalarEvent) -> int:
        """Give the line of a scalar that holds a character, as itself or as an escape."""
        if event.start_mark is None or event.end_mark is None:
            return 1
        first, last = event.start_mark.line, event.end_mark.line
        spelt = characters.spellings(character)
        lines = self.unproven.split("\n")[first : last + 1]
        holding = (at for at, line in enumerate(lines) if any(one in line.lower() for one in spelt))
        return first + next(holding, 0) + 1

    def _document(self, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._no("several-documents", "The file holds more than one document.", line)

    def _plain_only(self, event: yaml.NodeEvent, line: int) -> None:
        tag = getattr(event, "tag", None)
        if getattr(event, "anchor", None) is not None:
            raise self._no("anchor", "This file uses a YAML anchor (&name).", line)
        if tag is not None and tag != "!":
            raise self._no("tag", "This file uses a YAML tag (a word that begins with !).", line)

    def _no(self, code: str, message: str, line: int) -> InvalidDefinition:
        remedy = "Write the value out in full."
        return refused(f"yaml-{code}", message, self.file, line, remedy)

    def _open(self, event: yaml.CollectionStartEvent, line: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise refused(
                "too-deep",
                f"The definition is nested more than {MAX_DEPTH} levels deep.",
                self.file,
                line,
                "Use named conditions.",
            )
        node: Mapping | Sequence
        if isinstance(event, yaml.MappingStartEvent):
            node = Mapping(line, self.file)
        else:
            node = Sequence(line, self.file)
        self._add(node)
        self.stack.append((node, []))

    def _add(self, node: Node) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise refused(
                "too-large",
                f"The file holds more than {MAX_NODES:,} values.",
                self.file,
                node.line,
                "Divide the service into several.",
            )
        if not self.stack:
            self.root = node
            return
        parent, waiting = self.stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif waiting:
            self._pair(parent, waiting.pop(), node)
        elif isinstance(node, Scalar):
            waiting.append(node)
        else:
            raise refused(
                "bad-name", "A name must be a word, not a list or a mapping.", self.file, node.line
            )

    def _pair(self, parent: Mapping, key: Scalar, value: Node) -> None:
        name = key.value or ""
        if name in parent.items:
            raise refused(
                "duplicate-key",
                f"`{name}` is given twice; it first stands on line {parent.key_lines[name]}.",
                self.file,
                key.line,
                "Keep one of the two.",
            )
        parent.items[name] = value
        parent.key_lines[name] = key.line


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\t')
_KEEP = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def _json_as_yaml(text: str) -> str:
    """Rewrite JSON's strings so that YAML reads them alike; lines stay where they are.

    YAML has no surrogate pairs in escapes, and takes U+2028 for a line's end.
    """

    def rewrite(token: re.Match[str]) -> str:
        if token[0] == "\t":
            return " "
        try:
            value = json.loads(token[0])
        except ValueError:
            return token[0]
        shown = json.dumps(value, ensure_ascii=False)
        return _KEEP.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)

    return _JSON_TOKEN.sub(rewrite, text)


def _unclosed(error: yaml.YAMLError, builder: _Builder) -> InvalidDefinition | None:
    """Give the fault of a quotation mark that was left out, where the quotation begins.

    YAML finds it only where the file ends, or where the next quotation mark closes this one.
    """
    begun, found = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    begins, ends, mark = builder.spread
    scanning = getattr(error, "context", None) == "while scanning a quoted scalar"
    if scanning and begun and found and found.line > begun.line:
        line, words = begun.line + 1, "The quotation that begins on this line has no end."
        mark = "quotation mark"
    elif found and found.line + 1 == ends:
        line, mark = begins, f"{mark} mark"
        words = f"The quotation that begins on this line goes on to line {ends}, into other words."
    else:
        return None
    remedy = f"Put the {mark} that is missing at the end of the sentence on this line."
    return refused("not-yaml", words, builder.file, line, remedy)


_SENTENCE = re.compile(r"^(?P<lead>\s*(?:- )?\s*[\w-]+:\s+)(?P<words>[^\s\"'|>{\[].*)$")


def _not_yaml(error: yaml.YAMLError, text: str, file: str) -> InvalidDefinition:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    typed = lines[line - 1] if 0 < line <= len(lines) else ""
    remedy = "Check the indentation and the quotation marks on this line and the one above."
    if (found := _SENTENCE.match(typed)) and re.search(r": |#", found["words"]):
        quoted = json.dumps(found["words"], ensure_ascii=False)
        remedy = f"Put the sentence in quotation marks: {found['lead'].strip()} {quoted}"
    problem = getattr(error, "problem", None) or "it cannot be read"
    return refused("not-yaml", f"This line is not YAML: {problem}.", file, line, remedy)
