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


@dataclass
class _Level:
    """An open mapping or list: whether it is written in brackets, and the name being given."""

    mapping: bool
    flow: bool
    holder: str
    name: str = ""
    naming: bool = True
    items: list[yaml.ScalarEvent] = field(default_factory=list)


def risky(text: str, file: str) -> tuple[Fault, ...]:
    """Give a fault for each sentence of ``text`` that YAML does not read whole.

    ``text`` has been read as YAML already; what a person typed after `` #`` is a comment to YAML, a
    comma ends a sentence inside brackets, and so on. Sentences in quotation marks are safe.
    """
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
            self._scalar(event)

    def _name(self) -> str:
        if not self.levels:
            return ""
        top = self.levels[-1]
        return top.name if top.mapping else top.holder

    def _given(self) -> None:
        if self.levels and self.levels[-1].mapping:
            self.levels[-1].naming = not self.levels[-1].naming

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if not self.levels:
            return
        top = self.levels[-1]
        bare = not event.style and bool(event.implicit[0])
        if top.mapping and top.naming:
            top.name = str(event.value)
            if bare and top.flow and not _FLOW_NAME.fullmatch(top.name):
                self._fault("cut-by-comma", event, self._bracketed(event))
        elif bare and self._name() in SENTENCES | _LISTS | {"next"}:
            self._sentence(event, top)
        if not top.mapping:
            top.items.append(event)
        self._given()

    def _sentence(self, event: yaml.ScalarEvent, top: _Level) -> None:
        if self._name() == "next" and " " not in str(event.value):
            return
        line = self.lines[event.end_mark.line] if event.end_mark.line < len(self.lines) else ""
        if event.value == "":
            self._begun(event)
        elif not top.flow and (found := _CUT.match(line[event.end_mark.column :])):
            whole = f"{event.value} #{found['rest']}"
            lead = (
                line[: len(line) - len(line.lstrip())]
                if self._several(event)
                else self._lead(event)
            )
            self._fault("cut-by-hash", event, f"{lead.strip()} {_quoted(whole)}")

    def _several(self, event: yaml.ScalarEvent) -> bool:
        return bool(event.start_mark.line != event.end_mark.line)

    def _lead(self, event: yaml.ScalarEvent) -> str:
        return self.lines[event.start_mark.line][: event.start_mark.column]

    def _begun(self, event: yaml.ScalarEvent) -> None:
        for number in (event.start_mark.line, event.start_mark.line - 1):
            if 0 <= number < len(self.lines) and (found := _STARTED.match(self.lines[number])):
                corrected = f"{found['lead'].strip()} {_quoted(found['words'])}"
                self._fault("cut-by-hash", event, corrected, number + 1)
                return

    def _closed(self, level: _Level) -> None:
        """Inside brackets a comma ends a sentence: an opened ( in one item shows that it did."""
        if level.mapping or not level.flow:
            return
        for event in level.items:
            text = str(event.value)
            if not event.style and text.count("(") != text.count(")"):
                self._fault("cut-by-comma", event, self._bracketed(event))
                return

    def _bracketed(self, event: yaml.ScalarEvent) -> str:
        line = self.lines[event.start_mark.line] if event.start_mark.line < len(self.lines) else ""
        return _requoted(line.strip())

    def _fault(
        self, code: str, event: yaml.ScalarEvent, corrected: str, line: int | None = None
    ) -> None:
        why = {
            "cut-by-hash": "YAML reads what follows # as a comment, so this sentence is cut short.",
            "cut-by-comma": "Inside brackets YAML ends a sentence at a comma, so this one is cut in two.",
        }
        remedy = f"Write: {corrected}"
        if code == "cut-by-hash":
            remedy += "  (or put the comment on a line of its own)"
        where = Place(self.file, line or event.start_mark.line + 1)
        self.faults.append(Fault(code, why[code], remedy, where))


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
