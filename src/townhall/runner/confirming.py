"""The confirmation: the reference, what happens next, and how to correct what was sent."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from townhall.engine.answers import Scope
from townhall.engine.evaluate import holds
from townhall.engine.form import Form
from townhall.engine.submitted import scope_of
from townhall.runner.charging import fee_shown
from townhall.submissions.actions import Receipt
from townhall.submissions.queries import Reading
from townhall.ui.content import content_html
from townhall.ui.page import Frame, PageView
from townhall.ui.wording import Telling

LONDON = ZoneInfo("Europe/London")


def confirmation_view(
    frame: Frame, form: Form, receipt: Receipt, reading: Reading | None
) -> PageView:
    """Give the confirmation; ``reading`` is None once someone else may be at the computer."""
    say, words = frame.words, form.definition.confirmation
    scope = scope_of(reading.answers) if reading else Scope()
    tell = Telling(form, scope, say)
    day = receipt.at.astimezone(LONDON).date()
    blocks = [one for one in words.content if reading and holds(one.when, form, scope, day)]
    sent = say(
        "We received your answers on {date} at {time}.",
        date=say.date(day),
        time=say.clock(receipt.at),
    )
    correct = say("Contact us and give your reference number.")
    return PageView(
        "confirmation",
        say("Your answers have been sent"),
        frame,
        data={
            "reference": receipt.reference,
            "sent": sent,
            "next": tell.prose(words.next),
            "answer_by": _answer_by(words.answer_by, tell),
            "fee": fee_shown(tell, day, sent=True) if reading else None,
            "content": content_html(blocks, tell.prose, tell.plain, say),
            "correct": correct,
        },
    )


def _answer_by(words: str | None, tell: Telling) -> str:
    return tell.say("We will answer {when}.", when=tell.plain(words)) if words else ""
