"""The privacy notice, the accessibility statement, the cookies page, colours and language."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from townhall.definitions import queries as definitions
from townhall.runner import cookies
from townhall.runner.accessibility import accessibility_view, cookies_view
from townhall.runner.fittings import installed
from townhall.runner.frames import frame_for
from townhall.runner.notices import privacy_view
from townhall.runner.start import kept_lines
from townhall.runner.views.base import Page, page, see_other
from townhall.ui.theme import stylesheet
from townhall.ui.words import NAMES


class Privacy(Page):
    """What a service does with what people tell it."""

    def get(self, request: HttpRequest, service: str) -> HttpResponse:
        """Show the notice of the live version."""
        live = definitions.live(service, installed().clock())
        if live is None:
            raise Http404
        frame = frame_for(request, live.form)
        kept = kept_lines(live.form, frame.words)
        return page(privacy_view(frame, live.form.definition, kept))


class Accessibility(Page):
    """The statement of the whole site."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return page(accessibility_view(frame_for(request)))


class Cookies(Page):
    """Only what is strictly necessary, so there is no banner."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Name each cookie."""
        return page(cookies_view(frame_for(request)))


class Theme(Page):
    """The council's colours; the address changes with them, so a browser may keep it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Give the stylesheet."""
        css = stylesheet(installed().council().theme)
        response = HttpResponse(css.encode(), content_type="text/css; charset=utf-8")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class Language(Page):
    """Remembers the language of the built-in words."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Go back to the page that the person was on, which is one of ours or the home page."""
        chosen, here = request.POST.get("language", ""), request.POST.get("here", "")
        ours = here.startswith("/") and url_has_allowed_host_and_scheme(here, allowed_hosts=None)
        response = see_other(here if ours else "/")
        if chosen in NAMES:
            cookies.keep_language(request, response, chosen)
        return response
