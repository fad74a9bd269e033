"""Check answers: the answers on the route, the price, the declaration; and why it was refused."""

from __future__ import annotations

from townhall.runner.charging import fee_shown
from townhall.runner.ends import message, stopped_view
from townhall.runner.journey import CHECK, Journey
from townhall.submissions.actions import Refused, Why
from townhall.ui.page import Frame, PageView
from townhall.ui.summary import summary_html
from townhall.ui.wording import Telling


def check_view(frame: Frame, journey: Journey) -> PageView:
    """Give the check answers page of a complete journey."""
    tell = Telling(journey.form, journey.scope, frame.words)
    say, declaration = frame.words, journey.form.definition.check.declaration
    last = journey.route.steps[-1] if journey.route.steps else None
    return PageView(
        "check",
        say("Check your answers before you send them"),
        frame,
        back=journey.address(last) if last else f"/{journey.service}",
        data={
            "answers": summary_html(journey.route, tell, journey.address),
            "fee": fee_shown(tell, journey.today, sent=False),
            "declaration": tell.prose(declaration) if declaration else None,
            "action": journey.check,
            "seen": journey.opened.contents.state if journey.opened.contents else "",
        },
    )


def refusal_view(frame: Frame, refusal: Refused) -> PageView:
    """Give the page of answers that were not received, though nothing was wrong with them."""
    say = frame.words
    if refusal.why is Why.STOPPED:
        return stopped_view(frame, refusal.reason)
    if refusal.why is Why.CHANGED:
        return _changed(frame)
    return message(
        frame,
        say("We have not received your answers"),
        [
            say(_REASONS[refusal.why]),
            say("We have kept what you entered. Contact us and we will help."),
        ],
        links=[("/", say("See all services"))],
    )


def _changed(frame: Frame) -> PageView:
    say = frame.words
    line = say(
        "They were changed after the page that you sent was shown, perhaps in another window."
        " We have not sent them to anyone yet."
    )
    again = f"{frame.start}/{CHECK}", say("Check your answers again")
    return message(frame, say("Your answers have changed"), [line], links=[again])


_REASONS = {
    Why.LOCKED: "You did nothing for a long time, so we locked your answers.",
    Why.CLOSED: "This service closed while you were using it.",
    Why.FULL: "This service received as many answers as it can take while you were using it.",
    Why.WITHDRAWN: "This service was taken offline while you were using it.",
    Why.GONE: "Your answers are no longer on this computer.",
}
