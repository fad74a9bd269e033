"""The fee as pages show it: what is charged, line by line, and that nothing is paid here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from markupsafe import Markup

from townhall.engine.fees import Charge, Fee
from townhall.engine.model import Payment
from townhall.engine.submitted import fee_for
from townhall.runner.fittings import installed
from townhall.ui.wording import Telling
from townhall.ui.words import Words


def fee_shown(tell: Telling, today: date, *, sent: bool) -> dict[str, object] | None:
    """Give what ``townhall/fee.html`` draws, at the prices in force on ``today``.

    None where nothing is charged. ``sent`` says that the answers have gone: "You have not paid
    anything", where before it was "You do not pay anything now". A version that was published
    before services had to say how a fee is paid shows its fee alone.
    """
    definition = tell.form.definition
    if not definition.fee:
        return None
    try:
        fee = fee_for(tell.form, tell.scope, installed().fees(), on=today, today=today)
    except KeyError:
        # The answers are safe and the page has to say so, whatever became of the fee table since.
        if sent:
            return None
        raise
    if not fee.charges:
        return None
    table = _table(fee, tell.say)
    if definition.payment is None or not fee.pounds:
        return {"table": table}
    return {
        "table": table,
        "paid": _paid(tell.say, sent=sent),
        "how": _how(definition.payment, tell),
    }


def _paid(say: Words, *, sent: bool) -> str:
    return say("You have not paid anything.") if sent else say("You do not pay anything now.")


def _how(payment: Payment, tell: Telling) -> Markup:
    return tell.prose(payment.say or tell.say("We will tell you how to pay."))


def _table(fee: Fee, say: Words) -> dict[str, object]:
    rows = [[{"text": _line(one)}, _price(one.pounds)] for one in fee.charges]
    bold = "govuk-!-font-weight-bold"
    total = [{"text": say("Total"), "classes": bold}, {**_price(fee.pounds), "classes": bold}]
    head = [{"text": say("Charge")}, {"text": say("Price"), "format": "numeric"}]
    return {"head": head, "rows": [*rows, total]}


def _line(charge: Charge) -> str:
    return f"{charge.line} × {charge.count}" if charge.count > 1 else charge.line


def _price(amount: Decimal) -> dict[str, str]:
    return {"text": f"£{amount:,.2f}", "format": "numeric"}
