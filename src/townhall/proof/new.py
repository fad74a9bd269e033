"""Writes the first draft of a service from a pattern's skeleton, filled with what is known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from townhall.engine import source
from townhall.engine.library import Library
from townhall.engine.resolve import text_of

FILL_IN = "FILL IN: "
"""Begins the comment over each place that a skeleton leaves to the council."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ’@()._-]*[A-Za-z0-9)]")
_READ_AS_OTHER = frozenset({"yes", "no", "on", "off", "true", "false", "null", "none", "nan"})
_HASHES = re.compile(r" *Take the # signs? away\.")


class NoPattern(LookupError):
    """There is no such pattern, or it cannot be filled; the message says what there is."""


@dataclass(frozen=True)
class Known:
    """What only the council knows; whatever is empty stays a place marked FILL IN."""

    title: str = ""
    team: str = ""
    email: str = ""
    power: str = ""
    destination: str = ""


@dataclass(frozen=True)
class Written:
    """The YAML of a new service, and the keys that are left to fill in."""

    text: str
    left: tuple[str, ...]


def new_service(
    pattern: str, slug: str, library: Library, *, today: date, known: Known | None = None
) -> Written:
    """Fill a pattern's skeleton: it can be tried in a demonstration as it stands.

    Raises NoPattern when the library has no such pattern, or it has no skeleton.
    """
    reference, found = _pattern(pattern, library)
    skeleton = text_of(found, "skeleton")
    if skeleton is None:
        raise NoPattern(f"The pattern {reference} has no skeleton, so nothing can be made of it.")
    known = known or Known()
    words = slug.replace("-", " ")
    title = known.title or _titled(text_of(found, "titled") or "", words)
    lines = skeleton.splitlines()
    for key, value in {"service": slug, "title": title, "pattern": reference}.items():
        lines = [_with(line, key, value) for line in lines]
    lines = list(_searched(lines, words))
    owner = {"team": known.team, "email": known.email, "review": _in_a_year(today)}
    lines = _filled(lines, "owner", owner)
    lines = _filled(lines, "power", {"power": known.power})
    lines = _filled(lines, "deliver", {"- to": known.destination})
    about = f"# {title}: written by `townhall new` from the pattern {reference}."
    return Written("\n".join([_one_line(about), *lines]) + "\n", tuple(_left(lines)))


def _pattern(pattern: str, library: Library) -> tuple[str, source.Node | None]:
    name, _, wanted = pattern.partition("@")
    versions = [version for known, version in library.patterns if known == name]
    if not versions or (wanted and wanted not in map(str, versions)):
        known = ", ".join(sorted({f"{one}@{version}" for one, version in library.patterns}))
        raise NoPattern(f"There is no pattern {pattern}. There are: {known}.")
    reference = f"{name}@{wanted or max(versions)}"
    return reference, library.pattern(reference)


def _titled(begins: str, words: str) -> str:
    """Give ``Report`` and ``fallen tree`` as ``Report fallen tree``; what begins so stays."""
    first = begins.partition(" ")[0].casefold()
    title = words if words.split()[0] == first else f"{begins} {words}"
    return title.strip()[:1].upper() + title.strip()[1:]


def _in_a_year(today: date) -> str:
    return today.replace(year=today.year + 1, day=min(today.day, 28)).isoformat()


def _with(line: str, key: str, value: str) -> str:
    """Put a value where ``key`` stands, in a comment too."""
    found = re.match(rf"(?P<before>\s*(?:# *)?{re.escape(key)}: )\S.*", line)
    return f"{found['before']}{_scalar(value)}" if found and value else line


def _searched(lines: list[str], words: str) -> Iterator[str]:
    for line in lines:
        yield line
        if line == "search:":
            yield f"  - {_scalar(words)}"


def _filled(lines: list[str], key: str, values: Mapping[str, str]) -> list[str]:
    """Fill the commented place of ``key``, and make it stand when all that it needs is known."""
    at = next((n for n, line in enumerate(lines) if re.match(rf" *# {key}:", line)), None)
    if at is None:
        return lines
    end = next(n for n in range(at, len(lines) + 1) if not _is_comment(lines, n))
    place = lines[at:end]
    for name, value in values.items():
        place = [_with(line, name, value) for line in place]
    if not all(values.values()):
        return [*lines[:at], *place, *lines[end:]]
    standing = [line.replace("# ", "", 1) for line in place]
    return [*lines[: at - 1], _told(lines[at - 1]), *standing, *lines[end:]]


def _is_comment(lines: list[str], number: int) -> bool:
    """Say whether a line belongs to a commented place: the words over the next one do not."""
    if number >= len(lines):
        return False
    return bool(re.match(r" *# +([\w-]+:|- )", lines[number]))


def _told(comment: str) -> str:
    """Give the comment over a place as it reads once the place is filled in."""
    before, _, words = _HASHES.sub("", comment).partition(FILL_IN)
    return f"{before}{words[:1].upper()}{words[1:]}"


def _left(lines: list[str]) -> Iterator[str]:
    for over, line in pairwise(lines):
        if FILL_IN in over and (found := re.match(r" *# ([\w-]+):", line)):
            yield found[1]


def _scalar(text: str) -> str:
    """Write words so that every reader of YAML takes them for the same words."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return text
    if _PLAIN.fullmatch(text) and text.casefold() not in _READ_AS_OTHER:
        return text
    return json.dumps(text, ensure_ascii=False)


def _one_line(comment: str) -> str:
    return " ".join(comment.split())
