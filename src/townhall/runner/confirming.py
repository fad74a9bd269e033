"""The confirmation: the reference, what happens next, and how to correct what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from townhall.engine.answers import Scope
from townhall.engine.evaluate import holds
from townhall.engine.form import Form
from townhall.engine.model import Content
from townhall.engine.submitted import scope_of
from townhall.runner.charging import fee_shown
from townhall.submissions.actions import Receipt
from townhall.submissions.queries import Sent
from townhall.ui.content import content_html
from townhall.ui.drawn import Once
from townhall.ui.page import Frame, PageView
from townhall.ui.wording import Telling
from townhall.ui.words import Words

LONDON = ZoneInfo("Europe/London")

Data = Mapping[str, object]


def confirmation_view(frame: Frame, form: Form, receipt: Receipt, sent: Sent | None) -> PageView:
    """Give the confirmation; ``sent`` is None once someone else may be at the computer."""
    say = frame.words
    day = receipt.at.astimezone(LONDON).date()
    words = _alike(form, say, shown=sent is not None)
    if not words and sent:
        words = _own(Telling(form, scope_of(sent.answers), say), day)
    at = say.clock(receipt.at)
    return PageView(
        "confirmation",
        say("Your answers have been sent"),
        frame,
        data={
            "reference": receipt.reference,
            "sent": say(
                "We received your answers on {date} at {time}.", date=say.date(day), time=at
            ),
            **words,
        },
    )


def _own(tell: Telling, day: date) -> Data:
    """Give what an author says to one person, by what they sent."""
    content = tell.form.definition.confirmation.content
    blocks = [one for one in content if holds(one.when, tell.form, tell.scope, day)]
    return _said(tell, blocks) | {"fee": fee_shown(tell, day, sent=True)}


def _said(tell: Telling, blocks: Sequence[Content]) -> dict[str, object]:
    words = tell.form.definition.confirmation
    when = words.answer_by
    return {
        "next": tell.prose(words.next),
        "answer_by": tell.say("We will answer {when}.", when=tell.plain(when)) if when else "",
        "content": content_html(blocks, tell.prose, tell.plain, tell.say),
        "fee": "",
    }


_kept: Once[Data] = Once(1_000)


def _alike(form: Form, say: Words, *, shown: bool) -> Data:
    """Give what an author says to everyone alike; nothing where that hangs on what was sent.

    Without ``shown`` it is what may be said to anyone.
    """
    key = (form.version, say.language, shown)
    return _kept.get(key, partial(_made_alike, form, say, shown=shown))


def _made_alike(form: Form, say: Words, *, shown: bool) -> Data:
    tell, words = Telling(form, Scope(), say), form.definition.confirmation
    if not shown:
        return _said(tell, ())
    hangs = form.definition.fee or any(block.when for block in words.content)
    return {} if hangs or "{{" in words.model_dump_json() else _said(tell, words.content)
