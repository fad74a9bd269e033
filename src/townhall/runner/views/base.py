"""What every view shares: one place for a database that cannot answer, and for wrong methods."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any, ClassVar
from urllib.parse import unquote_to_bytes

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase, ResponseHeaders

from townhall.engine.form import Form
from townhall.runner import cookies
from townhall.runner.ends import busy_view, late_view, lost_view, stopped_view, wrong_method_view
from townhall.runner.frames import frame_for
from townhall.runner.visits import Arrival, Barrier, arrive
from townhall.ui.page import PageView, render

logger = logging.getLogger(__name__)

CHANGING = "_change"
"""The field that says someone came from check answers; no question can have this name."""

SEEN = "_seen"
"""The field that says which state of the answers was shown to be checked."""

HTML = ("Content-Type", "text/html; charset=utf-8")
READING = ("GET", "HEAD")
OURS = re.compile(r"(/[A-Za-z0-9_-]+){1,3}(\?change=1)?")
BEYOND_ASCII = re.compile(b"%[89A-Fa-f]")


def page(view: PageView, status: int = 200) -> HttpResponse:
    """Draw a page and answer with it."""
    return drawn(render(view).encode(), status)


def drawn(html: bytes, status: int = 200) -> HttpResponse:
    """Answer with the HTML of a page; project/headers.py says that nobody may keep it."""
    return Drawn(html, status)


class Drawn(HttpResponse):
    """HTML of ours. Django's own proves each header anew, and these are always the same."""

    def __init__(self, body: bytes, status: int) -> None:
        """Make what Django's makes (tests/project/test_answers.py compares them)."""
        self.headers = ResponseHeaders({})
        self.headers._store["content-type"] = HTML
        self.status_code, self.cookies, self.closed = status, SimpleCookie(), False
        self._charset = self._reason_phrase = self._handler_class = None
        self._resource_closers: list[Any] = []
        self._container = [body]


def wrong_method(request: HttpRequest) -> HttpResponse:
    """Answer a method that no page of ours takes."""
    response = page(wrong_method_view(frame_for(request)), status=405)
    response.headers["Allow"] = "GET, HEAD, POST"
    return response


def see_other(address: str) -> HttpResponse:
    """Answer a POST by sending the browser to a page of ours.

    What is not certainly an address of ours has its signs and its scheme looked at by Django.
    """
    if OURS.fullmatch(address):
        return Onward(address)
    return HttpResponseRedirect(address, status=303)


class Onward(Drawn, HttpResponseRedirect):
    """A 303 to an address in which there is nothing to look at."""

    def __init__(self, address: str) -> None:
        """``address`` is known to be ours."""
        super().__init__(b"", 303)
        self.headers._store["location"] = ("Location", address)


class Page:
    """A page of ours: GET, HEAD and POST only. It answers everybody, and keeps nothing of anyone.

    Django's View is made anew for each request.
    """

    @classmethod
    def as_view(cls) -> Callable[..., HttpResponseBase]:
        """Give what answers at an address."""
        return cls().answer

    def answer(self, request: HttpRequest, **named: str) -> HttpResponseBase:
        """Answer; where the database cannot (full disk, locked), say so and keep what was typed."""
        try:
            if request.method == "POST":
                refuse_unreadable(request)
                return self.post(request, **named)
            if request.method in READING:
                return self.get(request, **named)
            return wrong_method(request)
        except OperationalError as error:
            logger.warning("database did not answer", extra={"error": type(error).__name__})
            _let_go(error)
            return page(busy_view(frame_for(request), request.path, typed(request)), status=503)

    def get(self, request: HttpRequest, *_: Any, **named: Any) -> HttpResponse:
        """Show the page."""
        return wrong_method(request)

    def post(self, request: HttpRequest, *_: Any, **named: Any) -> HttpResponse:
        """Take what was sent."""
        return wrong_method(request)


def _let_go(error: OperationalError) -> None:
    """Drop what the failed statement's frames hold, a cursor among it, in the thread that has it.

    An error and its frames hold each other, so another thread's collection would come upon that
    cursor, and wait there for this connection, which may be waiting for the database again.
    """
    for one in (error, error.__cause__):
        if one is not None:
            traceback.clear_frames(one.__traceback__)


class DraftPage(Page):
    """A page that needs the person's own draft; ``answer`` has it, open."""

    late_posts_are_kept: ClassVar[bool] = False

    def get(self, request: HttpRequest, service: str, **named: str) -> HttpResponse:
        """Show the page."""
        return self._with_draft(request, service, self.show, named)

    def post(self, request: HttpRequest, service: str, **named: str) -> HttpResponse:
        """Take what was sent."""
        return self._with_draft(request, service, self.take, named)

    def show(self, request: HttpRequest, arrival: Arrival, **named: str) -> HttpResponse:
        """Draw the page for an open draft."""
        return wrong_method(request)

    def take(self, request: HttpRequest, arrival: Arrival, **named: str) -> HttpResponse:
        """Take a POST for an open draft."""
        return wrong_method(request)

    def _with_draft(
        self,
        request: HttpRequest,
        service: str,
        answer: Callable[..., HttpResponse],
        named: dict[str, str],
    ) -> HttpResponse:
        arrival = arrive(request, service)
        if arrival is None:
            raise Http404
        late = arrival.barrier is Barrier.IDLE and request.method == "POST"
        if arrival.barrier is None or (late and self.late_posts_are_kept):
            return answer(request, arrival, **named)
        return turned_away(request, arrival)


def turned_away(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    """Answer someone whose draft cannot be shown: each reason has one page."""
    service = f"/{arrival.live.slug}"
    words = _words_typed(request, arrival.live.form)
    if arrival.barrier is Barrier.SENT and not words:
        return see_other(f"{service}/confirmation")
    if arrival.barrier is Barrier.IDLE:
        return see_other(f"{service}/time-out")
    frame = frame_for(request, arrival.live.form)
    if arrival.barrier is Barrier.SENT:
        return page(late_view(frame, words), status=409)
    if arrival.barrier is Barrier.STOPPED:
        return page(stopped_view(frame, arrival.reason), status=410)
    if arrival.barrier is Barrier.NONE and request.method != "POST":
        return see_other(service)
    response = page(lost_view(frame, words), status=410)
    cookies.drop_draft(request, response, arrival.live.slug)
    return response


def without_draft(request: HttpRequest) -> HttpResponse | None:
    """Answer what was sent to a page of a service by a browser that has no draft of it.

    None where it has one, where it was sent elsewhere, and where the database cannot tell.
    """
    service, _, below = request.path.strip("/").partition("/")
    if not below or cookies.draft_token(request, service) is not None:
        return None
    try:
        arrival = arrive(request, service)
    except OperationalError as error:
        _let_go(error)
        return None
    return turned_away(request, arrival) if arrival else None


def _words_typed(request: HttpRequest, form: Form) -> list[str]:
    """Give the words that were sent as answers; what was chosen is not typed again in a moment."""
    if not (sent := typed(request)):
        return []
    asked = {
        part
        for one in form.questions.values()
        if not form.kind(one).choices(one)
        for part in form.kind(one).parts(one)
    }
    return [text for name, text in sent if name in asked and text.strip()]


def refuse_unreadable(request: HttpRequest) -> None:
    """Raise SuspiciousOperation (a 400) for bytes that are no text, which Django would replace.

    Keeping a replacement in place of what was typed would change an answer without a word.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        # Such a body is read as it arrives, so only the mark that Django leaves can be seen.
        if any("\ufffd" in text for _, text in typed(request)):
            raise SuspiciousOperation("what was sent is not UTF-8")
        return
    body = request.body
    if body.isascii() and not BEYOND_ASCII.search(body):
        return
    try:
        unquote_to_bytes(body).decode("utf-8")
    except UnicodeDecodeError as error:
        raise SuspiciousOperation("what was sent is not UTF-8") from error


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Give what was sent, apart from our own marks, so that it can be sent again."""
    if request.method != "POST":
        return []
    names = [name for name in request.POST if name not in ("csrfmiddlewaretoken", SEEN)]
    return [(name, text) for name in names for text in request.POST.getlist(name)]
