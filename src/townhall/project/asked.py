"""A request as Django has it, made from what the door knows already (decision 16)."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest, get_bytes_from_wsgi, get_path_info
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.http import parse_header_parameters

FORM = "application/x-www-form-urlencoded"
PLAIN = frozenset({"", FORM})
"""Kinds of body that have nothing beside their name to be read."""
NOTHING = QueryDict()
NO_FILES: MultiValueDict[str, Any] = MultiValueDict()
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
        self.content_type, self.content_params = _kind_of(environ.get("CONTENT_TYPE", ""))
        if self.content_params and self.content_type == FORM:
            # Django refuses one that is said not to be UTF-8; all else is read as UTF-8.
            self._encoding = self.content_params.get("charset")
        if not environ.get("QUERY_STRING"):
            self.GET = NOTHING

    @cached_property
    def GET(self) -> QueryDict:  # type: ignore[override]
        """What the address asks: UTF-8, whatever the body is written in (WHATWG URL, section 5)."""
        return QueryDict(get_bytes_from_wsgi(self.environ, "QUERY_STRING", ""), encoding="utf-8")

    @cached_property
    def POST(self) -> QueryDict:  # type: ignore[override]
        """What was sent, read once."""
        return self._get_post()  # type: ignore[attr-defined, no-any-return]

    def _load_post_and_files(self) -> None:
        """Read a form's fields; what is no plain form, or too much of one, Django reads."""
        body = getattr(self, "_body", None)
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        usual = self.method == "POST" and self.content_type == FORM and self.encoding is None
        if usual and body and body.isascii() and body.count(b"&") < most:
            self._post, self._files = Fields(body.decode("ascii")), NO_FILES
        else:
            super()._load_post_and_files()

    @cached_property
    def scheme(self) -> str | None:
        """`https` where the connection is, or our proxy says that its own is."""
        if "HTTP_X_FORWARDED_PROTO" in self.META:
            return super().scheme
        said: str = self.META["wsgi.url_scheme"]
        return said

    @cached_property
    def COOKIES(self) -> dict[str, str]:  # type: ignore[override]
        """The browser's cookies; Django reads what is quoted, has no name, or is beyond ASCII."""
        said: str = self.META.get("HTTP_COOKIE", "")
        plain = said.isascii() and '"' not in said
        found: dict[str, str] = {}
        for one in said.split(";") if plain else ():
            name, equals, value = one.partition("=")
            found[name.strip() if equals else ""] = value.strip()
        return found if plain and "" not in found else super().COOKIES

    def get_host(self) -> str:
        """Give the name that was asked for. Raises DisallowedHost for one that is not ours."""
        host: str = self.META.get("HTTP_HOST", "")
        return host if is_ours(host, tuple(settings.ALLOWED_HOSTS)) else super().get_host()


def _kind_of(said: str) -> tuple[str, dict[str, str]]:
    """Give a body's kind and its parameters; what cannot be read is a body of no kind."""
    if said in PLAIN:
        return said, {}
    try:
        kind, parameters = parse_header_parameters(said)
    except (LookupError, ValueError):
        return "", {}
    return kind, parameters


class Fields(QueryDict):
    """The fields of a form, in the order in which they came: what QueryDict makes of them.

    QueryDict asks of each field, 25 times, whether it may be changed and is text.
    """

    def __init__(self, text: str) -> None:
        """Read ASCII as a browser writes a form (WHATWG URL, section 5)."""
        lists: dict[str, list[str]] = {}
        for field in text.split("&"):
            if field:
                name, _, value = field.partition("=")
                lists.setdefault(_plain(name), []).append(_plain(value))
        MultiValueDict.__init__(self, lists)
        self._encoding, self._mutable = "utf-8", False


def _plain(text: str) -> str:
    return unquote_plus(text) if "%" in text or "+" in text else text


def is_ours(host: str, allowed: tuple[str, ...]) -> bool:
    """Whether a host's name is among those that Django allows. What is no such name is not."""
    return len(host) < LONGEST_HOST and _is_ours(host, allowed)


@lru_cache(maxsize=HOSTS)
def _is_ours(host: str, allowed: tuple[str, ...]) -> bool:
    name, _ = split_domain_port(host)
    return bool(name) and validate_host(name, allowed)
