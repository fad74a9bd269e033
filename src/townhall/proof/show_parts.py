"""The small pieces of a service in plain words: content blocks, dates and indented lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from townhall.engine.explain import condition_words
from townhall.engine.fees import FeeTables
from townhall.engine.form import Form
from townhall.engine.model import Content
from townhall.engine.text import markdown_text


def day(value: date) -> str:
    """Write a date as GOV.UK does: 1 April 2027."""
    return f"{value.day} {value:%B %Y}"


def indented(lines: Iterable[str]) -> list[str]:
    """Put two spaces before every line, those inside a line's own line breaks too."""
    return [f"  {part}" for line in lines for part in line.splitlines() or [""]]


def pounds(key: str, fees: FeeTables) -> str:
    """Say every dated price of a key: £48.00 from 1 April 2026, £52.00 from 1 April 2027."""
    dated = sorted(fees.prices.get(key, ()), key=lambda price: price.from_)
    said = [f"{_sum(price.pounds)} from {day(price.from_)}" for price in dated]
    return f"{', '.join(said) or 'no price'} ({key} of the fee table)"


def _sum(amount: Decimal) -> str:
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def content_lines(content: tuple[Content, ...], form: Form) -> list[str]:
    """Give a page's words, each with its condition."""
    return [line for block in content for line in _content(block, form)]


def _content(block: Content, form: Form) -> list[str]:
    when = f" (when {condition_words(block.when, form)})" if block.when else ""
    if block.list_:
        return [f"List{when}:", *indented(f"- {markdown_text(item)}" for item in block.list_)]
    if block.details:
        text = markdown_text(block.details.text)
        return [f"Details{when}: {block.details.summary}", *indented([text])]
    if block.table:
        rows = [" | ".join(row) for row in (block.table.head, *block.table.rows) if row]
        return [f"Table{when}: {block.table.caption}", *indented(rows)]
    return [f"{_label(block)}{when}: {_words(block)}"]


def _label(block: Content) -> str:
    given = next(iter(block.model_fields_set - {"when"}), "text")
    return given.removesuffix("_").capitalize()


def _words(block: Content) -> str:
    if block.image:
        return f"{block.image.src}, described as “{block.image.alt}”"
    if block.link:
        return f"{block.link.say}, to {block.link.url}"
    if block.contact:
        parts = (block.contact.name, block.contact.phone, block.contact.email, block.contact.hours)
        return ", ".join(part for part in parts if part)
    return block.heading or block.warning or markdown_text(block.text or block.inset or "")
