"""From hostile posted text to clean text: limits first, then characters, then trimming."""

import unicodedata
from collections.abc import Sequence

from townhall.engine.problems import Code, Problem

LINE_LIMIT = 1_000
"""Characters in any one-line box, whatever the author says."""

LONG_LIMIT = 50_000
"""Characters in any many-line box, whatever the author says."""

BYTES_A_CHARACTER = 8
"""Room for marks: a person's writing has fewer than this many UTF-8 bytes a character."""

_UNSEEN = frozenset({"Cc", "Cf", "Me", "Mn"})
"""Categories of characters that show nothing by themselves."""

_SOFT_BREAKS = str.maketrans({"\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n"})


def first(texts: Sequence[str] | None) -> str:
    """The first text sent under a name. A repeated name never binds a second value."""
    return texts[0] if texts else ""


def is_blank(text: str) -> bool:
    """Nothing a person could see was typed."""
    return all(char.isspace() or unicodedata.category(char) in _UNSEEN for char in text)


def characters(text: str) -> int:
    """Characters as a person counts them: marks that sit on another character are not counted.

    Never more than the browser's own count (UTF-16 units), so a person whom the GOV.UK character
    count allows is never refused here.
    """
    if text.isascii():
        return len(text)
    return sum(1 for char in text if unicodedata.category(char) not in ("Mn", "Me", "Cf"))


def over(text: str, limit: int) -> bool:
    """Longer than `limit` characters, or a flood of marks and bytes that no such text needs."""
    if text.isascii():
        return len(text) > limit
    if len(text) > limit * BYTES_A_CHARACTER:
        return True
    return characters(text) > limit or len(text.encode()) > limit * BYTES_A_CHARACTER


def has_bad_character(text: str, *, lines: bool) -> bool:
    """NUL, lone surrogates and other control characters that no keyboard sends."""
    if text.isprintable():
        return False
    allowed = "\t\n" if lines else "\t"
    return any(unicodedata.category(char) in ("Cc", "Cs") and char not in allowed for char in text)


def one_line(
    question: str, texts: Sequence[str] | None, *, part: str = "", limit: int = LINE_LIMIT
) -> str | list[Problem] | None:
    """Trimmed text of a one-line box, None if blank, or what is wrong with its characters."""
    return _clean(question, first(texts), part=part, limit=limit, lines=False)


def many_lines(
    question: str, texts: Sequence[str] | None, *, limit: int = LONG_LIMIT
) -> str | list[Problem] | None:
    """Trimmed text of a many-line box with LF ends, None if blank, or what is wrong."""
    text = first(texts)
    # Two bytes an end of line is the most that CRLF can add to a text within the limit.
    if not text.isprintable() and len(text) <= limit * BYTES_A_CHARACTER * 2:
        text = text.replace("\r\n", "\n").translate(_SOFT_BREAKS)
    return _clean(question, text, part="", limit=limit, lines=True)


def _clean(
    question: str, text: str, *, part: str, limit: int, lines: bool
) -> str | list[Problem] | None:
    if len(text) > limit * BYTES_A_CHARACTER:
        return [_too_long(question, part, limit)]
    text = text.strip()
    if text.isascii() and text.isprintable() and len(text) <= limit:
        # As most of what is typed: each of its characters is one byte, and the first can be seen.
        return text or None
    if has_bad_character(text, lines=lines):
        return [Problem(Code.BAD_CHARACTER, question, part)]
    if is_blank(text):
        return None
    return [_too_long(question, part, limit)] if over(text, limit) else text


def _too_long(question: str, part: str, limit: int) -> Problem:
    return Problem(Code.TOO_LONG, question, part, {"limit": f"{limit:,}"})
