"""The middleware around ours: gives each request an id, times and counts it, writes its line.

It also answers `/health/…` and `/metrics` itself, before host names and TLS are looked at, and
whoever sent what there was no room for.
"""

import logging
import os
import re
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from townhall.project import clock, counts, health
from townhall.project.answered import Alike
from townhall.project.crowded import crowded
from townhall.project.headers import say
from townhall.project.logs import KNOWN, REQUEST_ID, request_id
from townhall.project.metrics import metrics
from townhall.project.said import CROWDED

log = logging.getLogger("townhall.request")

Door = Callable[[HttpRequest], HttpResponse | None]
DOORS: Mapping[str, Door] = {
    "/health/live": health.live,
    "/health/ready": health.ready,
    "/metrics": metrics,
}
SANE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
ID_BYTES = 8
KNOWN.append(counts.services)


def watch(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: watch each request, whatever becomes of it."""

    def answer(request: HttpRequest) -> HttpResponse:
        door = DOORS.get(request.path_info)
        response = door(request) if door else None
        if response is not None:
            # Asked every few seconds: Django would write a line for each that says “not ready”.
            vars(response)["_has_been_logged"] = True
            return response
        began, id = perf_counter(), id_of(request)
        request.META[REQUEST_ID] = id
        token = request_id.set(id)
        try:
            response = crowded(request) if CROWDED in request.META else get_response(request)
            _note(request, response, perf_counter() - began)
        finally:
            request_id.reset(token)
        say(response, "X-Request-ID", id)
        return response

    return answer


def id_of(request: HttpRequest) -> str:
    """Give the id that our proxy gave the request, where it is a plain one; else a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID")
    if given and settings.BEHIND_PROXY and SANE_ID.fullmatch(given):
        return str(given)
    return os.urandom(ID_BYTES).hex()


class Kind(NamedTuple):
    """Requests that differ in nothing but when they came and how long they took."""

    series: counts.Series
    line: Alike | None
    """None where nothing is written of them."""


_kinds: dict[tuple[str, str, str | None, int], Kind] = {}


def _note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Count it and write its line. An address that nothing stands at is never named in either."""
    match, status = request.resolver_match, response.status_code
    if match is None:
        service, page = "", _beside_pages(request.path_info)
    else:
        service, page = match.kwargs.get("service", ""), match.url_name or "none"
    key = service, page, request.method, status
    series, line = _kinds.get(key) or _kind(*key)
    counts.request(series, seconds)
    if line is not None and log.isEnabledFor(logging.INFO):
        log.handle(line.record(clock.since_1970(), round(seconds * 100_000) / 100))


def _beside_pages(path: str) -> str:
    return "static" if path.startswith(settings.STATIC_URL) else "none"


def _kind(service: str, page: str, method: str | None, status: int) -> Kind:
    """Find or make what is kept for such requests, by labels: there are only so many of them.

    A service is known by a page of it that was answered; what was only asked for is `other`.
    """
    known = counts.services.admit if status < 400 else counts.services.known
    service, method = known(service) if service else "", counts.METHODS.get(method, counts.OTHER)
    key = service, page, method, status
    if key not in _kinds:
        facts: dict[str, str | int] = {
            "method": method,
            "page": page,
            "service": service,
            "status": status,
        }
        silent = page == "static" and status < 400
        line = None if silent else Alike(log, "request", facts)
        _kinds[key] = Kind(counts.series(service, page, method, status // 100), line)
    return _kinds[key]
