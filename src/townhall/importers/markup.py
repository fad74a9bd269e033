"""Turns a form's HTML or Markdown into our content blocks; what cannot be carried is listed.

Nothing of the source's markup survives: text is read out of it, and written again as blocks in our
own Markdown. Scripts, styles, pictures and embedded things are left out by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from townhall.importers.prose import (
    LONGEST,
    MOST_READ,
    SILENT,
    Block,
    Lost,
    as_text,
    escaped,
    safe_start,
    unmarked,
)

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend"})
_PARAGRAPHS = frozenset(
    {
        "p",
        "div",
        "section",
        "article",
        "address",
        "blockquote",
        "dl",
        "dt",
        "dd",
        "fieldset",
        "form",
    }
)
_UNCARRIED = {
    "img": "a picture",
    "iframe": "an embedded page",
    "video": "a video",
    "audio": "a recording",
    "object": "an embedded object",
    "embed": "an embedded object",
    "input": "a control of its own",
    "textarea": "a control of its own",
    "select": "a control of its own",
    "script": "a script",
    "button": "a button of its own",
}
_SAFE = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\"'()]+", re.IGNORECASE)
_BUTTON = ":button"


def blocks_of(html: str, lost: Lost) -> list[Block]:
    """Give the blocks that a piece of HTML says."""
    reader = _Reader(lost)
    reader.feed(html[:MOST_READ])
    reader.close()
    reader.end_text()
    return joined(reader.blocks)


def joined(blocks: list[Block]) -> list[Block]:
    """Put neighbouring text together."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else {}
        short = len(str(before.get("text"))) + len(str(block.get("text"))) < LONGEST
        if set(block) == {"text"} and set(before) == {"text"} and short:
            before["text"] += f"\n\n{block['text']}"
            continue
        found.append(dict(block))
    return found


@dataclass
class _List:
    ordered: bool
    items: list[str] = field(default_factory=list)


@dataclass
class _Table:
    caption: str = ""
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    in_head: bool = False


class _Reader(HTMLParser):
    """Gathers blocks as the HTML goes by; its text stays open until something ends it."""

    def __init__(self, lost: Lost) -> None:
        super().__init__(convert_charrefs=True)
        self.lost = lost
        self.blocks: list[Block] = []
        self.text: list[str] = []
        self.silent = 0
        self.lists: list[_List] = []
        self.tables: list[_Table] = []
        self.links: list[str] = []
        self.bold = 0
        self.special: list[str] = []
        self.outer: list[list[Block]] = []
        self.summary = ""
        self.buttons = 0

    # What HTMLParser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _UNCARRIED and not self.silent:
            self.lost(_UNCARRIED[tag], self._instead(tag, given))
        self.silent += tag in SILENT
        if self.silent:
            return
        if tag in ("details", "summary") or (tag == "div" and self._is_special(given)):
            self._open_special(tag, given)
        elif tag in ("table", "thead", "tr", "th", "td") or (tag == "caption" and self.tables):
            self._open_table(tag)
        elif tag in ("ul", "ol", "li"):
            self._open_list(tag)
        elif tag in _HEADINGS or tag in _PARAGRAPHS:
            self.special.append("div") if tag == "div" else None
            self.end_text()
        else:
            self._open_inline(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif self.silent:
            return
        elif tag in ("details", "summary", "div"):
            self._close_special(tag)
        elif tag in ("table", "thead", "th", "td") or (tag == "caption" and self.tables):
            self._close_table(tag)
        elif tag in ("ul", "ol", "li"):
            self._close_list(tag)
        elif tag in _HEADINGS:
            self._end_heading()
        elif tag in _PARAGRAPHS:
            self.end_text()
        else:
            self._close_inline(tag)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(escaped(data.replace("\xa0", " ")))

    # Text

    def _taken(self) -> str:
        """Take the open text: one line for each paragraph, spaces as a browser shows them."""
        lines = [" ".join(line.split()) for line in "".join(self.text).split("\n\x00")]
        self.text.clear()
        text = "\n\n".join(line for line in lines if line)
        return re.sub(r"\*\*\s*\*\*", "", text).strip()

    def end_text(self) -> None:
        """End the open paragraph."""
        if self.lists or self.tables:
            self.text.append(" ")
            return
        text = self._taken()
        if re.search(r"\w", text):
            self.blocks.append({"text": safe_start(text)})

    def _end_heading(self) -> None:
        if self.lists or self.tables:
            return
        text = unmarked(self._taken())
        if text:
            self.blocks.append({"heading": text[:1900]})

    def _open_inline(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self.text.append("\n\x00" if not self.tables else " ")
        elif tag == "a":
            self._open_link(given)
        elif tag in ("b", "strong"):
            self.bold += 1
            self.text.append("**" if self.bold == 1 else "")

    def _close_inline(self, tag: str) -> None:
        if tag == "a" and self.links:
            address = self.links.pop()
            if address == _BUTTON:
                del self.text[self.buttons :]
            else:
                self.text.append(f"]({address})" if address else "")
        elif tag in ("b", "strong") and self.bold:
            self.bold -= 1
            self.text.append("**" if not self.bold else "")

    def _open_link(self, given: dict[str, str]) -> None:
        address = given.get("href", "").strip().strip("”“\"'")
        if "button" in given.get("class", "") or given.get("role") == "button":
            self.lost("a button of its own", "Left out; pages have our own buttons.")
            self.buttons = len(self.text)
            address = _BUTTON
        elif not _SAFE.fullmatch(address):
            if address:
                self.lost(
                    f"a link to `{address[:80]}`", "Its words: it leads inside the old service."
                )
            address = ""
        self.links.append(address)
        self.text.append("[" if address and address != _BUTTON else "")

    # Lists

    def _open_list(self, tag: str) -> None:
        if tag == "li" and self.lists:
            if len(self.lists) == 1:
                self._end_item()
            return
        if not self.lists:
            self.end_text()
        self.lists.append(_List(tag == "ol"))

    def _end_item(self) -> None:
        text = self._taken().replace("\n\n", " ")
        if re.search(r"\w", text):
            self.lists[0].items.append(text)

    def _close_list(self, tag: str) -> None:
        if not self.lists or (tag == "li" and len(self.lists) > 1):
            self.text.append("; " if self.lists else "")
            return
        self._end_item()
        if tag == "li":
            return
        found = self.lists.pop()
        if not self.lists and found.items:
            self.blocks.append(_list_block(found))

    # Tables

    def _open_table(self, tag: str) -> None:
        if tag == "table":
            self.end_text()
            self.tables.append(_Table())
        elif not self.tables:
            return
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag == "thead":
            self.tables[-1].in_head = True
        else:
            self.text.clear()

    def _close_table(self, tag: str) -> None:
        if not self.tables:
            return
        table = self.tables[-1]
        if tag in ("th", "td"):
            if not table.rows:
                table.rows.append([])
            table.rows[-1].append(unmarked(self._taken()))
        elif tag == "caption":
            table.caption = unmarked(self._taken())
        elif tag == "thead":
            table.head, table.rows, table.in_head = (table.rows or [[]])[0], [], False
        elif tag == "table":
            self.text.clear()
            self.tables.pop()
            self._end_table(table)

    def _end_table(self, table: _Table) -> None:
        rows = [row for row in table.rows if any(row)]
        if rows:
            block: Block = {"caption": (table.caption or "Details")[:1900]}
            if any(table.head):
                block["head"] = table.head
            self.blocks.append({"table": {**block, "rows": rows}})

    # Insets, warnings and what opens

    def _is_special(self, given: dict[str, str]) -> bool:
        return any(word in given.get("class", "") for word in ("inset-text", "warning-text"))

    def _open_special(self, tag: str, given: dict[str, str]) -> None:
        self.end_text()
        if tag == "summary":
            return
        name = "details" if tag == "details" else "inset"
        self.special.append("warning" if "warning-text" in given.get("class", "") else name)
        self.outer.append(self.blocks)
        self.blocks = []

    def _close_special(self, tag: str) -> None:
        if tag == "summary":
            self.summary = unmarked(self._taken())
            return
        self.end_text()
        name = self.special.pop() if self.special else "div"
        if name == "div" or not self.outer:
            return
        inner, self.blocks = self.blocks, self.outer.pop()
        text = as_text(joined(inner))
        if name == "details" and text:
            summary = self.summary or "More about this"
            self.blocks.append({"details": {"summary": summary[:1900], "text": text}})
        elif text:
            self.blocks.append({name: text})

    def _instead(self, tag: str, given: dict[str, str]) -> str:
        if tag == "img" and given.get("alt"):
            self.text.append(escaped(given["alt"]))
            return "Its text alternative."
        return "Left out."


def _list_block(found: _List) -> Block:
    if found.ordered:
        lines = [f"{number}. {item}" for number, item in enumerate(found.items, start=1)]
        return {"text": "\n".join(lines)[:LONGEST]}
    return {"list": [item[:1900] for item in found.items]}
