"""The middleware of settings.MIDDLEWARE for our own server: Django's, without what is done twice.

What stands in for Django's own gives way to it wherever there is more to do than usual. What both
ways say is compared for every kind of answer (tests/project/test_answers.py; decision 16).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.exception import response_for_exception
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    StreamingHttpResponse,
)
from django.middleware.csrf import CSRF_SECRET_LENGTH, CSRF_TOKEN_LENGTH, CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils.module_loading import import_string

from townhall.project.asked import is_ours
from townhall.project.headers import say
from townhall.runner.cookies import Kept
from townhall.runner.forgery import unmasked

Response = HttpResponse | StreamingHttpResponse
Answer = Callable[[HttpRequest], Response]
BeforeView = Callable[..., Response | None]


class Transport(SecurityMiddleware):
    """Sends to https and keeps there; Django's other headers are those of `security_headers`."""

    def __init__(self, get_response: Answer) -> None:
        """Raises MiddlewareNotUsed where nobody beyond this machine can ask."""
        super().__init__(get_response)
        if not (self.redirect or self.sts_seconds):
            raise MiddlewareNotUsed
        self.content_type_nosniff = False
        self.referrer_policy = self.cross_origin_opener_policy = ""


def known_host(get_response: Answer) -> Answer:
    """Middleware: refuse another's name, and say how long an answer is.

    That is what Django's CommonMiddleware does where none of its other settings is set. Raises
    DisallowedHost, which is answered by a 400, for a name that is not in ALLOWED_HOSTS.
    """
    names = tuple(settings.ALLOWED_HOSTS)

    def answer(request: HttpRequest) -> Response:
        if not is_ours(request.META.get("HTTP_HOST", ""), names):
            request.get_host()
        response = get_response(request)
        if isinstance(response, HttpResponse):
            say(response, "Content-Length", str(len(response.content)))
        return response

    return answer


_ASKED = (
    *("CSRF_USE_SESSIONS", "CSRF_COOKIE_AGE", "CSRF_COOKIE_DOMAIN"),
    *("CSRF_COOKIE_PATH", "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_SAMESITE"),
)
_USUAL = (False, None, None, "/", True, "Lax")
"""Of what these say ours are made (``cookies.Kept``)."""


class Forms(CsrfViewMiddleware):
    """Proves forms. What has the usual form is proven here, and all else, and no, is Django's."""

    def __init__(self, get_response: Answer) -> None:
        """Read once how the cookie is made."""
        super().__init__(get_response)
        self.answer, self.cookie = get_response, settings.CSRF_COOKIE_NAME
        self.secure = bool(settings.CSRF_COOKIE_SECURE)
        self.plain = tuple([getattr(settings, name) for name in _ASKED]) == _USUAL

    def __call__(self, request: HttpRequest) -> Response:
        """Answer; the cookie goes with it where the page has a form and the browser has none."""
        secret = request.COOKIES.get(self.cookie)
        if secret and _signs(secret, CSRF_SECRET_LENGTH):
            request.META["CSRF_COOKIE"] = secret
        elif secret is not None:
            self.process_request(request)
        response = self.answer(request)
        if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            self.process_response(request, response)
        return response

    def process_view(
        self, request: HttpRequest, callback: Any, args: Any, kwargs: Any
    ) -> HttpResponseForbidden | None:
        """Refuse what was not proven: Origin or Referer first, then the token."""
        if request.method == "GET":
            return None
        return super().process_view(request, callback, args, kwargs)

    def _set_csrf_cookie(self, request: HttpRequest, response: Response) -> None:
        if not self.plain or response.has_header("Vary"):
            super()._set_csrf_cookie(request, response)  # type: ignore[misc]
            return
        secret = request.META["CSRF_COOKIE"]
        response.cookies[self.cookie] = Kept(self.cookie, secret, secure=self.secure)
        say(response, "Vary", "Cookie")

    def _check_token(self, request: HttpRequest) -> None:
        secret, new = request.META.get("CSRF_COOKIE", ""), "CSRF_COOKIE_NEEDS_UPDATE"
        # What comes without a secret of ours is refused unread.
        sent = secret and request.method == "POST" and not request.META.get(new)
        token = request.POST.get("csrfmiddlewaretoken", "") if sent else ""
        if _signs(token, CSRF_TOKEN_LENGTH) and compare_digest(unmasked(token), secret):
            return
        super()._check_token(request)  # type: ignore[misc]


def _signs(text: str, length: int) -> bool:
    """Whether a text has only signs of Django's, A to Z, a to z and 0 to 9, and so many."""
    return len(text) == length and text.isascii() and text.isalnum()


LEAN: Mapping[str, Callable[[Answer], Any] | None] = {
    "django.middleware.security.SecurityMiddleware": Transport,
    "django.middleware.common.CommonMiddleware": known_host,
    "django.middleware.csrf.CsrfViewMiddleware": Forms,
    # `security_headers` says what it says.
    "django.middleware.clickjacking.XFrameOptionsMiddleware": None,
}


def chained(view: Answer) -> tuple[Answer, list[BeforeView]]:
    """Give what answers, all middleware around ``view``, and what it has to ask before a view."""
    before: list[BeforeView] = []
    answer = settled(view)
    for path in reversed(settings.MIDDLEWARE):
        make = LEAN[path] if path in LEAN else import_string(path)
        try:
            made = make(answer) if make else None
        except MiddlewareNotUsed:
            continue
        if made is None:
            continue
        if hasattr(made, "process_view"):
            before.insert(0, made.process_view)
        answer = settled(made)
    return answer, before


def settled(answer: Answer) -> Answer:
    """Answer what is raised by its page, as Django does around each middleware."""

    def settle(request: HttpRequest) -> Response:
        try:
            return answer(request)
        except Exception as fault:
            return response_for_exception(request, fault)

    return settle
