"""Turns a form's HTML or Markdown into our content blocks; what cannot be carried is listed.

Nothing of the source's markup survives: text is read out of it, and written again as blocks in our
own Markdown. Scripts, styles, pictures and embedded things are left out by name. Tags may be left
open, closed twice or crossed: every word is in a block, or in what is listed as lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

from townhall.importers.prose import (
    LONGEST,
    LONGEST_HEADING,
    MOST_READ,
    SILENT,
    Block,
    Lost,
    as_text,
    cut,
    escaped,
    safe_start,
    unmarked,
    with_addresses,
)
from townhall.importers.tags import HEADINGS, PARAGRAPHS, UNCARRIED

_SAFE = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\"'()]+", re.IGNORECASE)
_LINKED = re.compile(r"(?<!\\)\]\(([^)]*)\)")
_BUTTON = ":button"


def blocks_of(html: str, lost: Lost) -> list[Block]:
    """Give the blocks that a piece of HTML says."""
    reader = _Reader(lost)
    reader.feed(html[:MOST_READ])
    reader.close()
    reader.finish()
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
    open: Literal["cell", "caption", ""] = ""


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
        self.outer: list[tuple[list[Block], str]] = []
        self.unread: list[str] = []
        self.summary = ""
        self.buttons = 0

    # What HTMLParser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in UNCARRIED and not self.silent:
            self.lost(UNCARRIED[tag], self._instead(tag, given))
        self.silent += tag in SILENT
        if self.silent:
            return
        if tag in ("details", "summary") or (tag == "div" and self._is_special(given)):
            self._open_special(tag, given)
        elif tag in ("table", "thead", "tr", "th", "td") or (tag == "caption" and self.tables):
            self._open_table(tag)
        elif tag in ("ul", "ol", "li"):
            self._open_list(tag)
        elif tag in HEADINGS or tag in PARAGRAPHS:
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
        elif tag in HEADINGS:
            self._end_heading()
        elif tag in PARAGRAPHS:
            self.end_text()
        else:
            self._close_inline(tag)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(escaped(data.replace("\xa0", " ")))
        elif not self.cdata_elem:
            self.unread.append(data)

    def finish(self) -> None:
        """Close whatever was left open, and list what nobody reads."""
        if self.links and self.links[-1] not in ("", _BUTTON) and "[" in self.text:
            self._close_inline("a")
        while self.tables:
            self._close_table("table")
        while self.lists:
            self._close_list("ul")
        self.end_text()
        while self.special:
            self._leave(self.special.pop())
        if words := " ".join("".join(self.unread).split()):
            what = "words in a drawing, a template or a part for browsers without scripts"
            self.lost(f"{what}: “{words}”", "Left out.")

    # Text

    def _taken(self) -> str:
        """Take the open text: one line for each paragraph, spaces as a browser shows them."""
        lines = [" ".join(line.split()) for line in "".join(self.text).split("\n\x00")]
        self.text.clear()
        text = "\n\n".join(line for line in lines if line)
        return re.sub(r"\*\*(\s*)\*\*", r"\1", text).strip()

    def _short(self, text: str, most: int = LONGEST_HEADING) -> str:
        return cut(text, self.lost, most)

    def _words(self) -> str:
        """Take the open text for a place that holds no link, and list those that it had."""
        text = self._taken()
        for link in _LINKED.finditer(text):
            self.lost(f"a link to `{link[1]}` where no link can be", "Its words.")
        return unmarked(text)

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
            self.text.append(" ")
        elif text := self._words():
            self.blocks.append({"heading": self._short(text)})

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
                words = unmarked("".join(self.text[self.buttons :]))
                del self.text[self.buttons :]
                self.lost(
                    f"a button of its own, “{words}”", "Left out; pages have our own buttons."
                )
            else:
                self.text.append(f"]({address})" if address else "")
        elif tag in ("b", "strong") and self.bold:
            self.bold -= 1
            self.text.append("**" if not self.bold else "")

    def _open_link(self, given: dict[str, str]) -> None:
        address = given.get("href", "").strip().strip("”“\"'")
        if "button" in given.get("class", "") or given.get("role") == "button":
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
        if self.tables:
            self.text.append(" ")
        elif tag == "li" and self.lists:
            if len(self.lists) == 1:
                self._end_item()
        else:
            if not self.lists:
                self.end_text()
            self.lists.append(_List(tag == "ol"))

    def _end_item(self) -> None:
        text = self._taken().replace("\n\n", " ")
        if re.search(r"\w", text):
            self.lists[0].items.append(text)

    def _close_list(self, tag: str) -> None:
        if self.tables or not self.lists or (tag == "li" and len(self.lists) > 1):
            self.text.append("; " if tag == "li" else " ")
            return
        self._end_item()
        if tag == "li":
            return
        found = self.lists.pop()
        if not self.lists and found.items:
            self.blocks.append(self._list_block(found))

    def _list_block(self, found: _List) -> Block:
        if found.ordered:
            lines = [f"{number}. {item}" for number, item in enumerate(found.items, start=1)]
            return {"text": self._short("\n".join(lines), LONGEST)}
        return {"list": [self._short(item) for item in found.items]}

    # Tables

    def _open_table(self, tag: str) -> None:
        if self.tables:
            self._end_cell()
        elif self.lists:
            self._end_item()
        elif tag == "table":
            self.end_text()
        if tag == "table":
            self.tables.append(_Table())
        elif self.tables and tag == "tr":
            self.tables[-1].rows.append([])
        elif self.tables and tag != "thead":
            self.tables[-1].open = "caption" if tag == "caption" else "cell"

    def _end_cell(self) -> None:
        """End the open cell or caption; words outside them come before the table, as in HTML."""
        table = self.tables[-1]
        if table.open == "caption":
            table.caption = f"{table.caption} {self._words()}".strip()
        words = self._taken()
        if table.open == "cell":
            if not table.rows:
                table.rows.append([])
            table.rows[-1].append(with_addresses(words).rstrip("; "))
        elif re.search(r"\w", words):
            self.blocks.append({"text": safe_start(words)})
        table.open = ""

    def _close_table(self, tag: str) -> None:
        if not self.tables:
            self.text.append(" ")
            return
        self._end_cell()
        table = self.tables[-1]
        if tag == "thead" and table.rows and not table.head:
            table.head, *table.rows = table.rows
        elif tag == "table":
            self._end_table(self.tables.pop())

    def _end_table(self, table: _Table) -> None:
        rows = [row for row in table.rows if any(row)]
        head = table.head if any(table.head) else []
        if not rows:
            rows, head = ([head] if head else []), []
        if rows:
            block: Block = {"caption": self._short(table.caption or "Details")}
            if head:
                block["head"] = head
            self.blocks.append({"table": {**block, "rows": rows}})
        elif table.caption:
            self.blocks.append({"text": safe_start(escaped(table.caption))})

    # Insets, warnings and what opens

    def _is_special(self, given: dict[str, str]) -> bool:
        return any(word in given.get("class", "") for word in ("inset-text", "warning-text"))

    def _open_special(self, tag: str, given: dict[str, str]) -> None:
        self.end_text()
        if tag == "summary":
            return
        name = "details" if tag == "details" else "inset"
        self.special.append("warning" if "warning-text" in given.get("class", "") else name)
        self.outer.append((self.blocks, self.summary))
        self.blocks, self.summary = [], ""

    def _close_special(self, tag: str) -> None:
        if tag == "summary":
            self._end_summary()
            return
        self.end_text()
        if not any((name == "details") == (tag == "details") for name in self.special):
            return
        name = ""
        while (name == "details") != (tag == "details") or not name:
            name = self.special.pop()
            self._leave(name)

    def _end_summary(self) -> None:
        words = self._words()
        if "details" in self.special and not self.summary:
            self.summary = self._short(words)
        elif words:
            self.blocks.append({"heading": self._short(words)})

    def _leave(self, name: str) -> None:
        """End an inset, a warning or what opens: what it holds becomes one block."""
        if name == "div":
            return
        inner, summary = joined(self.blocks), self.summary
        self.blocks, self.summary = self.outer.pop()
        text = as_text(inner, self.lost)
        if name == "details" and text:
            summary = summary or "More about this"
            self.blocks.append({"details": {"summary": summary, "text": text}})
        elif text or summary:
            self.blocks.append({name: text} if text else {"text": safe_start(escaped(summary))})

    def _instead(self, tag: str, given: dict[str, str]) -> str:
        if tag == "img" and given.get("alt"):
            self.text.append(escaped(given["alt"]))
            return "Its text alternative."
        return "Left out."
