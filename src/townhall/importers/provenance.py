"""Where a form came from, and on what terms: read beside its file, or given on the command line."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_LICENCES = ("_LICENCE.txt", "LICENCE", "LICENCE.txt", "LICENSE", "LICENSE.txt", "LICENSE.md")
_SOURCES = ("_SOURCE.txt",)
_MAX = 100_000


@dataclass(frozen=True)
class Provenance:
    """What stands under ``source:``."""

    origin: str
    file: str
    licence: str
    copyright: str
    sha256: str

    def plain(self) -> dict[str, str]:
        """Give it as the definition has it."""
        found = {
            "from": self.origin,
            "file": self.file,
            "licence": self.licence,
            "copyright": self.copyright,
            "sha256": self.sha256,
        }
        return {key: value[:1900] for key, value in found.items() if value}


@dataclass(frozen=True)
class Given:
    """What the person who imports says of the source; empty where they are silent."""

    origin: str = ""
    licence: str = ""
    copyright: str = ""


def provenance_of(file: Path, data: bytes, given: Given) -> Provenance:
    """Gather it for one file."""
    terms = _beside(file, _LICENCES)
    origin = given.origin or _first_line(_beside(file, _SOURCES))
    holder = re.search(r"(?im)^\s*(?:the\s+)?(copyright\b.*)$", terms)
    return Provenance(
        origin or "A form of the XGov and DEFRA family; where from was not said",
        file.name,
        given.licence or _first_line(terms) or "Not stated",
        given.copyright or (" ".join(holder[1].split()) if holder else "Not stated"),
        hashlib.sha256(data).hexdigest(),
    )


def _beside(file: Path, names: tuple[str, ...]) -> str:
    """Read the first of ``names`` in the file's folder or one above, up to its repository's."""
    for folder in list(file.absolute().parents)[:6]:
        for name in names:
            found = folder / name
            if found.is_file():
                return found.read_bytes()[:_MAX].decode("utf-8", "replace")
        if (folder / ".git").exists():
            break
    return ""


def _first_line(text: str) -> str:
    return next((" ".join(line.split()) for line in text.splitlines() if line.strip("# \t")), "")
