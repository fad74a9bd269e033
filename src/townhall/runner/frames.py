"""What stands around every page: the council, help, the CSRF token and when the page locks."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

from townhall.engine.form import Form
from townhall.engine.model import Help
from townhall.runner import cookies
from townhall.runner.fittings import installed
from townhall.runner.forgery import form_token
from townhall.submissions.drafts import Opened
from townhall.ui.page import Frame, Idle
from townhall.ui.words import NAMES, words_in


def frame_for(
    request: HttpRequest, form: Form | None = None, opened: Opened | None = None
) -> Frame:
    """Make a page's frame; ``opened`` is the draft whose answers the page may show."""
    council = installed().council()
    definition = form.definition if form else None
    languages = definition.languages if definition else _site_languages(request)
    language = _language(request, languages)
    return Frame(
        council=council,
        help=_help(definition.help if definition else None, council.help),
        token=form_token(request),
        language=language,
        service=definition.title if definition else "",
        start=f"/{definition.service}" if definition else "",
        privacy=f"/{definition.service}/privacy" if definition else "",
        idle=_idle(opened, installed().clock(), language) if opened else None,
        languages=tuple(name for name in languages if name in NAMES),
        here=request.path,
        rehearsal=settings.REHEARSAL,
    )


@lru_cache(maxsize=2_000)
def _help(own: Help | None, council: Help) -> Help:
    """Fill what the service's help leaves out with the council's (WCAG 2.2, 3.2.6)."""
    given = own.model_dump(exclude_none=True) if own else {}
    return Help(**(council.model_dump(exclude_none=True) | given))


def _site_languages(request: HttpRequest) -> tuple[str, ...]:
    """Offer each language on the pages of no service to whoever has chosen one in a service."""
    return tuple(NAMES) if cookies.language(request) in NAMES else ("en",)


def _language(request: HttpRequest, offered: tuple[str, ...]) -> str:
    chosen = cookies.language(request)
    return chosen if chosen in offered and chosen in NAMES else "en"


def _idle(opened: Opened, at: datetime, language: str) -> Idle:
    seconds = max(0, int((opened.idle_ends - at).total_seconds()))
    service = opened.form.definition.service
    return Idle(words_in(language).clock(opened.idle_ends), seconds, f"/{service}/continue")
