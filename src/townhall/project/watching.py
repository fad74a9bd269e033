"""The middleware around ours: gives each request an id, times and counts it, writes its line.

It also answers `/health/…` and `/metrics` itself, before host names and TLS are looked at, and
whoever sent what there was no room for.
"""

import logging
import os
import re
from collections.abc import Callable, Mapping
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from townhall.project import counts, health
from townhall.project.crowded import crowded
from townhall.project.headers import say
from townhall.project.logs import REQUEST_ID, request_id
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


def _note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Count it and write its line. An address that nothing stands at is never named in either."""
    status = response.status_code
    page, service = _place(request, answered=status < 400)
    method = counts.METHODS.get(request.method, counts.OTHER)
    counts.request(service, page, method, status // 100, seconds)
    if page == "static" and status < 400:
        return
    log.info(
        "request",
        extra={
            "method": method,
            "page": page,
            "service": service,
            "status": status,
            "duration_ms": round(seconds * 1_000, 2),
        },
    )


def _place(request: HttpRequest, *, answered: bool) -> tuple[str, str]:
    """Give a page's kind and its service.

    A service is known by a page of it that was answered; what was only asked for is `other`.
    """
    match = request.resolver_match
    if match is None:
        return ("static" if request.path_info.startswith(settings.STATIC_URL) else "none"), ""
    slug = match.kwargs.get("service", "")
    known = counts.services.admit if answered else counts.services.known
    return match.url_name or "none", known(slug) if slug else ""
