"""Check answers: the answers on the route, the price, the declaration; and why it was refused."""

from __future__ import annotations

from decimal import Decimal

from townhall.engine.fees import Fee
from townhall.engine.submitted import fee_for
from townhall.runner.ends import message, stopped_view
from townhall.runner.fittings import installed
from townhall.runner.journey import Journey
from townhall.submissions.actions import Refused, Why
from townhall.ui.page import Frame, PageView
from townhall.ui.summary import summary_groups
from townhall.ui.wording import Telling
from townhall.ui.words import Words


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
            "groups": summary_groups(journey.route, tell, journey.address),
            "fee": _fee(journey, say),
            "declaration": tell.prose(declaration) if declaration else None,
            "button": say("Accept and send") if declaration else say("Send"),
            "action": journey.check,
        },
    )


def refusal_view(frame: Frame, refusal: Refused) -> PageView:
    """Give the page of answers that were not received, though nothing was wrong with them."""
    say = frame.words
    if refusal.why is Why.STOPPED:
        return stopped_view(frame, refusal.reason)
    return message(
        frame,
        say("We have not received your answers"),
        [
            say(_REASONS[refusal.why]),
            say("We have kept what you entered. Contact us and we will help."),
        ],
        links=[("/", say("See all services"))],
    )


_REASONS = {
    Why.LOCKED: "You did nothing for a long time, so we locked your answers.",
    Why.CLOSED: "This service closed while you were using it.",
    Why.FULL: "This service received as many answers as it can take while you were using it.",
    Why.WITHDRAWN: "This service was taken offline while you were using it.",
    Why.GONE: "Your answers are no longer on this computer.",
}


def _fee(journey: Journey, say: Words) -> dict[str, object] | None:
    if not journey.form.definition.fee:
        return None
    tables, today = installed().fees(), journey.today
    fee = fee_for(journey.form, journey.scope, tables, on=today, today=today)
    return _table(fee, say) if fee.charges else None


def _table(fee: Fee, say: Words) -> dict[str, object]:
    rows = [
        [
            {"text": _line(charge.line, charge.count)},
            {"text": _pounds(charge.pounds), "format": "numeric"},
        ]
        for charge in fee.charges
    ]
    total = [
        {"text": say("Total"), "classes": "govuk-!-font-weight-bold"},
        {"text": _pounds(fee.pounds), "format": "numeric", "classes": "govuk-!-font-weight-bold"},
    ]
    head = [{"text": say("Charge")}, {"text": say("Price"), "format": "numeric"}]
    return {"head": head, "rows": [*rows, total]}


def _line(words: str, count: int) -> str:
    return f"{words} × {count}" if count > 1 else words


def _pounds(amount: Decimal) -> str:
    return f"£{amount:,.2f}"
