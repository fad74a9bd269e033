"""How to reach a person: email address, telephone number, web address."""

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from townhall.engine.kinds.base import (
    Code,
    Context,
    NoSettings,
    Problem,
    QuestionLike,
    Settings,
)
from townhall.engine.kinds.plain import LineKind

_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u180e\u00ad]")


class Email(LineKind[NoSettings]):
    """An email address, by the rules of GOV.UK Notify (notifications-utils, email_address)."""

    name = "email"
    Settings = NoSettings
    personal: ClassVar[tuple[str, ...]] = ("contact",)
    limit = 320
    codes: ClassVar[frozenset[Code]] = frozenset(
        {Code.BAD_CHARACTER, Code.TOO_LONG, Code.NOT_AN_EMAIL}
    )

    def read(self, q: QuestionLike, text: str) -> str | list[Problem]:
        """The address as typed, without the unseen characters that pasting brings."""
        bare = _UNSEEN.sub("", text).strip()
        return bare if is_email(bare) else [Problem(Code.NOT_AN_EMAIL, q.id)]

    def autocomplete(self, q: QuestionLike, part: str = "") -> str:
        """`email`, where the question is about the person's own."""
        return "email" if _own(q) else ""

    def show(self, q: QuestionLike, value: str, language: str = "en") -> list[str]:
        """The address; beside a domain that is not ASCII, the form that cannot pass for another."""
        local, _, domain = value.rpartition("@")
        return [value] if domain.isascii() else [f"{value} ({local}@{_ascii_domain(domain)})"]

    def sample(self, q: QuestionLike, ctx: Context) -> str:
        """An address in a reserved domain (RFC 2606)."""
        return "sam.sample@example.com"

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """An email address; its domain may be international."""
        return {"type": "string", "format": "idn-email", "maxLength": self.limit}


class PhoneSettings(Settings):
    """The keys of `phone`: a mobile only, and whether numbers abroad will do."""

    mobile: bool = False
    international: bool = True


class Phone(LineKind[PhoneSettings]):
    """A telephone number: UK landline or mobile, or abroad; kept as typed, read by `dialled`."""

    name = "phone"
    Settings = PhoneSettings
    personal: ClassVar[tuple[str, ...]] = ("contact",)
    limit = 40
    codes: ClassVar[frozenset[Code]] = frozenset(
        {
            Code.BAD_CHARACTER,
            Code.TOO_LONG,
            Code.NOT_A_PHONE,
            Code.NOT_A_MOBILE,
            Code.NOT_A_UK_PHONE,
        }
    )

    def read(self, q: QuestionLike, text: str) -> str | list[Problem]:
        """The number as typed."""
        bare = " ".join(_UNSEEN.sub("", text).split())
        return bare if dialled(bare) else [Problem(Code.NOT_A_PHONE, q.id)]

    def problems(self, q: QuestionLike, value: str, ctx: Context) -> list[Problem]:
        """Of the wrong sort."""
        settings = self.settings(q)
        number = dialled(value) or ""
        if not settings.international and not number.startswith("+44"):
            return [Problem(Code.NOT_A_UK_PHONE, q.id)]
        if settings.mobile and number.startswith("+44") and not number.startswith("+447"):
            return [Problem(Code.NOT_A_MOBILE, q.id)]
        return []

    def autocomplete(self, q: QuestionLike, part: str = "") -> str:
        """`tel`, where the question is about the person's own."""
        return "tel" if _own(q) else ""

    def sample(self, q: QuestionLike, ctx: Context) -> str:
        """A mobile number from Ofcom's range for drama."""
        return "07700 900982"


class Url(LineKind[NoSettings]):
    """A web address. `https://` is added where it was left out; nothing but the web is taken."""

    name = "url"
    Settings = NoSettings
    personal: ClassVar[tuple[str, ...]] = ("contact",)
    limit = 900
    codes: ClassVar[frozenset[Code]] = frozenset(
        {Code.BAD_CHARACTER, Code.TOO_LONG, Code.NOT_A_URL}
    )

    def read(self, q: QuestionLike, text: str) -> str | list[Problem]:
        """The whole address."""
        whole = (
            text if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:(//|[^0-9])", text) else f"https://{text}"
        )
        return whole if is_web_address(whole) else [Problem(Code.NOT_A_URL, q.id)]

    def sample(self, q: QuestionLike, ctx: Context) -> str:
        """A page in a reserved domain."""
        return "https://www.example.com/page"


_LOCAL = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_LABEL = re.compile(r"(xn--)?[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.IGNORECASE)
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]*[a-z0-9]", re.IGNORECASE)


def is_email(text: str) -> bool:
    """Whether mail could be sent to it: a plain local part, and a domain with a dot."""
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or ".." in text:
        return False
    return not local.startswith(".") and not local.endswith(".") and is_domain(domain)


def is_domain(text: str) -> bool:
    """Whether it is a name that the domain name system could hold, with a dot and a top level."""
    labels = _ascii_domain(text).split(".")
    if len(labels) < 2 or not _TOP.fullmatch(labels[-1]) or len(text) > 253:
        return False
    return all(len(label) <= 63 and _LABEL.fullmatch(label) for label in labels)


def _ascii_domain(text: str) -> str:
    try:
        return text.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


_PUNCTUATION = re.compile(r"[\s().\-\u2010\u2011\u2012\u2013\u2014/]")
_UK = re.compile(r"(1[0-9]{8,9}|[235789][0-9]{9}|800[0-9]{6}|8001111|84546[0-9]{2})", re.ASCII)
_ABROAD = re.compile(r"[1-9][0-9]{6,14}", re.ASCII)


def dialled(text: str) -> str | None:
    """The number as E.164 has it ("+447700900982"), or None if it is no telephone number.

    The UK's lengths are those of Ofcom's National Telephone Numbering Plan: ten digits after the
    0, nine for a few places and for some 0800 numbers.
    """
    bare = re.sub(r"^\+\s*44\s*\(0\)", "+44", text)
    bare = _PUNCTUATION.sub("", bare)
    bare = re.sub(r"^00", "+", bare)
    if bare.startswith("+44"):
        national = bare.removeprefix("+44").removeprefix("0")
    elif bare.startswith("+"):
        abroad = bare.removeprefix("+")
        return f"+{abroad}" if _ABROAD.fullmatch(abroad) else None
    elif bare.startswith("0"):
        national = bare.removeprefix("0")
    else:
        return None
    return f"+44{national}" if _UK.fullmatch(national) else None


def is_web_address(text: str) -> bool:
    """Whether it is an http or https address with a domain name and no user name in it."""
    if any(char.isspace() or char in '<>"\\^`{|}' for char in text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or port == 0:
        return False
    return is_domain(parts.hostname or "")


def _own(q: QuestionLike) -> bool:
    """Whether the question asks for the person's own details, by its own words."""
    return "your" in q.ask.lower().split() or "your" in (q.short or "").lower().split()
