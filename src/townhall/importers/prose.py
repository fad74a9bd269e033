"""Words between HTML, our Markdown and plain text."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from townhall.importers.tags import HEADINGS, PARAGRAPHS

Block = dict[str, Any]
Lost = Callable[[str, str], None]
"""Called with what is left out and what stands instead."""

LONGEST = 18_000
LONGEST_HEADING = 1900
MOST_READ = 200_000

SILENT = frozenset({"script", "style", "svg", "template", "noscript", "head"})
"""Elements whose text nobody reads."""

_BROKEN = HEADINGS | PARAGRAPHS | {"br", "li", "tr", "td", "th"}
_LINK = re.compile(r"\[(?P<words>(?:[^\]\\]|\\.)*)\]\((?P<address>[^)]*)\)")
_RISKY = re.compile(r"[\\`*_\[\]<>#|~]")


def plain_of(html: str) -> str:
    """Give the words of a piece of HTML on one line, without any markup."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    reader = _Words()
    reader.feed(html[:MOST_READ])
    reader.close()
    return " ".join("".join(reader.found).split())


def escaped(text: str) -> str:
    """Write words so that Markdown shows exactly these characters."""
    return _RISKY.sub(lambda found: f"\\{found[0]}", text)


def unmarked(text: str) -> str:
    """Take our Markdown out of words that will be shown as they are."""
    text = _LINK.sub(r"\g<words>", text.replace("**", ""))
    return " ".join(re.sub(r"\\(.)", r"\1", text).split())


def with_addresses(text: str) -> str:
    """Take our Markdown out of words, and put each link's address after the link's words."""
    return unmarked(_LINK.sub(_addressed, text))


def _addressed(link: re.Match[str]) -> str:
    address = link["address"].removeprefix("mailto:").removeprefix("tel:")
    same = unmarked(link["words"]).replace(" ", "") == address
    return link["words"] if same else f"{link['words']} ({escaped(address)})"


def as_text(blocks: list[Block], lost: Lost | None = None) -> str:
    """Write blocks as one text, for places that hold only text, and list what does not fit."""
    text = "\n\n".join(part for block in blocks if (part := _as_text(block)))
    return cut(text, lost, LONGEST) if lost else text


def cut(text: str, lost: Lost, most: int) -> str:
    """Cut words to what their place holds, and list the rest."""
    if len(text) > most:
        lost(f"more than fits in its place: “{text[most:]}”", "What stands before it.")
    return text[:most]


def _as_text(block: Block) -> str:
    if "list" in block:
        return "\n".join(f"- {item}" for item in block["list"])
    if "heading" in block:
        return f"**{escaped(block['heading'])}**"
    if "details" in block:
        return f"**{escaped(block['details']['summary'])}**\n\n{block['details']['text']}"
    if "table" in block:
        table = block["table"]
        rows = [table["head"], *table["rows"]] if "head" in table else table["rows"]
        lines = "\n".join("- " + escaped(", ".join(row)) for row in rows)
        return f"**{escaped(table['caption'])}**\n\n{lines}"
    return str(next(iter(block.values())))


def safe_start(text: str) -> str:
    """Keep a paragraph's first characters from making a list or a rule of it."""
    return re.sub(
        r"(?m)^(\d+)([.)])(?=\s)", r"\1\\\2", re.sub(r"(?m)^([-+=])(?=\s|-)", r"\\\1", text)
    )


def blocks_of_markdown(text: str, lost: Lost) -> list[Block]:
    """Give the blocks of Markdown: its headings, and the text between them as it stands."""
    blocks: list[Block] = []
    held: list[str] = []
    for line in text[:MOST_READ].replace("\r\n", "\n").split("\n"):
        heading = re.fullmatch(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*", line)
        if heading is None:
            held.append(_without_html(line, lost))
            continue
        _flush(blocks, held, lost)
        if heading[1]:
            blocks.append({"heading": cut(plain_of(heading[1]), lost, LONGEST_HEADING)})
    _flush(blocks, held, lost)
    return blocks


def _flush(blocks: list[Block], held: list[str], lost: Lost) -> None:
    text = "\n".join(held).strip()
    if text:
        blocks.append({"text": cut(text, lost, LONGEST)})
    held.clear()


def _without_html(line: str, lost: Lost) -> str:
    if not re.search(r"<[A-Za-z/!]", line):
        return line
    lost("HTML inside Markdown", "Its words alone.")
    return escaped(plain_of(line))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        if tag in _BROKEN:
            self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT and self.silent > 0
        if tag in _BROKEN:
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)
