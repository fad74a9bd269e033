"""Log lines as JSON, one a line, holding what happened and never what anybody typed."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

from django.http import HttpRequest

# The attributes that every record has; what a caller adds with `extra=` is the rest.
STANDARD = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime"}
# What a browser may say that it was looking for; anything else is nobody's name for a machine.
HOST_NAME = re.compile(r"[A-Za-z0-9.:\[\]-]{1,253}")
LONGEST_PATH = 200
ALLOWED = (str, int, float, bool, type(None))


class JsonLines(logging.Formatter):
    """A record as one JSON object.

    An exception is told by its class and where it was raised. Its text is left out: a database
    or a parser may quote an answer in it.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        line |= {
            name: value
            for name, value in vars(record).items()
            if name not in STANDARD and isinstance(value, ALLOWED)
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["raised_at"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line, ensure_ascii=False)


def _event(record: logging.LogRecord) -> str:
    """The message; without its arguments where a library may have put a person's words in them."""
    if record.name.startswith("townhall"):
        return record.getMessage()
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return _about_a_request(record, request)
    return str(record.msg)


def _about_a_request(record: logging.LogRecord, request: HttpRequest) -> str:
    """What Django says of an answer of 400 or more: method, status and path, without the query."""
    path = request.path if len(request.path) <= LONGEST_PATH else f"{request.path[:LONGEST_PATH]}…"
    said = f"{getattr(record, 'status_code', '-')} {request.method} {path}"
    if not record.name.endswith(".DisallowedHost"):
        return said
    host = request.META.get("HTTP_HOST", "")
    named = host if HOST_NAME.fullmatch(host) else "that name"
    return f"{said}: TOWNHALL_HOSTS does not list {named}"
