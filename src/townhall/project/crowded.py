"""The page for someone whose answers there was no room for, drawn once: no thread is to spare."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from townhall.project import house
from townhall.runner import cookies
from townhall.runner.ends import message
from townhall.ui.page import Frame, Site, render
from townhall.ui.words import NAMES

# Seconds. What is held is let go as it is answered, most of it far sooner.
WAIT = "60"


def crowded(request: HttpRequest) -> HttpResponse:
    """Answer 503, in the language that was chosen; what was typed is on the page before."""
    chosen = cookies.language(request)
    response = HttpResponse(_drawn(chosen if chosen in NAMES else "en"), status=503)
    response.headers["Retry-After"] = WAIT
    return response


@cache
def _drawn(language: str) -> str:
    council = house.council()
    site = Site(council, council.help, language, rehearsal=settings.REHEARSAL)
    frame = Frame(site, token="")
    say = frame.words
    lines = [
        say("We could not save that just now. Everything you sent before is safe."),
        say(
            "What you typed is still on the page before this one."
            " Go back to it, wait a minute, then send it again."
        ),
        say("If you need an answer now, contact us."),
    ]
    return render(message(frame, say("Sorry, there is a problem with the service"), lines))
