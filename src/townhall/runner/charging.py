"""The fee as pages show it: what is charged, line by line, and that nothing is paid here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from markupsafe import Markup

from townhall.engine.fees import Charge, NoPrice
from townhall.engine.model import Payment
from townhall.engine.submitted import fee_for
from townhall.runner.fittings import installed
from townhall.ui.drawn import Filled
from townhall.ui.environment import fragment
from townhall.ui.wording import Telling
from townhall.ui.words import Words

_fees = Filled()


def fee_shown(tell: Telling, today: date, *, sent: bool) -> Markup:
    """Draw the fee at the prices in force on ``today``; nothing where nothing is charged.

    ``sent`` says that the answers have gone: "You have not paid anything", where before it was
    "You do not pay anything now". A version that was published before services had to say how a
    fee is paid shows its fee alone. Raises NoPrice, unless ``sent``, where it cannot be worked out.
    """
    definition = tell.form.definition
    if not definition.fee:
        return _NOTHING
    try:
        fee = fee_for(tell.form, tell.scope, installed().fees(), on=today, today=today)
    except NoPrice:
        # The answers are safe and the page has to say so, whatever became of the fee table since.
        if sent:
            return _NOTHING
        raise
    if not fee.charges:
        return _NOTHING
    payment = definition.payment if fee.pounds else None
    texts = [text for one in fee.charges for text in (_line(one), _price(one.pounds))]
    texts += (_price(fee.pounds), _how(payment, tell) if payment else "")
    return _fees.draw((tell.say.language, sent), texts, partial(_drawn, say=tell.say, sent=sent))


_NOTHING = Markup()


def _how(payment: Payment, tell: Telling) -> Markup:
    return tell.prose(payment.say or tell.say("We will tell you how to pay."))


def _drawn(texts: Sequence[str], *, say: Words, sent: bool) -> Markup:
    """Draw each charge's line and price, the total, and how it is paid, if that is said."""
    *charges, total, how = texts
    rows = [
        [{"text": line}, {"text": price, "format": "numeric"}]
        for line, price in zip(charges[::2], charges[1::2], strict=True)
    ]
    return fragment("fee", rows=rows, total=total, how=how, sent=sent, say=say)


def _line(charge: Charge) -> str:
    return f"{charge.line} × {charge.count}" if charge.count > 1 else charge.line


def _price(amount: Decimal) -> str:
    return f"£{amount:,.2f}"
