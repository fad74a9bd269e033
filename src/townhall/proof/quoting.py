"""Finds sentences that YAML cuts short or takes apart, and gives the line as it should be typed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import yaml

from townhall.engine.faults import Fault, Place
from townhall.proof.wordlists import SENTENCES

_CUT = re.compile(r"\s+#(?P<rest>.*)$")
_STARTED = re.compile(r"^(?P<lead>\s*(?:- +)*(?:[\w-]+: +|- +))(?P<words>#.*)$")
_FLOW_NAME = re.compile(r"[\w.-]+|(any|every|count of|sum of) [\w.-]+")
_LISTS = frozenset({"options", "list", "search", "rows", "head"})


@dataclass(frozen=True)
class _Word:
    """A scalar as typed: whether it has no quotation marks, and where it begins and ends."""

    text: str
    bare: bool
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def of(cls, event: yaml.ScalarEvent) -> _Word:
        """Read one from YAML's event; lines and columns count from 0."""
        begun, ended = event.start_mark, event.end_mark
        bare = not event.style and bool(event.implicit[0])
        start = (begun.line, begun.column) if begun else (0, 0)
        end = (ended.line, ended.column) if ended else start
        return cls(str(event.value), bare, *start, *end)


@dataclass
class _Level:
    """An open mapping or list: whether it is written in brackets, and the name being given."""

    mapping: bool
    flow: bool
    holder: str
    name: str = ""
    naming: bool = True
    items: list[_Word] = field(default_factory=list)


def risky(text: str, file: str) -> tuple[Fault, ...]:
    """Give a fault for each sentence of ``text`` that YAML does not read whole.

    ``text`` has been read as YAML already; what a person typed after `` #`` is a comment to YAML, a
    comma ends a sentence inside brackets, and so on. Sentences in quotation marks are safe.
    """
    if text.lstrip().startswith("{") or not re.search(r"[#{\[]", text):
        return ()  # JSON has its sentences in quotation marks; other YAML has nothing to cut at
    reader = _Reader(text.split("\n"), file)
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        reader.take(event)
    return tuple(reader.faults)


class _Reader:
    def __init__(self, lines: list[str], file: str) -> None:
        self.lines = lines
        self.file = file
        self.levels: list[_Level] = []
        self.faults: list[Fault] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.CollectionStartEvent):
            mapping = isinstance(event, yaml.MappingStartEvent)
            level = _Level(mapping, bool(event.flow_style), self._name())
            self._given()
            self.levels.append(level)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._closed(self.levels.pop())
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(_Word.of(event))

    def _name(self) -> str:
        if not self.levels:
            return ""
        top = self.levels[-1]
        return top.name if top.mapping else top.holder

    def _given(self) -> None:
        if self.levels and self.levels[-1].mapping:
            self.levels[-1].naming = not self.levels[-1].naming

    def _scalar(self, word: _Word) -> None:
        if not self.levels:
            return
        top = self.levels[-1]
        if top.mapping and top.naming:
            top.name = word.text
            if word.bare and top.flow and not _FLOW_NAME.fullmatch(word.text):
                self._fault("cut-by-comma", _requoted(self._line(word.line).strip()), word.line)
        elif word.bare and self._name() in SENTENCES | _LISTS | {"next"}:
            self._sentence(word, top)
        if not top.mapping:
            top.items.append(word)
        self._given()

    def _line(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def _sentence(self, word: _Word, top: _Level) -> None:
        if self._name() == "next" and " " not in word.text:
            return
        if not word.text:
            self._begun(word)
        elif not top.flow and (found := _CUT.match(self._line(word.end_line)[word.end_column :])):
            lead = self._line(word.line)[: word.column].strip()
            whole = _quoted(f"{word.text} #{found['rest']}")
            self._fault("cut-by-hash", f"{lead} {whole}", word.line)

    def _begun(self, word: _Word) -> None:
        """A sentence that begins with # is a comment whole, and leaves nothing behind."""
        for number in (word.line, word.line - 1):
            if found := _STARTED.match(self._line(number)):
                corrected = f"{found['lead'].strip()} {_quoted(found['words'])}"
                self._fault("cut-by-hash", corrected, number)
                return

    def _closed(self, level: _Level) -> None:
        """Inside brackets a comma ends a sentence: an opened ( in one item shows that it did."""
        if level.mapping or not level.flow:
            return
        for word in level.items:
            if word.bare and word.text.count("(") != word.text.count(")"):
                self._fault("cut-by-comma", _requoted(self._line(word.line).strip()), word.line)
                return

    def _fault(self, code: str, corrected: str, line: int) -> None:
        why = {
            "cut-by-hash": "YAML reads what follows # as a comment, so this sentence is cut short.",
            "cut-by-comma": "Inside brackets a comma ends a sentence, so this one is cut in two.",
        }
        remedy = f"Write: {corrected}"
        if code == "cut-by-hash":
            remedy += "  (or put the comment on a line of its own)"
        self.faults.append(Fault(code, why[code], remedy, Place(self.file, line + 1)))


def _quoted(words: str) -> str:
    return json.dumps(words.strip(), ensure_ascii=False)


_PAIR = re.compile(r"(?P<name>[\w-]+): (?P<words>[^\"'\[{][^\n]*?)(?=, [\w-]+: |\}$|\} *$)")
_IN_LIST = re.compile(r"\[(?P<items>[^\[\]\"']*)\]")


def _requoted(line: str) -> str:
    """Write a line in brackets again, with each sentence in quotation marks."""
    if found := _IN_LIST.search(line):
        items = re.split(r",\s*(?![^()]*\))", found["items"].strip())
        quoted = ", ".join(_quoted(item) for item in items if item.strip())
        return f"{line[: found.start()]}[{quoted}]{line[found.end() :]}"
    return _PAIR.sub(
        lambda pair: (
            f"{pair['name']}: "
            + (_quoted(pair["words"]) if re.search(r"[\s,#:]", pair["words"]) else pair["words"])
        ),
        line,
    )
