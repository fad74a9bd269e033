"""The sentences of a definition that people read, and the words that they should not meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from townhall.engine.faults import Path
from townhall.engine.model import Definition

SENTENCES = frozenset(
    {
        "title", "summary", "ask", "short", "hint", "reason", "say", "text", "heading", "inset",
        "warning", "list", "exit", "item", "items", "declaration", "line", "caption", "head",
        "rows", "alt", "divider", "purpose", "consequence", "automated", "power", "answer_by",
        "errors",
    }
)  # fmt: skip
"""Keys whose values are words for people; `next` is one only on the confirmation page."""

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def placeholders(text: str) -> list[str]:
    """Give the names between ``{{`` and ``}}`` in a text."""
    return _PLACEHOLDER.findall(text[:20_000])


def spoken(definition: Definition) -> Iterator[tuple[Path, str]]:
    """Walk every sentence that a resident may read, with the path that leads to it."""
    for key in (
        "title",
        "summary",
        "urgent",
        "start",
        "pages",
        "sections",
        "fee",
        "payment",
        "check",
        "privacy",
        "confirmation",
    ):
        yield from _walk(getattr(definition, key), (key,))
    yield ("confirmation", "next"), definition.confirmation.next
    if definition.acknowledge and definition.acknowledge.name:
        yield ("acknowledge", "name"), definition.acknowledge.name


def _walk(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if _is_sentence(path):
            yield path, value
    else:
        for step, inner in _inside(value):
            # A kind's own settings stand in the file beside the question's other keys.
            yield from _walk(inner, path if step == "settings" else (*path, step))


def _inside(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, BaseModel):
        return [
            (field.alias or name, getattr(value, name))
            for name, field in type(value).model_fields.items()
            if name not in ("when", "require", "examples")
        ]
    if isinstance(value, tuple):
        return enumerate(value)
    return value.items() if isinstance(value, dict) else ()


def _is_sentence(path: Path) -> bool:
    names = [step for step in path if isinstance(step, str)]
    return names[-1] in SENTENCES or "errors" in names[-2:]


PLAIN_WORDS: dict[str, str] = {
    "utilise": "use",
    "utilize": "use",
    "facilitate": "help",
    "commence": "start",
    "terminate": "end",
    "prior to": "before",
    "subsequent to": "after",
    "in order to": "to",
    "in the event that": "if",
    "in respect of": "about",
    "with regard to": "about",
    "pertaining to": "about",
    "aforementioned": "this",
    "hereby": "leave it out",
    "endeavour": "try",
    "ascertain": "find out",
    "purchase": "buy",
    "assist": "help",
    "additional": "more",
    "approximately": "about",
    "deliver on": "do",
    "going forward": "from now on",
    "leverage": "use",
    "robust": "strong",
    "streamline": "make simpler",
    "stakeholder": "people with an interest",
    "forename": "first name",
    "domicile": "home",
    "reside": "live",
    "resides": "lives",
    "dwelling": "home",
    "remittance": "payment",
    "void": "empty",
    "incur": "have to pay",
}
"""Words that GOV.UK's style guide asks writers to avoid, with a plainer one for each."""

AUTOCOMPLETE = frozenset(
    {
        "name", "honorific-prefix", "given-name", "additional-name", "family-name", "nickname",
        "organization", "organization-title", "street-address", "address-line1", "address-line2",
        "address-line3", "address-level2", "address-level1", "country", "country-name",
        "postal-code", "bday", "bday-day", "bday-month", "bday-year", "sex", "url", "email",
        "tel", "tel-national", "language", "username", "off", "on", "one-time-code",
    }
)  # fmt: skip
"""Tokens of the HTML standard that tell a browser what a box is for."""
