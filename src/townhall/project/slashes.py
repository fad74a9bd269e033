"""An address that was typed with a slash at its end leads to the one without."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve

from townhall.runner.views import faults

LONGEST = 2_000
"""No address of ours is near as long; Django makes no redirect longer than 16,384."""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """301 to look at an address of ours without its slash, else 404: a POST is never sent again."""
    bare = request.path.removesuffix("/")
    if request.method not in ("GET", "HEAD") or bare == request.path or not _is_ours(bare):
        return faults.not_found(request, exception)
    query = request.META.get("QUERY_STRING", "")
    address = f"{bare}?{query}" if query else bare
    if len(address) > LONGEST:
        return faults.not_found(request, exception)
    return HttpResponsePermanentRedirect(address)


def _is_ours(path: str) -> bool:
    """Whether a page of ours may stand there: never an address of somebody else's (//elsewhere)."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
