"""What stands around every page: the council, help, the CSRF token and when the page locks."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

from townhall.engine.council import Council
from townhall.engine.form import Form
from townhall.engine.model import Help
from townhall.runner import cookies
from townhall.runner.fittings import installed
from townhall.runner.forgery import form_token
from townhall.submissions.opened import Opened
from townhall.ui.page import Frame, Idle, Site
from townhall.ui.shapes import Same
from townhall.ui.words import NAMES, Words

MOST_SITES = 2_000
ENGLISH = ("en",)

_sites: dict[tuple[object, ...], Site] = {}


def frame_for(
    request: HttpRequest, form: Form | None = None, opened: Opened | None = None
) -> Frame:
    """Make a page's frame; ``opened`` is the draft whose answers the page may show."""
    if form is None:
        site = _site(request, _site_languages(request))
        return Frame(site, form_token(request), here=request.path)
    definition = form.definition
    site = _site(request, definition.languages, form)
    start = f"/{definition.service}"
    return Frame(
        site,
        form_token(request),
        definition.title,
        start,
        f"{start}/privacy",
        _idle(opened, installed().clock(), site.words) if opened else None,
        request.path,
    )


def language_for(request: HttpRequest, form: Form) -> str:
    """Give the language in which a service meets whoever asks."""
    return _language(request, form.definition.languages)


def _site(request: HttpRequest, languages: tuple[str, ...], form: Form | None = None) -> Site:
    """Give what the page shares with others: one object for as long as the council is the same."""
    council = installed().council()
    language, rehearsal = _language(request, languages), settings.REHEARSAL
    key = (form.version if form else "", language, languages, rehearsal)
    site = _sites.get(key)
    if site is None or site.council is not council:
        help_ = _help(form.definition.help if form else None, council.help)
        site = _shared(Same(council), help_, language, languages, rehearsal=rehearsal)
        if len(_sites) >= MOST_SITES:
            _sites.clear()
        _sites[key] = site
    return site


@lru_cache(maxsize=MOST_SITES)
def _shared(
    council: Same[Council],
    help_: Help,
    language: str,
    languages: tuple[str, ...],
    *,
    rehearsal: bool,
) -> Site:
    """Make one site for all services with the same help, so that they share what is drawn."""
    offered = tuple([name for name in languages if name in NAMES])
    return Site(council.one, help_, language, offered, rehearsal)


def _help(own: Help | None, council: Help) -> Help:
    """Fill what the service's help leaves out with the council's (WCAG 2.2, 3.2.6)."""
    given = own.model_dump(exclude_none=True) if own else {}
    return Help(**(council.model_dump(exclude_none=True) | given))


def _site_languages(request: HttpRequest) -> tuple[str, ...]:
    """Offer each language on the pages of no service to whoever has chosen one in a service."""
    return tuple(NAMES) if cookies.language(request) in NAMES else ENGLISH


def _language(request: HttpRequest, offered: tuple[str, ...]) -> str:
    if offered == ENGLISH:
        return "en"
    chosen = cookies.language(request)
    return chosen if chosen in offered and chosen in NAMES else "en"


def _idle(opened: Opened, at: datetime, say: Words) -> Idle:
    seconds = max(0, int((opened.idle_ends - at).total_seconds()))
    service = opened.form.definition.service
    return Idle(say.clock(opened.idle_ends), str(seconds), f"/{service}/continue")
