"""Mends what is not well formed, only so that the rest can be checked in the same run."""

from __future__ import annotations

import copy
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from townhall.engine import source
from townhall.engine.faults import Path
from townhall.engine.load import MAX_FAULTS, Loaded
from townhall.engine.model import Definition
from townhall.proof.case import Finding

MAX_ROUNDS = 12
_STAND_INS: dict[str, Any] = {
    "townhall": "1",
    "service": "stand-in",
    "confirmation": {"next": "stand-in"},
    "pages": [{"page": "stand-in", "content": [{"text": "stand-in"}]}],
    "type": "text",
    "retain": {"submitted": "1 year after submitted"},
    "basis": "public task",
    "review": "9999-12-31",
    "require": {"item.number": "1"},
    "rows": [],
}

_NAMES = ("id", "page", "section", "service")
_LEAVES_NAMELESS = frozenset(
    {"unknown-block", "unknown-pattern", "unknown-question", "unknown-list", "unknown-file"}
)
_ABOUT_NAMES = frozenset(
    {"unknown-question", "unknown-page", "unknown-repeat", "operand", "not-an-email-question"}
)
_LISTS_OF_WORDS = frozenset({"list", "search", "head", "rows", "total", "visits", "languages"})


@dataclass(frozen=True)
class Mended:
    """A definition with stand-ins where the author's file was not well formed.

    ``around`` are the places that were mended; what is found at or about them is not to be trusted.
    ``nameless`` says that something lost its name, so that nothing is known to be unknown.
    """

    definition: Definition
    around: tuple[Path, ...] = ()
    names: frozenset[str] = frozenset()
    nameless: bool = False

    def trusts(self, finding: Finding) -> bool:
        """Say whether a finding is the author's fault, and not that of a stand-in."""
        if self.nameless and finding.code in _ABOUT_NAMES:
            return False
        if any(_is_about(finding.path, path) for path in self.around):
            return False
        return not any(f"`{name}`" in finding.message for name in self.names)


def _is_about(path: Path, mended: Path) -> bool:
    """Say whether ``path`` is at what was mended, and not at an item of a list deeper in it."""
    rest = path[len(mended) :]
    return path[: len(mended)] == mended and not any(isinstance(step, int) for step in rest)


def salvage(loaded: Loaded) -> Mended | None:
    """Give the definition, mended if need be; None when too little of it is there."""
    codes = {fault.code for fault in loaded.faults}
    if loaded.tree is None or len(loaded.faults) >= MAX_FAULTS or "page-count" in codes:
        return None
    mender = _Mender(set(_names_of_faults(loaded)), bool(codes & _LEAVES_NAMELESS))
    if loaded.definition is not None:
        names = mender.names if mender.nameless else set()
        return Mended(loaded.definition, (), frozenset(names), mender.nameless)
    return mender.mended(copy.deepcopy(source.plain(loaded.tree)))


@dataclass
class _Mender:
    """Puts stand-ins into a tree until it is a definition, and remembers where."""

    names: set[str]
    nameless: bool
    around: set[Path] = field(default_factory=set)

    def mended(self, tree: Any) -> Mended | None:
        for _ in range(MAX_ROUNDS):
            try:
                definition = Definition.model_validate(tree)
            except ValidationError as error:
                paths = list(_paths(error))
                if () in paths:
                    return None
                for path in paths:
                    self._take(tree, path)
                continue
            around = tuple(self.around - {()})
            return Mended(definition, around, frozenset(self.names), self.nameless)
        return None

    def _take(self, tree: Any, path: Path) -> None:
        self.nameless |= path[-1] in ("id", "page")
        self.names |= _names_at(tree, path)
        self.around.add(_holder(path))
        _mend(tree, path)


def _names_of_faults(loaded: Loaded) -> Iterator[str]:
    """A block, list or question that could not be found leaves names behind that mean nothing."""
    for fault in loaded.faults:
        yield from (part for part in fault.message.split("`")[1::2])


def _paths(error: ValidationError) -> Iterator[Path]:
    for one in error.errors(include_url=False, include_input=False):
        inner = one.get("ctx", {}).get("errors")
        base: Path = tuple(step for step in one["loc"] if step != "[key]")
        if one["type"] == "bad-settings" and inner:
            for deeper in inner:
                yield (*base, *deeper["loc"])
        else:
            yield base


def _holder(path: Path) -> Path:
    """Give the nearest thing of a list (a page, a question, an option) that holds a place."""
    for length in range(len(path), 0, -1):
        if isinstance(path[length - 1], int):
            return path[:length]
    return path[:1]


def _names_at(tree: Any, path: Path) -> set[str]:
    """Give the ids that a broken place goes by, so that nothing is said to be missing for it."""
    found: set[str] = set()
    node = tree
    for step in path:
        if isinstance(node, dict):
            found |= {str(node[key]) for key in ("id",) if key in node}
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            break
    if isinstance(node, str) and path[-1] in _NAMES:
        found.add(node)
    return found | set(_names_in(node))


def _names_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (str(node[key]) for key in _NAMES if isinstance(node.get(key), str))
    for inner in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from _names_in(inner)


def _mend(tree: Any, path: Path) -> None:
    """Take out what stands at ``path``; where something must stand, put a stand-in."""
    holder, at = tree, 0
    while at < len(path) - 1 and (inner := _inside(holder, path[at])) is not None:
        holder, at = inner, at + 1
    step = path[at]
    if isinstance(holder, dict):
        _mend_value(holder, str(step), path)
    elif isinstance(holder, list) and isinstance(step, int) and step < len(holder):
        holder[step] = _item(str(path[at - 1]) if at else "", _unique(path))


def _item(name: str, unique: str) -> Any:
    """Give something that may stand in the list of this name."""
    made: dict[str, Any] = {
        "options": {"id": unique, "say": unique},
        "questions": {"id": unique, "ask": unique, "type": "yes-no"},
        "pages": {"page": unique, "content": [{"text": unique}]},
        "content": {"text": unique},
        "start": {"text": unique},
    }
    return made.get(name, unique if name in _LISTS_OF_WORDS else {})


def _unique(path: Path) -> str:
    return f"stand-in-{zlib.crc32(repr(path).encode())}"


def _inside(holder: Any, step: str | int) -> Any:
    if isinstance(holder, dict):
        inner = holder.get(str(step))
    elif isinstance(holder, list) and isinstance(step, int) and step < len(holder):
        inner = holder[step]
    else:
        return None
    return inner if isinstance(inner, dict | list) else None


def _mend_value(holder: dict[str, Any], name: str, path: Path) -> None:
    if name in holder:
        del holder[name]
        return
    unique = _unique(path)
    if name in ("page", "id", "section", "go", "at", "to"):
        holder[name] = unique
    else:
        holder[name] = copy.deepcopy(_STAND_INS.get(name, "stand-in"))
