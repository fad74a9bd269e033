"""Answers requests for our own server as Django's handler does, without what nothing here uses.

It tells nobody that a request began or ended (no room listens to signals), and looks an address up
once (docs/decisions, "Django's handler made lean" and "A way in of our own").
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, get_resolver
from django.utils.log import log_response

from townhall.project.asked import Asked
from townhall.project.chain import Response, chained
from townhall.store.statements import here

# An address of ours is much shorter; what is longer is looked up each time, and kept by nobody.
LONGEST = 200
ADDRESSES = 1_000
FAULTS = 400

Headers = list[tuple[str, str]]


class Pages:
    """Django, all of settings.MIDDLEWARE around its views."""

    def __init__(self) -> None:
        """Read the settings that middleware reads once."""
        self._answer, self._before = chained(self._view)

    def answer(
        self, environ: dict[str, Any], body: bytes | None = b""
    ) -> tuple[int, Headers, bytes]:
        """Give the status, the headers and the whole body for a request as WSGI describes it.

        ``body`` is what came with it; None where it was too long to be waited for. Townhall stands
        at the root of its host, so no prefix is looked for.
        """
        tend()
        request = Asked(environ, body)
        response = self._answer(request)
        if response.status_code >= FAULTS:
            log_response(
                "%s: %s",
                response.reason_phrase,
                request.path,
                response=response,  # type: ignore[arg-type]
                request=request,
            )
        headers = [*response.headers._store.values()]
        if response.cookies:
            headers += [("Set-Cookie", one.OutputString()) for one in response.cookies.values()]
        return response.status_code, headers, _whole(response)

    def _view(self, request: HttpRequest) -> Response:
        match = resolve(request)
        for before in self._before:
            response = before(request, match.func, match.args, match.kwargs)
            if response is not None:
                return response
        answer: Response = match.func(request, *match.args, **match.kwargs)
        return answer


def _whole(response: Response) -> bytes:
    """Give all of an answer's body, and tend the connections, as Django does after each too."""
    if isinstance(response, HttpResponse):
        tend()
        return response.content
    whole = response.getvalue()
    # A file: closing it tells Django, which tends the connections itself.
    response.close()
    return whole


def resolve(request: HttpRequest) -> ResolverMatch:
    """Find the view of an address; Http404 where there is none."""
    path = request.path_info
    match = _match(path) if len(path) <= LONGEST else get_resolver().resolve(path)
    request.resolver_match = match
    return match


@lru_cache(maxsize=ADDRESSES)
def _match(path: str) -> ResolverMatch:
    return get_resolver().resolve(path)


def tend() -> None:
    """Close this thread's connection where it has failed or is too old.

    Before a request as well as after: it may have grown old while nobody asked, and a network that
    forgot it meanwhile would let whoever asks next wait for minutes.
    """
    mine = here()
    if mine.errors_occurred or mine.close_at is not None or not mine.autocommit:
        mine.close_if_unusable_or_obsolete()
