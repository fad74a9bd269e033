"""What can be wrong with an answer: a stable code, the question and the part, never the words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Code(StrEnum):
    """The stable problem codes.

    They are a contract: authors key `errors:` by them, examples name them under `fails:` and
    measures count by them. Add to them; never rename one.
    """

    MISSING = "missing"
    BAD_CHARACTER = "bad_character"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    TOO_MANY_WORDS = "too_many_words"
    WRONG_PATTERN = "wrong_pattern"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_SMALL = "too_small"
    TOO_BIG = "too_big"
    DATE_INCOMPLETE = "date_incomplete"
    NOT_A_DATE = "not_a_date"
    BAD_DAY = "bad_day"
    BAD_MONTH = "bad_month"
    BAD_YEAR = "bad_year"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    DATE_IN_PAST = "date_in_past"
    DATE_IN_FUTURE = "date_in_future"
    DATE_NOT_IN_PAST = "date_not_in_past"
    DATE_NOT_IN_FUTURE = "date_not_in_future"
    NOT_A_TIME = "not_a_time"
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_PHONE = "not_a_phone"
    NOT_A_MOBILE = "not_a_mobile"
    NOT_A_UK_PHONE = "not_a_uk_phone"
    NOT_A_URL = "not_a_url"
    NOT_A_POSTCODE = "not_a_postcode"
    NOT_AN_OPTION = "not_an_option"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NOT_EXACTLY = "not_exactly"
    NOT_WITH_OTHERS = "not_with_others"
    NAME_INCOMPLETE = "name_incomplete"
    ADDRESS_INCOMPLETE = "address_incomplete"
    NOT_AGREED = "not_agreed"
    RULE = "rule"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one answer.

    `part` is the short name of the first part at fault ("day"), "" for the whole question; `marks`
    names every part to mark when there is more than one. `params` may hold what was typed or an
    earlier answer, so it is kept out of `repr` and therefore out of logs.
    """

    code: str
    question: str
    part: str = ""
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    marks: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Every part at fault; empty when the whole question is."""
        return self.marks or ((self.part,) if self.part else ())


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
