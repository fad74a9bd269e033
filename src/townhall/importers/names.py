"""Makes ids in our language from the source's names: stable, and never twice the same."""

from __future__ import annotations

import re
import unicodedata

from townhall.engine.model import RESERVED_PAGES

_LONGEST = 80


class Names:
    """Ids given so far; asks for the same key give the same id."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        """Begin with the ids that may not be used."""
        self._taken = set(taken)
        self._given: dict[object, str] = {}

    def give(self, key: object, wanted: str) -> str:
        """Give the id of ``key``: ``wanted``, numbered where another key has it."""
        if key not in self._given:
            self._given[key] = self._free(wanted)
            self._taken.add(self._given[key])
        return self._given[key]

    def _free(self, wanted: str) -> str:
        found, number = wanted, 2
        while found in self._taken:
            found = f"{wanted[: _LONGEST - 5]}-{number}"
            number += 1
        return found


def page_names() -> Names:
    """Give an empty book of page ids."""
    return Names(RESERVED_PAGES)


def page_id(path: str) -> str:
    """Make a page id of an address: ``/not-eligible/2-years`` gives ``not-eligible-2-years``."""
    plain = re.sub(r"[^a-z0-9]+", "-", _ascii(path).lower()).strip("-")
    return _cut(plain, "-") or "page"


def identifier(name: str, otherwise: str = "question") -> str:
    """Make an id of a name: the source's own where the language allows it."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", _ascii(name)).strip("-_")
    if not plain:
        return otherwise
    return _cut(plain if plain[0].isalpha() else f"{otherwise[0]}-{plain}", "-")


def option_id(value: object) -> str:
    """Make an option id of the value that the source stores: the value itself where allowed."""
    text = _spelled(value)
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}", text):
        return text
    plain = re.sub(r"[^a-z0-9]+", "-", _ascii(text).lower()).strip("-")
    return _cut(plain, "-") or "option"


def _spelled(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _cut(text: str, sign: str) -> str:
    """Shorten to what an id may hold, at the end of a word."""
    if len(text) <= _LONGEST - 5:
        return text
    return text[: _LONGEST - 5].rpartition(sign)[0].strip(sign) or text[: _LONGEST - 5]
