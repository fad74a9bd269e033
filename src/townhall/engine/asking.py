"""What the kinds and the messages read of a question, so that neither imports the model."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class OptionLike(Protocol):
    """What a kind reads of an option."""

    @property
    def id(self) -> str:
        """Kept for good; empty for a divider."""

    @property
    def say(self) -> str:
        """The words on offer."""

    @property
    def hint(self) -> str | None:
        """Words below it."""

    @property
    def exclusive(self) -> bool:
        """Not to be ticked with others."""

    @property
    def divider(self) -> str | None:
        """Set where the entry is a divider and not an option."""


class QuestionLike(Protocol):
    """What a kind and the wording read of a question."""

    @property
    def id(self) -> str:
        """Its name in conditions and storage."""

    @property
    def ask(self) -> str:
        """The question as asked."""

    @property
    def short(self) -> str | None:
        """Its name on check answers and in messages."""

    @property
    def type(self) -> str:
        """The name of its kind."""

    @property
    def required(self) -> bool:
        """Whether it must be answered."""

    @property
    def errors(self) -> Mapping[str, str]:
        """The author's own words, by problem code."""

    @property
    def options(self) -> Sequence[OptionLike]:
        """What is on offer now, dividers included."""

    @property
    def settings(self) -> object:
        """An instance of its kind's Settings."""
