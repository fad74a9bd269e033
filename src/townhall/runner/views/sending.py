"""Check answers, sending them once, and the confirmation."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse

from townhall.engine.fees import NoPrice
from townhall.runner import cookies
from townhall.runner.checking import check_view, refusal_view
from townhall.runner.confirming import confirmation_view
from townhall.runner.ends import unpriced_view
from townhall.runner.fittings import installed
from townhall.runner.frames import frame_for, language_for
from townhall.runner.views.base import SEEN, DraftPage, Page, page, see_other, turned_away
from townhall.runner.visits import LONDON, Arrival, Barrier, arrive, idle_limit
from townhall.submissions.actions import Receipt, Refused, Sender, Why, receive
from townhall.submissions.queries import confirmation
from townhall.submissions.queries import receipt as kept_receipt
from townhall.submissions.sealing import SealError

logger = logging.getLogger(__name__)


class CheckAnswers(DraftPage):
    """Every answer, with its way back, and the button that sends them."""

    def show(self, request: HttpRequest, arrival: Arrival, **named: str) -> HttpResponse:
        """Show the answers; a journey that is not done goes on where it stopped."""
        journey = arrival.journey
        if not journey.route.complete:
            return see_other(journey.unfinished())
        frame = frame_for(request, journey.form, journey.opened)
        try:
            return page(check_view(frame, journey))
        except NoPrice as missing:
            # Prices change apart from the versions that drafts keep: whoever runs us has to know.
            facts = {"service": journey.service, "price": missing.args[0]}
            logger.warning("a price is missing", extra=facts)
            return page(unpriced_view(frame, request.path), status=503)

    def post(self, request: HttpRequest, service: str, **named: str) -> HttpResponse:
        """Send them: pressed twice, refreshed or from two tabs, it is sent once.

        Nothing is read before they are received, which reads it all, in its own transaction.
        """
        at = installed().clock()
        try:
            receipt = _received(request, service, at)
        except Refused as refusal:
            return self._with_draft(request, service, partial(_refused, refusal), named)
        if receipt.at == at:
            # Sent again, it gives the first receipt: that was counted then.
            installed().counted("received", service)
        return see_other(f"/{service}/confirmation")


def _received(request: HttpRequest, service: str, at: datetime) -> Receipt:
    """Receive this browser's draft. Raises Refused, also where it has none that can be read."""
    token = cookies.draft_token(request, service)
    if token is None or len(token) > cookies.LONGEST:
        raise Refused(Why.GONE)
    try:
        return receive(
            Sender(token, service, request.POST.get(SEEN, "")),
            today=at.astimezone(LONDON).date(),
            at=at,
            language=partial(language_for, request),
            idle=idle_limit(),
        )
    except SealError:
        raise Refused(Why.GONE) from None


def _refused(
    refusal: Refused, request: HttpRequest, arrival: Arrival, **named: str
) -> HttpResponse:
    """Answer who may go on with a draft that was not received."""
    if refusal.why in (Why.INCOMPLETE, Why.EXIT):
        return see_other(arrival.journey.unfinished())
    return page(refusal_view(frame_for(request, arrival.draft.form), refusal), status=409)


class Confirmation(Page):
    """The reference and what happens next; it may be opened again, and changes nothing."""

    def get(self, request: HttpRequest, service: str) -> HttpResponse:
        """Show it to the browser that sent the answers."""
        arrival = arrive(request, service)
        if arrival is None:
            raise Http404
        if arrival.barrier is not Barrier.SENT or arrival.opened is None:
            return _not_sent(request, arrival)
        draft = arrival.opened.draft
        sent = confirmation(draft, at=arrival.at, idle=idle_limit())
        kept = sent.receipt if sent else kept_receipt(draft)
        if kept is None:
            return _not_sent(request, arrival)
        frame = frame_for(request, arrival.opened.form)
        return page(confirmation_view(frame, arrival.opened.form, kept, sent))


def _not_sent(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    if arrival.barrier is None:
        return see_other(arrival.journey.unfinished())
    if arrival.barrier is Barrier.SENT:
        response = see_other(f"/{arrival.live.slug}")
        cookies.drop_draft(request, response, arrival.live.slug)
        return response
    return turned_away(request, arrival)
