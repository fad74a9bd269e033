"""An author's words with earlier answers filled in, as plain text or as safe HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from townhall.engine.answers import Scope
from townhall.engine.form import Form
from townhall.engine.question import Question
from townhall.engine.text import Fill, filled, filler, markdown_html
from townhall.ui.words import Words


@dataclass(frozen=True)
class Telling:
    """Fills an author's words for one page: ``scope`` is what stands before it.

    Words without ``{{`` are the same for everyone, so what is made of them is kept.
    """

    form: Form
    scope: Scope
    say: Words

    def plain(self, text: str) -> str:
        """A line of words; whatever draws it escapes it."""
        return filled(text, self._fill) if "{{" in text else text

    def title(self, text: str) -> str:
        """A line of words for a title, which histories keep: "…" stands where an answer would."""
        return filled(text, lambda name: self._fill(name) if name == "item.number" else "…")

    def prose(self, text: str) -> Markup:
        """Markdown as safe HTML, in the page's paragraph style."""
        return _styled(markdown_html(text, self._fill)) if "{{" in text else _as_written(text)

    def hint(self, text: str | None) -> Markup | None:
        """A hint: words only, since a link in a hint cannot be reached from its field."""
        if not text:
            return None
        return escape(self.plain(text)) if "{{" in text else _escaped(text)

    @property
    def _fill(self) -> Fill:
        return filler(self.scope, self.form, self.say.language)


def guidance(question: Question) -> str | None:
    """Give what stands under a question: its hint, then why it insists on an answer."""
    if question.hint and question.reason:
        return f"{question.hint} {question.reason}"
    return question.hint or question.reason


@lru_cache(maxsize=4_000)
def _as_written(text: str) -> Markup:
    return _styled(markdown_html(text))


@lru_cache(maxsize=4_000)
def _escaped(text: str) -> Markup:
    return escape(text)


def _styled(html: str) -> Markup:
    return Markup(f'<div class="th-prose">{html}</div>')  # noqa: S704 - the engine sanitises it
