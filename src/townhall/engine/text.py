"""An author's words with earlier answers filled in, as plain text or as safe HTML."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

from townhall.engine.kinds.base import AnyKind
from townhall.engine.markdown import to_html, to_text

Fill: TypeAlias = Callable[[str], str]
"""Gives the plain text that stands for a name between `{{` and `}}`; "" for no answer."""

_NAMED = re.compile(r"\{\{[ \t]*([^{}\s](?:[^{}\n]{0,118}[^{}\s])?)[ \t]*\}\}")


class FormLike(Protocol):
    """What filling in reads of a form: the questions by id, and each one's kind."""

    @property
    def questions(self) -> Mapping[str, Any]:
        """Question id to question."""

    def kind(self, question: Any) -> AnyKind:
        """The question's kind."""


def names(text: str) -> tuple[str, ...]:
    """What stands between `{{` and `}}`, in order: question ids, and `item.number`."""
    return tuple(_NAMED.findall(text))


def filler(scope: Mapping[str, Any], form: FormLike, language: str = "en") -> Fill:
    """Fills in shown answers: one line of plain text each, "" where there is no answer."""

    def fill(name: str) -> str:
        value = scope.get(name)
        if value is None:
            return ""
        question = form.questions.get(name)
        if question is None:
            return str(value)
        shown = form.kind(question).show(question, value, language)
        return ", ".join(line for line in shown if line)

    return fill


def substitute(text: str, scope: Mapping[str, Any], form: FormLike, language: str = "en") -> str:
    """The text with answers filled in, as plain text: whoever draws it escapes it.

    An answer that itself holds `{{ … }}` stays as typed. Not for Markdown: give `markdown_html` a
    `filler` instead.
    """
    return filled(text, filler(scope, form, language))


def filled(text: str, fill: Fill) -> str:
    """The text with each `{{ name }}` replaced, once and from left to right."""
    return _NAMED.sub(lambda found: fill(found[1]), text) if "{{" in text else text


def markdown_html(text: str, fill: Fill | None = None) -> str:
    """Safe HTML of an author's paragraphs, lists, bold and links, with answers filled in as text.

    The answers go in after the Markdown was read, so nothing a resident typed becomes markup.
    The tags are exactly p, ul, ol (with start), li, strong and a (with href): no class, no other
    attribute. HTML in the text is shown as typed, and so is a link that is not http, https,
    mailto, tel or a path on this site.
    """
    return to_html(text, _filling(fill)) if "{{" in text else _html_as_written(text)


def markdown_text(text: str, fill: Fill | None = None) -> str:
    """The same words without markup, for messages: "- " before each item of a list."""
    return to_text(text, _filling(fill))


@lru_cache(maxsize=4_000)
def _html_as_written(text: str) -> str:
    return to_html(text, _as_written)


def _filling(fill: Fill | None) -> Callable[[str], str]:
    return (lambda words: filled(words, fill)) if fill else _as_written


def _as_written(words: str) -> str:
    return words
