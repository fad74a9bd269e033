"""The home page and the start pages: what there is, what a service does and how long it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup

from townhall.definitions.queries import LiveService, Status
from townhall.engine.answers import Scope
from townhall.engine.form import Form
from townhall.engine.model import read_period
from townhall.ui.content import content_html
from townhall.ui.drawn import Once
from townhall.ui.environment import fragment
from townhall.ui.page import Frame, PageView
from townhall.ui.wording import Telling
from townhall.ui.words import Words

_STATES = {Status.NOT_YET: "Not open yet", Status.CLOSED: "Closed", Status.FULL: "Full"}


def home_view(frame: Frame, services: Sequence[LiveService]) -> PageView:
    """Give the list of services."""
    say = frame.words
    listed = [
        {
            "slug": one.slug,
            "title": one.form.definition.title,
            "summary": one.form.definition.summary,
            "state": say(_STATES[one.status]) if one.status in _STATES else "",
        }
        for one in services
    ]
    return PageView(
        "home", say("What you can do online"), frame, listed=True, data={"services": listed}
    )


def start_view(frame: Frame, form: Form, *, resume: str = "") -> PageView:
    """Give a service's start page; ``resume`` is where a draft on this computer goes on."""
    say = frame.words
    above, below = _starts.get((form.version, say.language), partial(_start, form, say))
    return PageView(
        "start",
        form.definition.title,
        frame,
        listed=True,
        data={"above": above, "resume": resume, "below": below},
    )


_starts: Once[tuple[Markup, Markup]] = Once(1_000)
"""What start pages say above and below the way in: it is the same for everyone."""


def _start(form: Form, say: Words) -> tuple[Markup, Markup]:
    definition, tell = form.definition, Telling(form, Scope(), say)
    blocks = [block for block in definition.start if block.when is None]
    urgent = definition.urgent
    above = fragment(
        "start",
        urgent=urgent,
        urgently=tell.prose(urgent.text) if urgent else "",
        summary=definition.summary,
        content=content_html(blocks, tell.prose, tell.plain, say),
        say=say,
    )
    return above, fragment("kept", lines=kept_lines(form, say), say=say)


def kept_lines(form: Form, say: Words) -> list[str]:
    """Say how long answers are kept, sent and not sent."""
    privacy = form.definition.privacy
    if privacy is None:
        return [say("This is a trial of a service. We keep nothing longer than the trial lasts.")]
    count, unit, event = _period(privacy.retain.unfinished, say)
    lines = [
        say("If you do not finish, we delete your answers after {time}.", time=f"{count} {unit}")
    ]
    count, unit, event = _period(privacy.retain.submitted, say)
    words = _KEPT.get(event, "When you send them, we keep them for {time}.")
    return [*lines, say(words, time=f"{count} {unit}")]


def _period(period: str, say: Words) -> tuple[int, str, str]:
    """Read ``2 years after visit`` as (2, "years", "visit"), the unit in the page's language."""
    count, unit, event = read_period(period) or (0, "days", "")
    return count, say(unit.removesuffix("s") if count == 1 else unit), event


_KEPT = {
    "visit": "When you send them, we keep them until {time} after our visit.",
    "closed": "When you send them, we keep them until {time} after we have dealt with them.",
}
