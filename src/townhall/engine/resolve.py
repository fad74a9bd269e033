"""Fills in what a file leaves to others: its pattern, blocks, lists and questions asked again.

It works on the tree of strings, so that every value keeps the file and line it came from.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from pathlib import Path

from townhall.engine.faults import Fault, InvalidDefinition, Place
from townhall.engine.library import Library
from townhall.engine.source import MAX_BYTES, Mapping, Node, Scalar, Sequence, text_in, unwanted_in

_MERGED = ("privacy", "confirmation", "check", "help", "available", "audience")


@dataclass
class Resolver:
    """One definition's resolving: gathers faults and the options whose ids were made from words."""

    library: Library
    folder: Path | None = None
    faults: list[Fault] = field(default_factory=list)
    declared: dict[str, Mapping] = field(default_factory=dict)
    lists: dict[str, Sequence] = field(default_factory=dict)

    def resolve(self, root: Mapping) -> Mapping:
        """Give the definition's tree with everything filled in; faults are in ``faults``."""
        root = self._with_pattern(root)
        for question in _sequence(root.items.get("questions")):
            if isinstance(question, Mapping) and (name := text_of(question, "id")):
                self.declared[name] = question
        self._read_lists(root.items.get("lists"))
        rest = {key: root.items[key] for key in root.items if key not in ("questions", "lists")}
        if isinstance(pages := rest.get("pages"), Sequence):
            rest["pages"] = self._pages(pages)
        return replace(root, items=rest)

    def fault(
        self, node: Node, code: str, message: str, remedy: str, *, note: bool = False
    ) -> None:
        """Note a fault at a node."""
        where = Place(node.file, node.line)
        self.faults.append(Fault(code, message, remedy, where, "note" if note else "error"))

    # The pattern

    def _with_pattern(self, root: Mapping) -> Mapping:
        reference = text_of(root, "pattern")
        if not reference:
            return root
        pattern = self.library.pattern(reference)
        if pattern is None:
            known = sorted({name for name, _ in self.library.patterns})
            self.fault(
                root.items["pattern"],
                "unknown-pattern",
                f"There is no pattern `{reference}`.",
                f"Use one of: {', '.join(known) or 'none is installed'}.",
            )
            return root
        self._note_version(root.items["pattern"], "pattern", reference)
        return _merge(root, pattern)

    def _note_version(self, node: Node, word: str, reference: str) -> None:
        if "@" not in reference:
            self.fault(
                node,
                "missing-version",
                f"`{reference}` has no version, so it may change under you.",
                f"Run `townhall check --fix`, which writes the {word}'s version into the file.",
                note=True,
            )

    # Pages and blocks

    def _pages(self, pages: Sequence) -> Sequence:
        found: list[Node] = []
        for entry in pages.items:
            if isinstance(entry, Mapping) and "use" in entry.items:
                found += self._block(entry)
            else:
                found.append(entry)
        return replace(pages, items=[self._page(page) for page in found])

    def _block(self, entry: Mapping) -> list[Node]:
        reference = text_of(entry, "use") or ""
        block = self.library.block(reference)
        if block is None:
            known = sorted({name for name, _ in self.library.blocks})
            self.fault(
                entry.items["use"],
                "unknown-block",
                f"There is no shared block `{reference}`.",
                f"Use one of: {', '.join(known) or 'none is installed'}.",
            )
            return []
        self._note_version(entry.items["use"], "block", reference)
        for key in sorted(set(entry.items) - {"use", "when", "repeat", "section"}):
            self.fault(
                entry.items[key],
                "unknown-key",
                f"`{key}` has no meaning beside `use`.",
                "Only when, repeat and section go with `use`.",
            )
        return [_placed(page, entry) for page in _sequence(block.items.get("pages"))]

    def _page(self, page: Node) -> Node:
        questions = page.items.get("questions") if isinstance(page, Mapping) else None
        if not isinstance(page, Mapping) or not isinstance(questions, Sequence):
            return page
        filled = replace(questions, items=[self._question(one) for one in questions.items])
        return replace(page, items={**page.items, "questions": filled})

    # Questions

    def _question(self, question: Node) -> Node:
        if not isinstance(question, Mapping):
            return question
        if "ask_again" in question.items:
            question = self._asked_again(question)
        items = dict(question.items)
        if "list" in items:
            items["options"] = self._listed(items.pop("list"))
        if isinstance(inner := items.get("questions"), Sequence):
            items["questions"] = replace(inner, items=[self._question(one) for one in inner.items])
        return replace(question, items=items)

    def _asked_again(self, entry: Mapping) -> Mapping:
        name = text_of(entry, "ask_again") or ""
        declared = self.declared.get(name)
        if declared is None:
            self.fault(
                entry.items["ask_again"],
                "unknown-question",
                f"`{name}` is not declared under `questions:`.",
                "Declare it there once, then place it with ask_again.",
            )
            return replace(entry, items={})
        items = dict(declared.items)
        if "as" in entry.items:
            items["ask"] = entry.items["as"]
        own = {key: entry.items[key] for key in entry.items if key not in ("ask_again", "as")}
        return replace(declared, line=entry.line, file=entry.file, items={**items, **own})

    # Lists

    def _listed(self, reference: Node) -> Node:
        name = reference.value if isinstance(reference, Scalar) else None
        found = self.lists.get(name or "")
        if found is None:
            self.fault(
                reference,
                "unknown-list",
                f"There is no list `{name}`.",
                f"Give it under `lists:`; there are: {', '.join(sorted(self.lists)) or 'none'}.",
            )
            return Sequence(reference.line, reference.file)
        return found

    def _read_lists(self, lists: Node | None) -> None:
        if not isinstance(lists, Mapping):
            return
        for name, node in lists.items.items():
            if isinstance(node, Mapping) and "csv" in node.items:
                self.lists[name] = self._csv(node)
            elif isinstance(node, Sequence):
                self.lists[name] = node
            else:
                self.fault(
                    node,
                    "bad-list",
                    f"`{name}` is not a list.",
                    "List options, or {csv: file.csv}.",
                )

    def _csv(self, node: Mapping) -> Sequence:
        name = text_of(node, "csv") or ""
        folder = self.folder or self.library.folder
        file = folder / name if folder and Path(name).name == name else None
        if file is None or not file.is_file() or file.stat().st_size > MAX_BYTES:
            self.fault(
                node,
                "unknown-file",
                f"There is no file `{name}` beside this one.",
                "Put a CSV with the columns id and say beside the definition.",
            )
            return Sequence(node.line, node.file)
        try:
            text = text_in(file)
            if unwanted := unwanted_in(text, str(file)):
                raise unwanted
        except InvalidDefinition as refused:
            self.faults += refused.faults
            return Sequence(node.line, node.file)
        rows = csv.DictReader(io.StringIO(text))
        options: list[Node] = []
        for number, row in enumerate(rows, start=2):
            cells = {key: str(value) for key, value in row.items() if key and value}
            options.append(
                Mapping(
                    number,
                    str(file),
                    {key: Scalar(value, number, str(file)) for key, value in cells.items()},
                    dict.fromkeys(cells, number),
                )
            )
        return Sequence(node.line, node.file, options)


def text_of(node: Node | None, key: str) -> str | None:
    """Give the string under ``key`` of a mapping."""
    found = node.items.get(key) if isinstance(node, Mapping) else None
    return found.value if isinstance(found, Scalar) else None


def made_ids(tree: Mapping) -> frozenset[tuple[str, str]]:
    """Give (question id, words) of every option that has no explicit id in a resolved tree."""
    return frozenset(
        (text_of(question, "id") or "", words)
        for page in _sequence(tree.items.get("pages"))
        for question in _questions(page)
        for option in _sequence(question.items.get("options"))
        if (words := _words_without_id(option))
    )


def _words_without_id(option: Node) -> str | None:
    if isinstance(option, Scalar):
        return option.value
    return None if text_of(option, "id") else text_of(option, "say")


def _questions(holder: Node) -> list[Mapping]:
    found = []
    for question in _sequence(
        holder.items.get("questions") if isinstance(holder, Mapping) else None
    ):
        if isinstance(question, Mapping):
            found += [question, *_questions(question)]
    return found


def _sequence(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, Sequence) else []


def _merge(root: Mapping, pattern: Mapping) -> Mapping:
    defaults = pattern.items.get("defaults")
    items, lines = dict(root.items), dict(root.key_lines)
    for key, node in defaults.items.items() if isinstance(defaults, Mapping) else ():
        own = items.get(key)
        if own is None:
            items[key], lines[key] = node, node.line
        elif key in _MERGED and isinstance(own, Mapping) and isinstance(node, Mapping):
            items[key] = replace(
                own,
                items={**node.items, **own.items},
                key_lines={**node.key_lines, **own.key_lines},
            )
    around = pattern.items.get("pages")
    first = _sequence(around.items.get("first")) if isinstance(around, Mapping) else []
    last = _sequence(around.items.get("last")) if isinstance(around, Mapping) else []
    if first or last:
        own_pages = items.get("pages")
        where = own_pages or root
        pages = [*first, *_sequence(own_pages), *last]
        items["pages"] = Sequence(where.line, where.file, pages)
        lines.setdefault("pages", where.line)
    return replace(root, items=items, key_lines=lines)


def _placed(page: Node, entry: Mapping) -> Node:
    """Give a block's page the repeat, section and condition of the place that uses it."""
    if not isinstance(page, Mapping):
        return page
    items, lines = dict(page.items), dict(page.key_lines)
    for key in ("repeat", "section"):
        if key in entry.items:
            items[key], lines[key] = entry.items[key], entry.key_lines[key]
    if "when" in entry.items:
        both = [entry.items["when"], *([items["when"]] if "when" in items else [])]
        line = entry.key_lines["when"]
        items["when"] = (
            both[0]
            if len(both) == 1
            else Mapping(line, entry.file, {"all": Sequence(line, entry.file, both)}, {"all": line})
        )
        lines["when"] = line
    return replace(page, items=items, key_lines=lines)
