"""A question as it is about to be drawn: what stands in its boxes and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from townhall.engine.kinds.base import AnyKind, Choice
from townhall.engine.question import Question
from townhall.ui.words import Words

_UNSHOWN = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {0x09, 0x0A, 0x0D})
"""Control characters, which HTML cannot hold: an answer with one is refused all the same."""


def shown(sent: Sequence[str]) -> list[str]:
    """Give texts less what no page may hold."""
    return [text.translate(_UNSHOWN) for text in sent]


@dataclass(frozen=True)
class Mistake:
    """One problem in words: its message, the parts to mark and the control it links to."""

    message: str
    question: str
    parts: tuple[str, ...]
    control: str


@dataclass(frozen=True)
class Field:
    """One question with everything its widget reads.

    ``raw`` is field name → the texts in it; ``ask`` and ``hint`` have earlier answers filled in;
    ``heading`` makes the label the page's h1; ``inside`` holds a group's own fields. ``version`` is
    the definition's and the page's (a question asked again may have other words there), under which
    drawn fragments are kept; without one nothing is kept.
    """

    question: Question
    kind: AnyKind
    words: Words
    ask: str
    hint: Markup | None = None
    raw: Mapping[str, Sequence[str]] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    choices: tuple[Choice, ...] = ()
    heading: bool = False
    caption: str = ""
    inside: tuple[Field, ...] = ()
    version: str = ""

    @property
    def id(self) -> str:
        """The id of the question's first control, where an error's link goes."""
        return next(iter(self.kind.parts(self.question)), self.question.id)

    def texts(self, part: str = "") -> Sequence[str]:
        """Give everything sent under one part's name, less what no page may hold."""
        sent = self.raw.get(self.kind.field(self.question, part), ())
        return shown(sent)

    def text(self, part: str = "") -> str:
        """Give the first text under one part's name, "" when nothing is there."""
        return next(iter(self.texts(part)), "")

    def marks(self, part: str) -> bool:
        """Say whether a part is at fault; a problem of the whole question marks every part."""
        return any(not mistake.parts or part in mistake.parts for mistake in self.mistakes)

    @property
    def label_words(self) -> str:
        """The question, saying so where it need not be answered."""
        if self.question.required or not self.kind.has_value:
            return self.ask
        return f"{self.ask} {self.words('(optional)')}"

    @property
    def label(self) -> dict[str, object]:
        """The label of a single control, as the official macros take it."""
        size = "govuk-label--l" if self.heading else "govuk-label--s"
        return {"text": self.label_words, "classes": size, "isPageHeading": self.heading}

    @property
    def legend(self) -> dict[str, object]:
        """The legend of several controls."""
        size = "govuk-fieldset__legend--l" if self.heading else "govuk-fieldset__legend--s"
        return {"text": self.label_words, "classes": size, "isPageHeading": self.heading}

    @property
    def error(self) -> dict[str, object] | None:
        """The message above the control: every problem of this question, one after the other."""
        if not self.mistakes:
            return None
        text = Markup("<br>").join(mistake.message for mistake in self.mistakes)
        return {"html": text, "visuallyHiddenText": self.words("Error")}

    @property
    def common(self) -> dict[str, object]:
        """What every macro takes: id, hint and message."""
        given: dict[str, object] = {}
        if self.hint:
            given["hint"] = {"html": self.hint}
        if self.error:
            given["errorMessage"] = self.error
        return given
