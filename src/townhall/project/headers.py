"""What every answer of ours tells the browser it may and may not do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# Everything a page needs comes from the council's own server, so nothing else is allowed.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A second person at the same computer sees nothing by Back or in the history.
    "Cache-Control": "no-store",
}
# As Django keeps headers: by their name in small letters.
_KEPT = {name.lower(): (name, value) for name, value in HEADERS.items()}


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: add the headers that an answer does not already carry.

    It stands outermost. Only what the server beneath refuses by itself (docs/running.md) has none.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers._store = _KEPT | response.headers._store
        return response

    return answer


def say(response: HttpResponseBase, name: str, value: str) -> None:
    """Set a header of ours, which needs no proof that it may be sent."""
    response.headers._store[name.lower()] = (name, value)
