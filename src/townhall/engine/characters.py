"""The characters that no words of a definition may hold, and what is said of one."""

from __future__ import annotations

import re

_ALLOWED = r"\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
REFUSED = re.compile(f"[^{_ALLOWED}]")
"""What YAML refuses where it is typed as itself: control characters above all."""

_TURNS = r"\u202a-\u202e\u2066-\u2069"
_TURNING = re.compile(f"[{_TURNS}]")
"""What turns the order of the words round it; the marks U+200E and U+200F turn nothing."""

NOT_WORDS = re.compile(f"[{_TURNS}]|[^{_ALLOWED}]")
MAY_HOLD_ONE = re.compile(rf"\\|[{_TURNS}]")
"""A text without either holds none that YAML has not refused itself: there is no escape in it."""

_ESCAPES = {"\0": "\\0", "\a": "\\a", "\b": "\\b", "\v": "\\v", "\f": "\\f", "\x1b": "\\e"}


def said_of(character: str) -> tuple[str, str]:
    """Give what is wrong with a character and what to do; "" for one that is not known."""
    shown = f" U+{ord(character):04X}" if character else ""
    if _TURNING.match(character):
        return (
            f"This line holds the character{shown}, which shows words in another order.",
            "Take it out: no language needs it, and what is read may not be what is meant.",
        )
    remedy = "Take it out."
    if character == "\0":
        remedy = "Take it out; where the file has many of them, save it as UTF-8."
    return f"This line holds the control character{shown}, which no words may hold.", remedy


def spellings(character: str) -> frozenset[str]:
    """Give how a character may stand in YAML or JSON, in small letters."""
    code = ord(character)
    numbered = {f"\\x{code:02x}", f"\\u{code:04x}", f"\\u{code:08x}"}
    return frozenset({character, _ESCAPES.get(character, character), *numbered})
