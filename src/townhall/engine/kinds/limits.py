"""Limits as an author writes them: a literal, another question, or a date counted from today."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from townhall.engine.kinds.base import Context
from townhall.engine.operands import Relative, relative

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")


@lru_cache(maxsize=4096)
def read_number_limit(text: str) -> Decimal | str:
    """A number, or the id of a question that holds one. ValueError for anything else."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if _IDENTIFIER.fullmatch(text):
        return text
    raise ValueError("a limit is a number, or the id of an earlier question")


@lru_cache(maxsize=4096)
def read_date_limit(text: str) -> date | Relative | str:
    """A date, a distance from today, or the id of a question. ValueError for anything else."""
    counted = relative(text)
    if counted is not None:
        return counted
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", text):
        return date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    if _IDENTIFIER.fullmatch(text):
        return text
    raise ValueError(
        "a limit is a date such as 2026-12-31, `today`, `today + 5 working days`, "
        "or the id of an earlier question"
    )


def _as_text(raw: object) -> object:
    """JSON may hold a number where YAML, read as strings, holds its text."""
    return str(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else raw


def _number_text(text: str) -> str:
    read_number_limit(text)
    return text


def _date_text(text: str) -> str:
    read_date_limit(text)
    return text


NumberLimit = Annotated[
    str,
    AfterValidator(_number_text),
    BeforeValidator(_as_text, json_schema_input_type=str | int | float),
]
DateLimit = Annotated[str, AfterValidator(_date_text)]


def number_limit(text: str | None, ctx: Context) -> Decimal | None:
    """The number that a limit means now; None where there is none to hold an answer to."""
    if text is None:
        return None
    limit = read_number_limit(text)
    found = ctx.scope.get(limit) if isinstance(limit, str) else limit
    return found if isinstance(found, Decimal) else None


def date_limit(text: str | None, ctx: Context) -> date | None:
    """The date that a limit means now; None where there is none to hold an answer to."""
    if text is None:
        return None
    limit = read_date_limit(text)
    if isinstance(limit, Relative):
        return limit.on(ctx.today)
    found = ctx.scope.get(limit) if isinstance(limit, str) else limit
    return found if isinstance(found, date) else None


def questions_in(*limits: object) -> tuple[str, ...]:
    """The question ids among limits that have been read."""
    return tuple(limit for limit in limits if isinstance(limit, str))
