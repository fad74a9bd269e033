"""An author's words on a page, as HTML: headings, paragraphs, lists, boxes and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from markupsafe import Markup

from townhall.engine.model import Content, Details, Table
from townhall.ui.drawn import Once
from townhall.ui.environment import component, fragment
from townhall.ui.words import Words

Fill = Callable[[str], str]
Prose = Callable[[str], Markup]


def content_html(blocks: Iterable[Content], prose: Prose, plain: Fill, say: Words) -> Markup:
    """Draw blocks in order.

    ``prose`` turns an author's Markdown into safe HTML and ``plain`` fills a line of words; both
    put earlier answers in.
    """
    drawn = [_drawn(block, prose, plain, say) for block in blocks]
    if not drawn:
        return _NOTHING
    return drawn[0] if len(drawn) == 1 else _LINE.join(drawn)


_NOTHING, _LINE = Markup(), Markup("\n")
_blocks: Once[tuple[Content, Markup | None]] = Once(5_000)
"""Each block, held so that no other takes its id, and what it looks like if to everyone alike."""


def _drawn(block: Content, prose: Prose, plain: Fill, say: Words) -> Markup:
    key = (id(block), say.language)
    _, kept = _blocks.get(key, partial(_alike, block, prose, plain, say))
    return _block(block, prose, plain, say) if kept is None else kept


def _alike(block: Content, prose: Prose, plain: Fill, say: Words) -> tuple[Content, Markup | None]:
    personal = "{{" in block.model_dump_json()
    return block, None if personal else _block(block, prose, plain, say)


def _block(block: Content, prose: Prose, plain: Fill, say: Words) -> Markup:
    if block.text is not None:
        return prose(block.text)
    if block.inset is not None:
        return component("inset-text", {"html": prose(block.inset)})
    if block.warning is not None:
        params = {"text": plain(block.warning), "iconFallbackText": say("Warning")}
        return component("warning-text", params)
    if block.details is not None:
        return _details(block.details, prose, plain)
    if block.table is not None:
        return _table(block.table, plain)
    return fragment("content", block=block, plain=plain, prose=prose, say=say)


def _details(details: Details, prose: Prose, plain: Fill) -> Markup:
    params = {"summaryText": plain(details.summary), "html": prose(details.text)}
    return component("details", params)


def _table(table: Table, plain: Fill) -> Markup:
    caption = plain(table.caption)
    drawn = component(
        "table",
        {
            "caption": caption,
            "captionClasses": "govuk-table__caption--m",
            "head": [{"text": plain(cell)} for cell in table.head],
            "rows": [[{"text": plain(cell)} for cell in row] for row in table.rows],
        },
    )
    columns = max((len(row) for row in table.rows), default=0)
    return scrolling(drawn, caption) if columns > FITS else drawn


FITS = 3
"""Columns that a small screen has room for."""


def scrolling(drawn: Markup, label: str) -> Markup:
    """Let a wide table scroll by itself, by keys too, so the page does not (WCAG 1.4.10)."""
    words = '<section class="th-scroll" tabindex="0" aria-label="{}">{}</section>'
    return Markup(words).format(label, drawn)  # noqa: S704
