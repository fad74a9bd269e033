"""Django's handler, without what nothing of ours uses: a tenth of a page's time went there.

It tells nobody that a request began or ended (no room listens to signals), and looks an address up
once (docs/decisions, "Django's handler made lean").
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connections
from django.http import HttpRequest
from django.urls import ResolverMatch, get_resolver

# An address of ours is much shorter; what is longer is looked up each time, and kept by nobody.
LONGEST = 200
ADDRESSES = 1_000

Headers = list[tuple[str, str]]


class Pages(WSGIHandler):
    """Answers requests for our own server, and for any other as Django does (``__call__``)."""

    def answer(self, environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
        """Give the status, the headers and the whole body for a request as WSGI has it.

        Townhall stands at the root of its host, so no prefix is looked for.
        """
        response = self.get_response(WSGIRequest(environ))
        headers = [*response.items()]
        headers += [("Set-Cookie", one.OutputString()) for one in response.cookies.values()]
        body = b"".join(response)
        if response.streaming:
            # A file: closing it tells Django, which tends the connections itself.
            response.close()
        else:
            tend()
        return response.status_code, headers, body

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Find the view of an address; Http404 where there is none."""
        path = request.path_info
        match = _match(path) if len(path) <= LONGEST else get_resolver().resolve(path)
        request.resolver_match = match
        return match


@lru_cache(maxsize=ADDRESSES)
def _match(path: str) -> ResolverMatch:
    return get_resolver().resolve(path)


def tend() -> None:
    """Close the connections that have failed or are too old, as Django does after a request."""
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()
