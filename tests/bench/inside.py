"""The journey without a network: requests handed to Django as a web server hands them over.

`python -m tests.bench.inside COMMAND` makes a store in TOWNHALL_DATA (or at DATABASE_URL), goes
through it and prints JSON. It is a process of its own, so that commits are real and nothing else
is counted.
"""

from __future__ import annotations

import gzip
import io
import json
import logging
import os
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.cookies import SimpleCookie
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import yaml

HERE = Path(__file__).parent
SERVICES = HERE / "services"
JOURNEY = yaml.safe_load((HERE / "journey.yaml").read_text())
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
KINDS = ("start", "begin", "page", "save", "check", "submit", "confirm")
"""Every kind of request that a journey makes, in the order in which it first makes them."""
ENDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def set_up(folder: Path = SERVICES) -> None:
    """Make the tables and publish a folder of services, as `townhall serve` does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townhall.project.settings")
    os.environ["TOWNHALL_SERVICES"] = str(folder)
    data = Path(os.environ["TOWNHALL_DATA"])
    data.mkdir(parents=True, exist_ok=True)
    import_module("django").setup()
    now = import_module("townhall.project.clock").now()
    import_module("townhall.project.preparation").prepare(data, at=now)


class Browser:
    """One person's cookies, and the address and token of the page they are at."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application
        self.cookies: dict[str, str] = {}
        self.path = ""
        self.token = ""

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> str:
        """Make one request; gives where it leads, "" for a page. AssertionError for a fault."""
        return self.answer(self.application, self.environ(method, path, data))

    def answer(self, application: Callable[..., Any], environ: dict[str, Any]) -> str:
        """Hand over a request and read what comes back, as our server does."""
        sent = environ.pop("wsgi.input").read()
        status, headers, body = application(environ, sent)
        assert status in (200, 302, 303), (status, environ["PATH_INFO"], body[:300])
        for name, value in headers:
            if name.lower() == "set-cookie":
                self.cookies |= {key: one.value for key, one in SimpleCookie(value).items()}
        told = {name.lower(): value for name, value in headers}
        if found := TOKEN.search(plain(body, told)):
            self.token = found[1]
        return urlsplit(told.get("location", "")).path

    def environ(self, method: str, path: str, data: dict[str, str] | None = None) -> dict[str, Any]:
        """Describe a request as WSGI does; a POST has the page's token."""
        fields = {"csrfmiddlewaretoken": self.token, **(data or {})}
        sent = encoded(fields) if method == "POST" else b""
        return {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "",
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "HTTP_ACCEPT": "text/html",
            "HTTP_ACCEPT_ENCODING": "gzip",
            "HTTP_COOKIE": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(sent)),
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(sent),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }  # fmt: skip


def plain(body: bytes, headers: Mapping[str, str]) -> str:
    """Give a page's text as a browser reads it, from what was sent; "" for what is no page."""
    if not headers.get("content-type", "").startswith("text/html"):
        return ""
    whole = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
    return whole.decode("utf-8")


def encoded(fields: Mapping[str, str]) -> bytes:
    """Give fields as a browser sends them."""
    return urlencode(fields).encode()


class Person(Protocol):
    """Whoever goes through a journey: where they are now."""

    path: str


def requests(browser: Person) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Give each request of a journey as (kind, method, path, data); the caller makes it.

    Where a request led is told by `browser.path`, which the caller sets.
    """
    yield "start", "GET", JOURNEY["start"], {}
    browser.path = JOURNEY["start"]
    for step in JOURNEY["steps"]:
        assert step["at"] in browser.path, (step["at"], browser.path)
        kind = {"/permit": "begin", "check-answers": "submit"}.get(step["at"], "save")
        yield kind, "POST", browser.path, step["fields"]
        end = {"check-answers": "check", "confirmation": "confirm"}
        yield end.get(browser.path.rpartition("/")[2], "page"), "GET", browser.path, {}
    assert JOURNEY["done"] in browser.path, browser.path


def journey(
    application: Callable[..., Any], around: Callable[[str, Callable[[], str]], str]
) -> None:
    """Go through one journey; each request is made by `around(kind, make)`."""
    browser = Browser(application)
    for kind, method, path, data in requests(browser):
        environ = browser.environ(method, path, data)
        led = around(kind, lambda environ=environ: browser.answer(application, environ))
        browser.path = led or path


def application() -> Callable[..., Any]:
    """Give what our server hands requests to. It logs as always, to nowhere."""
    made: Callable[..., Any] = import_module("townhall.project.handler").Pages().answer
    nowhere = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as the process lives
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(nowhere)
    return made


def forget() -> None:
    """Be like a process that has opened no draft yet."""
    remembered = import_module("townhall.submissions.remembered")
    remembered.MEMORY = remembered.Memory()


def cpu(times: int = 60, *, elsewhere: bool = False) -> dict[str, Any]:
    """Median CPU milliseconds of each kind of request, and of all of a journey's.

    ``elsewhere``: each of them comes to a process that has not opened its draft.
    """
    app, spent = application(), defaultdict(list)
    warm, whole = times // 6, []

    def timed(kind: str, make: Callable[[], str]) -> str:
        if elsewhere:
            forget()
        began = time.process_time()
        led = make()
        spent[kind].append((time.process_time() - began) * 1000)
        return led

    for number in range(times + warm):
        if number == warm:
            spent.clear()
        before = sum(map(sum, spent.values()))
        journey(app, timed)
        whole.append(sum(map(sum, spent.values())) - before)
    middle = {kind: statistics.median(spent[kind]) for kind in KINDS}
    return middle | {"journey": statistics.median(whole[warm:])}


def queries(*, elsewhere: bool = False) -> dict[str, Any]:
    """Most statements that one request of each kind sends, without BEGIN, COMMIT and the like."""
    found = statements(read=False, elsewhere=elsewhere)
    return {kind: most for kind, (most, _) in found.items()}


def plans() -> dict[str, Any]:
    """The statements of each kind of request that read a whole table of records."""
    return {kind: wasteful for kind, (_, wasteful) in statements(read=True).items()}


def statements(*, read: bool, elsewhere: bool = False) -> dict[str, tuple[int, list[str]]]:
    """Go through a journey, and look at what each request asks of the database.

    Gives by kind the most statements that one sent, and those whose plan (`read`) has no index.
    """
    app, watch = application(), Watch(plans=read)
    journey(app, lambda kind, make: make())
    found: dict[str, tuple[int, list[str]]] = {kind: (0, []) for kind in KINDS}

    def watched(kind: str, make: Callable[[], str]) -> str:
        if elsewhere:
            forget()
        watch.clear()
        with import_module("django.db").connection.execute_wrapper(watch):
            led = make()
        most, wasteful = found[kind]
        found[kind] = max(most, watch.sent), [*wasteful, *watch.wasteful]
        return led

    journey(app, watched)
    return found


class Watch:
    """Counts the statements that are sent, and asks for the plan of each before it runs."""

    def __init__(self, *, plans: bool) -> None:
        self.plans = plans
        self.clear()

    def clear(self) -> None:
        """Begin again."""
        self.sent = 0
        self.wasteful: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Stand around a statement, as `connection.execute_wrapper` wants it."""
        if not sql.lstrip().startswith(ENDS):
            self.sent += 1
            if self.plans and not many:
                vendor = context["connection"].vendor
                execute(f"{EXPLAIN[vendor]} {sql}", params, many, context)
                plan = [str(row[-1]) for row in context["cursor"].fetchall()]
                self.wasteful += [f"{line}: {sql}" for line in plan if reads_all(line)]
        return execute(sql, params, many, context)


def reads_all(line: str) -> bool:
    """Whether a line of a plan reads a whole table, other than one that stays small."""
    found = WHOLE.search(line)
    return found is not None and found[1].strip('"') not in SMALL


EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}
WHOLE = re.compile(r"(?:Seq Scan on|^SCAN) (?!(?:\d+ )?CONSTANT)(\S+)")
SMALL = ("definitions_service", "definitions_version", "definitions_decision", "audit_head")
"""These grow with what a council publishes, not with what people send."""

COMMANDS: dict[str, Callable[[], dict[str, Any]]] = {
    "cpu": cpu,
    "queries": queries,
    "plans": plans,
    "cpu-elsewhere": partial(cpu, elsewhere=True),
    "queries-elsewhere": partial(queries, elsewhere=True),
}


if __name__ == "__main__":
    set_up()
    print(json.dumps({name: COMMANDS[name]() for name in sys.argv[1:]}))
