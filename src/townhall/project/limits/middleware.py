"""Refuses, with a page that keeps what was typed, an address that asks too often."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from townhall.project import clock
from townhall.project.limits import addresses
from townhall.project.limits.allowances import Allowances
from townhall.project.limits.rates import Table
from townhall.runner.views.faults import too_many

SECOND = 1_000_000_000
SECRET_BYTES = 32
# At these a POST begins no draft, though they have one name as a service's start page has.
NO_SERVICE = frozenset({"/language", "/leave"})

Answer = Callable[[HttpRequest], HttpResponse]


def limit_rates(get_response: Answer) -> Answer:
    """Middleware: let a request in, or answer 429 with Retry-After in whole seconds.

    It stands before anything that reads what was sent, so that a flood costs little.
    """
    allowed: Allowances = settings.ALLOWANCES
    table = Table(secrets.token_bytes(SECRET_BYTES))

    def answer(request: HttpRequest) -> HttpResponse:
        wait = seconds_to_wait(request, allowed, table, clock.elapsed())
        if not wait:
            return get_response(request)
        response = too_many(request)
        response.headers["Retry-After"] = str(wait)
        return response

    return answer


def seconds_to_wait(request: HttpRequest, allowed: Allowances, table: Table, now: int) -> int:
    """Give 0 where a request is let in; else the seconds until its client's next one would be.

    `now` is monotonic, in nanoseconds.
    """
    kind = kind_of(request.method or "", request.path_info)
    a_minute = allowed.a_minute[kind]
    if not a_minute or allowed.proxies is None:
        return 0
    told = request.META
    address = addresses.client_address(
        told.get("REMOTE_ADDR", ""), told.get("HTTP_X_FORWARDED_FOR", ""), allowed.proxies
    )
    if address is None:
        return 0
    wait = table.take(kind.encode() + addresses.who(address), now, a_minute)
    if not wait or addresses.within(address, allowed.exempt):
        return 0
    return -(-wait // SECOND)


def kind_of(method: str, path: str) -> str:
    """Give the kind of work that a request asks for: a name of `allowances.A_MINUTE`."""
    if method != "POST":
        return "pages"
    if path.endswith("/check-answers"):
        return "submissions"
    begins = path.count("/") == 1 and path not in NO_SERVICE
    return "starts" if begins else "answers"
