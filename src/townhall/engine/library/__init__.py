"""The shelf that definitions draw on: blocks, patterns, prices and the council's settings."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from townhall.engine.council import Council
from townhall.engine.faults import Fault, InvalidDefinition, Place
from townhall.engine.fees import FeeTables, read_prices
from townhall.engine.source import Mapping, Node, Scalar, place_of, plain, read, text_in

SHIPPED = Path(__file__).parent
COUNCIL_FILE = "council.yaml"
FEES_FILE = "fees.yaml"
NOT_SERVICES = frozenset({COUNCIL_FILE, FEES_FILE})

_VERSIONED = re.compile(r"(?P<name>[a-z0-9-]+)(?:@(?P<version>[1-9]\d{0,3}))?")


@dataclass(frozen=True)
class Library:
    """What a definition may refer to by name.

    ``blocks`` and ``patterns`` are parsed files by (name, version); ``folder`` is where files
    beside the definitions (lists) are looked for.
    """

    blocks: MappingType[tuple[str, int], Mapping] = field(default_factory=dict)
    patterns: MappingType[tuple[str, int], Mapping] = field(default_factory=dict)
    fees: FeeTables = field(default_factory=FeeTables)
    council: Council | None = None
    folder: Path | None = None

    @classmethod
    def shipped(cls) -> Library:
        """Give the blocks and patterns that come with Townhall."""
        return cls().with_folder(SHIPPED)

    def with_folder(self, folder: Path) -> Library:
        """Add a folder's ``blocks/``, ``patterns/``, ``fees.yaml`` and ``council.yaml``.

        Raises InvalidDefinition with the place of the fault when one of them is not well formed.
        """
        return replace(
            self,
            blocks={**self.blocks, **_parts(folder / "blocks", "block")},
            patterns={**self.patterns, **_parts(folder / "patterns", "pattern")},
            fees=_fees(folder / FEES_FILE) or self.fees,
            council=read_council(folder / COUNCIL_FILE) or self.council,
            folder=folder,
        )

    def demonstrated(self) -> Library:
        """Give the same shelf, its council a demonstration whatever the settings say."""
        shown = self.council and self.council.model_copy(update={"demonstration": True})
        return replace(self, council=shown)

    def block(self, reference: str) -> Mapping | None:
        """Give the block named ``name@version``, or the newest of that name."""
        return _find(self.blocks, reference)

    def pattern(self, reference: str) -> Mapping | None:
        """Give the pattern named ``name@version``, or the newest of that name."""
        return _find(self.patterns, reference)


def newest(shelf: MappingType[tuple[str, int], Mapping], name: str) -> int | None:
    """Give the highest version of ``name`` on a shelf."""
    return max((version for (other, version) in shelf if other == name), default=None)


def read_council(file: Path) -> Council | None:
    """Read a council's settings; None when there is no such file. Raises InvalidDefinition."""
    if not file.is_file():
        return None
    node = read(text_in(file), str(file))
    try:
        return Council.model_validate(plain(node))
    except ValidationError as error:
        raise InvalidDefinition(_faults(error, node)) from error


def _fees(file: Path) -> FeeTables | None:
    if not file.is_file():
        return None
    node = read(text_in(file), str(file))
    whole = plain(node)
    try:
        return read_prices(whole if isinstance(whole, dict) else {})
    except ValidationError as error:
        raise InvalidDefinition(_faults(error, node)) from error


def _faults(error: ValidationError, node: Node) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            "settings",
            f"`{'.'.join(map(str, one['loc']))}`: {one['msg']}.",
            "Correct this setting.",
            place_of(node, one["loc"]),
        )
        for one in error.errors(include_url=False)
    )


def _parts(folder: Path, word: str) -> dict[tuple[str, int], Mapping]:
    found: dict[tuple[str, int], Mapping] = {}
    for file in sorted(folder.glob("*.yaml")):
        node = read(text_in(file), str(file))
        if not isinstance(node, Mapping):
            raise InvalidDefinition((_not_a(word, file),))
        name, version = _word(node, word), _word(node, "version") or "1"
        if not name or not version.isdigit():
            raise InvalidDefinition((_not_a(word, file),))
        found[name, int(version)] = node
    return found


def _word(node: Mapping, key: str) -> str | None:
    found = node.items.get(key)
    return found.value if isinstance(found, Scalar) else None


def _not_a(word: str, file: Path) -> Fault:
    return Fault(
        f"not-a-{word}",
        f"This file is not a {word}.",
        f"Give it `{word}:` (its name) and `version:` (a number).",
        Place(str(file)),
    )


def _find(shelf: MappingType[tuple[str, int], Mapping], reference: str) -> Mapping | None:
    found = _VERSIONED.fullmatch(reference)
    if found is None:
        return None
    version = int(found["version"]) if found["version"] else newest(shelf, found["name"])
    return shelf.get((found["name"], version or 0))
