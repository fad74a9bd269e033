"""What can be wrong with an answer, as a stable code; and what a person is told about it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from townhall.engine.asking import OptionLike, QuestionLike
from townhall.engine.wording_names import Name, name_of
from townhall.engine.wording_words import AND, PARTS, WORDS

__all__ = ["Code", "OptionLike", "Problem", "QuestionLike", "wording"]


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


_RANGES = {Code.TOO_SMALL, Code.TOO_BIG, Code.TOO_EARLY, Code.TOO_LATE}


def wording(problem: Problem, question: QuestionLike, language: str = "en") -> str:
    """What a person is told: what is wrong and what to do about it, in plain text.

    The author's own `errors` win, by code, its words parted by underscores or hyphens. What comes
    back may hold the author's `{{ … }}`: fill it like any of the author's words. A language that
    has no table is told in English.
    """
    code = str(problem.code)
    own = question.errors.get(code) or question.errors.get(code.replace("_", "-"))
    if own:
        return own
    known = language.split("-")[0]
    known = known if known in WORDS else "en"
    name = name_of(question, known)
    if code == Code.MISSING and name.whole:
        return name.whole
    template = _template(problem, question.type, name, WORDS[known])
    # A blank that no param fills is left empty: words must never fail a person's request.
    blanks = defaultdict(
        str,
        problem.params,
        subject=name.subject,
        enter=name.enter,
        ask=question.ask,
        parts=_parts(problem, known),
        s="" if problem.params.get("limit") == "1" else "s",
    )
    return template.format_map(blanks)


def _template(problem: Problem, type: str, name: Name, words: Mapping[str, str]) -> str:
    code = str(problem.code)
    if problem.code in _RANGES and {"low", "high"} <= problem.params.keys():
        return words["between"]
    if type == "yes-no" and name.quoted:
        return words["missing:quoted"]
    return words.get(f"{code}:{type}") or words.get(code) or words["other"]


def _parts(problem: Problem, language: str) -> str:
    return AND[language].join(PARTS[language].get(part, part) for part in problem.parts)
