"""The log's record of a request that was answered, and its line: what is alike is made once.

It is the line that is written most. `logs.facts` gives the same one, byte for byte, and is asked
where a record is unusual, or was changed on its way to the handler.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii
from operator import itemgetter

AS_IT_IS = json.JSONEncoder(ensure_ascii=False)
TOOK = "duration_ms"
DELETE = "\x7f"
THOUSANDTHS = tuple(f".{number:03d}+00:00" for number in range(1_000))
# From here on an instant, which is rounded to the microsecond first, is in the next second.
LAST = 0.999_999_5
_bare = object.__new__
_second: list[tuple[float, str]] = [(0.0, "1970-01-01T00:00:00")]


class Answered(logging.LogRecord):
    """The record of a request. It has what any record has; `Alike` makes it."""

    __slots__ = ("alike",)
    alike: "Alike"

    def line(self, asked: str) -> str | None:
        """Give its line as JSON, for the request of that id; None where something is unusual."""
        alike, has = self.alike, self.__dict__
        try:
            took = has[TOOK]
            usual = (
                len(has) == alike.size
                and alike.read(has) == alike.told
                and type(took) is float
                and took * 0 == 0
                and asked
                and asked.isascii()
            )
        except KeyError:
            return None
        if not usual:
            return None
        at, id = instant(has["created"]), encode_basestring_ascii(asked)
        return f'{{"time": "{at}{alike.before}{id}{alike.after}{took!r}}}'


class Alike:
    """What the records of requests have in common that were answered alike."""

    __slots__ = ("after", "before", "began", "has", "read", "size", "told")

    def __init__(self, log: logging.Logger, event: str, facts: Mapping[str, str | int]) -> None:
        """``facts``: what they tell besides how long each took, which is told last."""
        extra = {**facts, TOOK: 0.0}
        first = log.makeRecord(log.name, logging.INFO, "", 0, event, (), None, extra=extra)
        self.began = first.created - first.relativeCreated / 1_000
        self.has: dict[str, object] = vars(first)
        self.read = itemgetter("name", "levelname", "msg", "args", "exc_info", *facts)
        self.told = self.read(self.has)
        before = AS_IT_IS.encode({"level": "info", "logger": log.name, "event": event})
        after = AS_IT_IS.encode({**facts, TOOK: 0})
        self.before, self.after = f'", {before[1:-1]}, "request_id": ', f", {after[1:-2]}"
        # JSON escapes whatever else in ASCII cannot be printed.
        plain = before.isascii() and after.isascii() and DELETE not in before + after
        self.size = len(self.has) if plain else 0

    def record(self, at: float, took: float) -> Answered:
        """Make a record. ``at`` is in seconds since 1970, ``took`` in milliseconds."""
        record = _bare(Answered)
        record.alike = self
        record.__dict__ = has = self.has.copy()
        has["created"], has["msecs"] = at, at % 1 * 1_000
        has["relativeCreated"] = (at - self.began) * 1_000
        has[TOOK] = took
        return record


def instant(created: float) -> str:
    """Write an instant in UTC, to the millisecond. ``created`` is in seconds since 1970."""
    start, second = _second[0]
    past = created - start
    if 0 <= past < LAST:
        return second + THOUSANDTHS[round(past * 1_000_000) // 1_000]
    if created >= 0:
        whole = int(created)
        _second[0] = float(whole), datetime.fromtimestamp(whole, UTC).isoformat()[:19]
    return datetime.fromtimestamp(created, UTC).isoformat(timespec="milliseconds")
