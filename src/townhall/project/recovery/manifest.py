"""What a backup says of itself, and the mark that shows who said it. Plain values.

The mark is an HMAC under a key made from a sealing key, so that a backup which somebody else wrote
or changed is refused before anything of it is read.
"""

import hashlib
import hmac
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from townhall.project.recovery.refusals import Refused
from townhall.submissions.sealing import KeyRing, keyed_mark

FORMAT: Literal[1] = 1
MANIFEST = "manifest.json"
MARK = "manifest.mark"
FILES = "files"
LARGEST = 64_000_000
"""Bytes of the longest manifest that is read: some 400,000 parts."""

_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True)


def _plain_path(name: str) -> str:
    """Refuse a name that could lead out of a folder or hide on a terminal."""
    pure = PurePosixPath(name)
    plain = name.isprintable() and "\\" not in name and len(name) <= 1_000
    if not plain or pure.is_absolute() or ".." in pure.parts or str(pure) != name or name == ".":
        raise ValueError("not the name of a part")
    return name


class Part(BaseModel):
    """One file of a backup: its path in the backup's folder, its size in bytes and its hash."""

    model_config = _STRICT
    name: Annotated[str, AfterValidator(_plain_path)]
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Manifest(BaseModel):
    """What is in a backup. ``keys`` are the ids of the keys that its rows need, never a key."""

    model_config = _STRICT
    townhall_backup: Literal[1] = FORMAT
    townhall: str
    taken_at: AwareDatetime
    database: Literal["sqlite", "postgresql"]
    engine: str
    migrations: tuple[str, ...]
    keys: tuple[str, ...]
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]

    @property
    def size(self) -> int:
        """Bytes of all its parts."""
        return sum(part.size for part in self.parts)


class Mark(BaseModel):
    """Which key marked a manifest, and the mark."""

    model_config = _STRICT
    key: str
    mark: str


class _Format(BaseModel):
    """The one thing that a manifest of any format says."""

    townhall_backup: int


def write(manifest: Manifest) -> bytes:
    """Give a manifest as the bytes of its file."""
    return manifest.model_dump_json(indent=1).encode()


def mark(raw: bytes, ring: KeyRing) -> bytes:
    """Give the bytes of the mark's file, under the current key."""
    made = Mark(key=ring.current, mark=_mark(raw, ring.keys[ring.current]))
    return made.model_dump_json().encode()


def read(raw: bytes, marked: bytes, ring: KeyRing) -> Manifest:
    """Read a manifest that one of our keys has marked.

    Raises Refused: ``key-missing``, ``backup-not-ours``, ``backup-newer`` or ``backup-damaged``.
    """
    try:
        said = Mark.model_validate_json(marked)
    except ValidationError:
        raise damaged(f"{MARK} cannot be read") from None
    if said.key not in ring.keys:
        raise Refused(
            "key-missing",
            f"this backup was marked with the key “{printable(said.key)}”, and TOWNHALL_KEYS does "
            "not hold it. Add it, after the others.",
        )
    if not hmac.compare_digest(said.mark.encode(), _mark(raw, ring.keys[said.key]).encode()):
        raise Refused(
            "backup-not-ours",
            f"{MANIFEST} is not as it was when it was marked with the key “{said.key}”: it was "
            "changed since, or TOWNHALL_KEYS holds another key under that id.",
        )
    return _parsed(raw)


def damaged(what: str) -> Refused:
    """Say what is wrong with a backup, and what that means."""
    return Refused("backup-damaged", f"{what}. Use another backup: this one is not whole.")


def printable(text: str, longest: int = 80) -> str:
    """Give text from elsewhere on one short line, without signs that a terminal would obey."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:longest])


def _parsed(raw: bytes) -> Manifest:
    try:
        if _Format.model_validate_json(raw).townhall_backup > FORMAT:
            raise Refused(
                "backup-newer", "a newer Townhall made this backup. Restore it with that one."
            )
        manifest = Manifest.model_validate_json(raw)
    except ValidationError:
        raise damaged(f"{MANIFEST} cannot be read") from None
    names = [part.name for part in manifest.parts]
    if len(set(names)) != len(names):
        raise damaged(f"{MANIFEST} names a part twice")
    return manifest


def _mark(raw: bytes, key: bytes) -> str:
    own = keyed_mark(key, "townhall: mark backups").encode()
    return keyed_mark(own, hashlib.sha256(raw).hexdigest())
