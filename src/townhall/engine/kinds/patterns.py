"""An author's pattern for text, run by RE2 so that no text can make it slow."""

from functools import lru_cache
from typing import Any

import re2

PATTERN_LIMIT = 500
"""Characters in a pattern."""

_MEMORY = 1 << 20
"""Bytes that RE2 may use for one pattern and its cache of states."""


class BadPattern(ValueError):
    """A pattern that RE2 does not take; the message says why."""


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """The pattern ready to run. BadPattern if it is too long or not in RE2's language."""
    if len(pattern) > PATTERN_LIMIT:
        raise BadPattern(f"it is longer than {PATTERN_LIMIT} characters")
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise BadPattern(_reason(error)) from error
    except UnicodeError as error:
        raise BadPattern("it holds half a character") from error


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text fits the pattern."""
    return compiled(pattern).fullmatch(text) is not None


def _reason(error: Exception) -> str:
    detail = error.args[0] if error.args else ""
    return detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
