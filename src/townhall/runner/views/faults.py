"""Django's own ends, each a page with help: not found, forbidden, unreadable, broken, unproven."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import requires_csrf_token

from townhall.runner.ends import (
    broken_view,
    forbidden_view,
    foreign_view,
    missing_view,
    too_many_view,
    unproven_view,
    unreadable_view,
)
from townhall.runner.frames import frame_for
from townhall.runner.views.base import page, typed, without_draft, wrong_method


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page(missing_view(frame_for(request)), status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return page(forbidden_view(frame_for(request)), status=403)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: too much was sent, or nonsense, or to a name that is not ours (TOWNHALL_HOSTS)."""
    view = foreign_view if isinstance(exception, DisallowedHost) else unreadable_view
    return page(view(frame_for(request)), status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return page(broken_view(frame_for(request)), status=500)


def unproven(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF: what was typed comes back only to a page that came from this host itself."""
    if request.method != "POST":
        return wrong_method(request)
    fields = typed(request) if came_from_us(request) else []
    # To send it again would be to lose it where no draft is left that could take it.
    lost = without_draft(request) if fields else None
    return lost or page(unproven_view(frame_for(request), request.path, fields), status=403)


@requires_csrf_token
def too_many(request: HttpRequest) -> HttpResponse:
    """429: no service is looked up for a flood."""
    frame = frame_for(request)
    fields = typed(request) if request.method == "POST" and came_from_us(request) else []
    return page(too_many_view(frame, request.path, fields), status=429)


def came_from_us(request: HttpRequest) -> bool:
    """Whether the browser says that a page of ours sent this (Fetch Metadata, else Origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
