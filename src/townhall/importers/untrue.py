"""Words of the source that would be untrue here: where links open, and emails that nobody sends."""

from __future__ import annotations

import re
from typing import Any

from townhall.importers.findings import Findings
from townhall.importers.prose import plain_of

_WORDED = frozenset({"pages", "lists", "sections", "specialPages", "declaration", "values"})
_UNWORDED = frozenset({"value", "name", "path", "condition", "events", "sidebarContent"})
_GAP = r"(?:\s|&nbsp;|&#160;|\xa0)+"
_OPENS = _GAP.join(
    (
        r"opens?",
        r"in",
        rf"(?:an?{_GAP})?(?:new|another|separate)",
        rf"(?:browser{_GAP})?(?:tab|window)",
    )
)
_BEFORE = r"(?:\s|&nbsp;|&#160;)*"
_NEW_TAB = re.compile(
    rf"{_BEFORE}\((?:this{_GAP})?(?:link{_GAP})?(?:will{_GAP})?{_OPENS}[^()<>]{{0,30}}\)"
    rf"|{_BEFORE}(?:[,–-]\s*)?{_OPENS}(?=\s*(?:</a>|\]\())",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_PROMISE = re.compile(
    r"(?=.*(?:\bwill\b|\bshall\b|['’]ll\b))"
    r"(?=.*\b(?:e-?mail(?:s|ed)?|text messages?)\b(?! address))",
    re.IGNORECASE | re.DOTALL,
)


def made_true(plain: dict[str, Any], findings: Findings) -> dict[str, Any]:
    """Give a form without its words on new tabs; they and its promised emails are listed."""
    found = {}
    for key, value in plain.items():
        if key == "values" and isinstance(value, dict):
            found[key] = made_true(value, findings)
        else:
            found[key] = _walked(value, key, findings) if key in _WORDED else value
    return found


def _walked(value: Any, path: str, findings: Findings) -> Any:
    if isinstance(value, dict):
        return {
            key: one if key in _UNWORDED else _walked(one, f"{path}.{key}", findings)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_walked(one, f"{path}[{at}]", findings) for at, one in enumerate(value)]
    return _words(value, path, findings) if isinstance(value, str) else value


def _words(words: str, path: str, findings: Findings) -> str:
    _list_promises(words, path, findings)
    for taken in dict.fromkeys(found[0] for found in _NEW_TAB.finditer(words)):
        findings.note(
            path,
            f"A link says “{plain_of(taken)}”.",
            "Links open in the same tab here.",
            "Those words are left out.",
        )
    return _NEW_TAB.sub("", words)


def _list_promises(words: str, path: str, findings: Findings) -> None:
    if "mail" not in words and "text message" not in words:
        return
    said = [one.strip() for one in _SENTENCE.findall(plain_of(words)) if _PROMISE.match(one)]
    if said:
        findings.note(
            path,
            f"The words promise messages: “{' '.join(said)[:1900]}”",
            "One acknowledgement is sent here, to a person who gives an address for it.",
            "They stand as they are: send those messages, or change the words.",
        )
