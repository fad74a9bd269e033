"""Reads a page of ours as a browser without script does: its words, its form and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
PAGE_FORM = "page-form"
Fields = dict[str, list[str]]


@dataclass(frozen=True)
class Form:
    """A form of a page: where it is sent, its boxes by name, and what would be sent untouched."""

    action: str
    names: frozenset[str]
    held: Fields


@dataclass(frozen=True)
class Page:
    """One answer of the server. ``path``: where redirects led; ``errors``: (words, link)."""

    path: str
    status: int
    root: Element = field(repr=False)

    @classmethod
    def read(cls, path: str, status: int, html: str) -> Page:
        """Read a page's HTML."""
        tree = _Tree()
        tree.feed(html)
        tree.close()
        return cls(path, status, tree.root())

    @property
    def place(self) -> tuple[str, str]:
        """The page's name within its service, and the item of a repeat: ("", "") at its start."""
        _, name, item, *_ = [*self.path.strip("/").split("/"), "", ""]
        return name, item

    @property
    def heading(self) -> str:
        """The words of its h1."""
        return next((words_of(one) for one in self.root.iter("h1")), "")

    @property
    def words(self) -> str:
        """Every word on it."""
        return words_of(self.root)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """The links of its error summary."""
        boxes = [one for one in self.root.iter("div") if _is_a(one, "govuk-error-summary")]
        return [(words_of(a), a.get("href", "")) for box in boxes for a in box.iter("a")]

    @property
    def rows(self) -> list[list[str]]:
        """The cells of its tables' rows."""
        return [[words_of(cell) for cell in row] for row in self.root.iter("tr")]

    def by_id(self, id: str) -> str:
        """The words of the element with an id, "" where there is none."""
        return next((words_of(one) for one in self.root.iter() if one.get("id") == id), "")

    def form(self, *, id: str = "", action: str = "") -> Form | None:
        """The form with this id, or with this action."""
        for one in self.root.iter("form"):
            if (id and one.get("id") == id) or (action and one.get("action") == action):
                return self._read_form(one)
        return None

    def _read_form(self, form: Element) -> Form:
        id = form.get("id")
        outside = [one for one in self.root.iter() if id and one.get("form") == id]
        controls = [one for one in (*form.iter(), *outside) if one.get("name")]
        held: Fields = {}
        for control in controls:
            for value in _held(control):
                held.setdefault(control.get("name", ""), []).append(value)
        names = frozenset(one.get("name", "") for one in controls)
        return Form(form.get("action", ""), names, held)


class _Tree(HTMLParser):
    """Builds elements from HTML that is well formed, as every page of ours is."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = TreeBuilder()
        self._builder.start("page", {})

    def root(self) -> Element:
        self._builder.end("page")
        return self._builder.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self._builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._builder.end(tag)

    def handle_data(self, data: str) -> None:
        self._builder.data(data)


def words_of(element: Element) -> str:
    """The words in an element, with single spaces."""
    return " ".join(" ".join(element.itertext()).split())


def _is_a(element: Element, name: str) -> bool:
    return name in element.get("class", "").split()


def _held(control: Element) -> Iterator[str]:
    """What a control would send as it stands."""
    kind = control.get("type", "")
    if control.tag == "textarea":
        yield "".join(control.itertext()).removeprefix("\n")
    elif control.tag == "select":
        chosen = [one for one in control.iter("option") if "selected" in one.attrib]
        yield chosen[0].get("value", "") if chosen else ""
    elif control.tag == "input" and (kind not in ("radio", "checkbox") or _is_set(control)):
        yield control.get("value", "")


def _is_set(control: Element) -> bool:
    return "checked" in control.attrib
