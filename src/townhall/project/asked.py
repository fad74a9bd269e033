"""A request as Django has it, made from what the door knows already (decision 16)."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest, get_path_info
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host
from django.utils.functional import cached_property

FORM = "application/x-www-form-urlencoded"
PLAIN = frozenset({"", FORM})
"""Kinds of body that have nothing beside their name to be read."""
NOTHING = QueryDict()
HOSTS = 1_000
LONGEST_HOST = 260


class Asked(WSGIRequest):
    """A request at the root of our host, whose body has arrived."""

    def __init__(self, environ: dict[str, Any], body: bytes | None) -> None:
        """``body`` is None where it was too long to be waited for: who reads it is told so."""
        path = environ["PATH_INFO"] or "/"
        if not path.isascii():
            path = get_path_info(environ)
        self.environ = self.META = environ
        self.path_info = environ["PATH_INFO"] = path
        self.path = path if path[0] == "/" else f"/{path}"
        self.method = environ["REQUEST_METHOD"].upper()
        self.resolver_match = None
        self._read_started = False
        if body is None:
            # Django reads the length that was said first, and no further.
            self._stream = BytesIO()
        else:
            self._body = body
        self._read_kind(environ.get("CONTENT_TYPE", ""))
        if not environ.get("QUERY_STRING"):
            self.GET = NOTHING

    def _read_kind(self, kind: str) -> None:
        if kind in PLAIN:
            self.content_type, self.content_params = kind, {}
        else:
            self._set_content_type_params(self.environ)  # type: ignore[attr-defined]

    @cached_property
    def scheme(self) -> str | None:
        """`https` where the connection is, or our proxy says that its own is."""
        return super().scheme

    def get_host(self) -> str:
        """Give the name that was asked for. Raises DisallowedHost for one that is not ours."""
        host: str = self.META.get("HTTP_HOST", "")
        if len(host) < LONGEST_HOST and _is_ours(host, tuple(settings.ALLOWED_HOSTS)):
            return host
        return super().get_host()


@lru_cache(maxsize=HOSTS)
def _is_ours(host: str, allowed: tuple[str, ...]) -> bool:
    name, _ = split_domain_port(host)
    return bool(name) and validate_host(name, allowed)
