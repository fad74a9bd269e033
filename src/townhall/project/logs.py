"""Log lines, one an event, holding what happened and never what anybody typed.

`TOWNHALL_LOG_FORMAT` is `json` (one object a line) or `text` (the same facts for a person to read).
docs/watching.md says what each fact is.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Container, Mapping
from contextvars import ContextVar
from typing import Protocol, TextIO, runtime_checkable

from townhall.project.answered import AS_IT_IS, Answered, instant

# The attributes that every record has; what a caller adds with `extra=` is the rest.
STANDARD = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {
    "message",
    "asctime",
    "taskName",
}
# What a browser may say that it was looking for; anything else is nobody's name for a machine.
HOST_NAME = re.compile(r"[A-Za-z0-9.:\[\]-]{1,253}")
# Where the first part of an address may be known from: our own pages, and the services of which a
# page was answered, which `watching` adds. Anybody may type anything in its place, a name too.
KNOWN: list[Container[str]] = [
    frozenset(
        ("accessibility", "cookies", "health", "language", "leave", "left", "metrics", "static")
    )
    | {"theme.css"}
]
OF_A_SERVICE = frozenset(
    ("check-answers", "confirmation", "continue", "privacy", "schema.json", "time-out")
)
# Words with hyphens, and a short number: the name of a page, where it was one that failed.
PLAIN_WORDS = re.compile(r"[a-z]{1,24}(-([a-z]{1,24}|[0-9]{1,4})){0,9}(\.[a-z]{2,5})?")
LONGEST_PATH = 200
BROKEN = 500
ALLOWED = (str, int, float, bool, type(None))
HIDDEN = "…"
# Where a request keeps its id; no header can have this name.
REQUEST_ID = "townhall.request_id"

# No line of ours says in which thread, process or line of code it was written, so nobody need look
# (Python's Logging HOWTO, "Optimization").
logging._srcfile = None
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request that this thread is answering, so that every line of it carries its id."""


@runtime_checkable
class Asked(Protocol):
    """What is read of a request that a record carries."""

    method: str | None
    path: str
    META: Mapping[str, str]


class JsonLines(logging.Formatter):
    """A record as one JSON object.

    An exception is told by its class and where it was raised. Its text is left out: a database
    or a parser may quote an answer in it.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; signs that could work a terminal are written as escapes."""
        if type(record) is Answered and (made := record.line(request_id.get())):
            return made
        line = facts(record)
        text = AS_IT_IS.encode(line)
        return text if text.isprintable() else json.dumps(line)


class TextLines(logging.Formatter):
    """The same facts as words: instant, level, logger, event, then `name=value` for the rest."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; a sign that could work a terminal is written as `?`."""
        line = facts(record)
        words = [str(line.pop(name)) for name in ("time", "level", "logger", "event")]
        words += [f"{name}={_shown(value)}" for name, value in line.items() if value != ""]
        text = " ".join(words)
        return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)


class AsWarnings(logging.Filter):
    """Lowers an error that whoever scans for servers makes all day, so that real ones are seen."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Make it a warning, and write it where warnings are written."""
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return logging.getLogger().isEnabledFor(logging.WARNING)


class Lines(logging.StreamHandler[TextIO]):
    """Writes lines to a stream, which may send each on by itself: standard error does."""

    def handle(self, record: logging.LogRecord) -> bool:
        """Write a record's line, one at a time."""
        if self.filters or self.lock is None:
            return super().handle(record)
        with self.lock:
            self.emit(record)
        return True

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record's line and send it on; one that cannot be written stops nobody."""
        try:
            stream = self.stream
            stream.write(self.format(record) + self.terminator)
            if not getattr(stream, "line_buffering", False):
                stream.flush()
        except RecursionError:
            raise
        except Exception:
            self.handleError(record)


FORMATS: Mapping[str, type[logging.Formatter]] = {"json": JsonLines, "text": TextLines}


def facts(record: logging.LogRecord) -> dict[str, object]:
    """What a line tells of a record, by name; `time` is in UTC."""
    line: dict[str, object] = {
        "time": instant(record.created),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": _event(record),
    }
    if asked := request_id.get() or _id_of(record):
        line["request_id"] = asked
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
    return line


def formatter(environ: Mapping[str, str]) -> type[logging.Formatter]:
    """Give the kind of line that TOWNHALL_LOG_FORMAT asks for: unset, words at a terminal.

    Raises ValueError for no kind.
    """
    usual = "text" if sys.stderr.isatty() else "json"
    found = FORMATS.get(environ.get("TOWNHALL_LOG_FORMAT") or usual)
    if found is None:
        raise ValueError("TOWNHALL_LOG_FORMAT is json or text")
    return found


def for_the_web_server(environ: Mapping[str, str]) -> dict[str, object]:
    """Give granian's own logging, in our lines. It never writes a line for a request: we do."""
    return {
        "formatters": {"lines": {"()": formatter(environ)}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
    }


def shown_path(path: str, *, failed: bool = False) -> str:
    """A path as a log may hold it: so far as it is known to be ours, and the rest left out.

    ``failed``: a page of ours was asked for and broke, so its name is told where it can be one.
    """
    parts = path.split("/")[1:]
    if not any(parts[:1] and parts[0] in known for known in KNOWN):
        return f"/{HIDDEN}" if any(parts) else "/"
    shown = "/".join(["", parts[0], *(_shown_part(part, failed=failed) for part in parts[1:])])
    return shown if len(shown) <= LONGEST_PATH else f"{shown[:LONGEST_PATH]}{HIDDEN}"


def _shown_part(part: str, *, failed: bool) -> str:
    known = not part or part in OF_A_SERVICE or (failed and PLAIN_WORDS.fullmatch(part))
    return part if known else HIDDEN


def _id_of(record: logging.LogRecord) -> str:
    """The id of the request that a record is about: Django tells of some after their answer."""
    request = getattr(record, "request", None)
    if request is None:  # most often; to look at a protocol takes longer than all the rest
        return ""
    return str(request.META.get(REQUEST_ID, "")) if isinstance(request, Asked) else ""


def _shown(value: object) -> str:
    text = str(value)
    return AS_IT_IS.encode(text) if " " in text else text


def _event(record: logging.LogRecord) -> str:
    """The message; without its arguments where a library may have put a person's words in them."""
    if record.name.startswith("townhall"):
        return record.getMessage()
    request = getattr(record, "request", None)
    if isinstance(request, Asked):
        return _about_a_request(record, request)
    return str(record.msg)


def _about_a_request(record: logging.LogRecord, request: Asked) -> str:
    """What Django says of an answer of 400 or more: method, status and path, without the query."""
    status = getattr(record, "status_code", "-")
    failed = isinstance(status, int) and status >= BROKEN
    said = f"{status} {request.method} {shown_path(request.path, failed=failed)}"
    if not record.name.endswith(".DisallowedHost"):
        return said
    host = request.META.get("HTTP_HOST", "")
    named = host if HOST_NAME.fullmatch(host) else "that name"
    return f"{said}: TOWNHALL_HOSTS does not list {named}"
