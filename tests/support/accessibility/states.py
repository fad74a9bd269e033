"""A page as it was sent, in one state, and the shape that says whether it is new."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bs4 import BeautifulSoup, Tag

# The longest word of a text says whether a narrow window has something new to show.
LONG_WORD = 18
# What tells two elements apart for a person: the rest is names and words.
TELLING = ("type", "role", "aria-describedby", "aria-labelledby", "autocomplete", "hidden")
FAILED = re.compile(r"^(Error|Gwall): ")


@dataclass(frozen=True)
class State:
    """One state of one page: where it is, what a person did, and the bytes that came back."""

    service: str
    name: str
    path: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def slug(self) -> str:
        """A file's name for it."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @cached_property
    def page(self) -> BeautifulSoup:
        """The page, parsed."""
        return BeautifulSoup(self.body, "html.parser")

    @property
    def failed(self) -> bool:
        """Whether the page says that something must be put right."""
        return bool(FAILED.match(self.page.title.get_text().strip() if self.page.title else ""))

    @cached_property
    def shape(self) -> str:
        """One for all pages that differ only in words and in how many alike they list."""
        return shape_of(self.page)


def shape_of(tag: Tag, *, bare: bool = False) -> str:
    """A mark of what an element is made of; ``bare`` leaves out its look and how long words are."""
    return hashlib.sha256(_shape(tag, bare).encode()).hexdigest()[:16]


def _shape(tag: Tag, bare: bool) -> str:
    within: list[str] = []
    for child in tag.children:
        drawn = _shape(child, bare) if isinstance(child, Tag) else _words(str(child), bare)
        if drawn and drawn not in within:
            within.append(drawn)
    classes = ".".join(sorted(tag.get_attribute_list("class", [])) if tag.get("class") else [])
    if bare:
        classes, within = "", sorted(set(within))
    marks = ",".join(_mark(tag, name) for name in TELLING if tag.has_attr(name))
    return f"{tag.name}.{classes}[{marks}]({' '.join(within)})"


def _mark(tag: Tag, name: str) -> str:
    # What these two say is a word or a name; the others have a few values each.
    if name.startswith("aria-") or name == "autocomplete":
        return name
    value = tag[name]
    return f"{name}={value if isinstance(value, str) else ' '.join(value)}"


def _words(text: str, bare: bool) -> str:
    longest = max((len(word) for word in text.split()), default=0)
    return "" if not longest else "W" if longest > LONG_WORD and not bare else "w"
