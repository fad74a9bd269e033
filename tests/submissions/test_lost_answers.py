"""A relay that takes a mail and is not heard to say so: residents get no flood, teams lose nothing.

The worker, the sender and the server are the real ones; only the clock is moved by hand.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from tests.fakes import smtp
from tests.submissions.test_delivery import COUNCIL
from tests.support.definitions import page
from tests.support.records import AT, definition, put_live, submitted

from townhall.engine.council import Council, Destination
from townhall.notify.senders import Outlet
from townhall.notify.smtp import MailServer, SmtpSender
from townhall.outbox import worker
from townhall.outbox.errors import TryAgain
from townhall.outbox.fittings import Fittings as Outbox
from townhall.outbox.models import Delivery, State
from townhall.submissions import caps, delivery
from townhall.submissions.fittings import Fittings, install

# Each try of theirs is committed, as a worker's is.
pytestmark = pytest.mark.django_db(transaction=True)
INBOX, RESIDENT = "pests@borough.example", "ann@example.org"
BRIEF = 0.1


@dataclass
class House:
    """A worker and what it sends by, with the time in our hands."""

    far: smtp.Server
    at: datetime = AT

    def mail(self) -> SmtpSender:
        where = MailServer("127.0.0.1", self.far.port, "bins@borough.example", "none")
        return SmtpSender(where, answer=BRIEF)

    def to_destination(self, name: str, destination: Destination) -> Outlet:
        return Outlet(self.mail(), destination.address or "")

    def work_for(self, time: timedelta) -> None:
        """Make every try that falls due in that time, at its own instant."""
        handlers = {"deliver": delivery.deliver, "acknowledge": delivery.acknowledge}
        outbox = Outbox(handlers, lambda: self.at, jitter=lambda: 0.5)
        until, open_ = self.at + time, Delivery.objects.filter(state=State.WAITING)
        while (due := open_.filter(next_at__lte=until).order_by("next_at").first()) is not None:
            self.at = max(self.at, due.next_at)
            worker.run_until_idle(outbox)
        self.at = until

    def arrived(self) -> Counter[str]:
        return Counter(mail["To"] for mail in self.far.sink.mails)


@pytest.fixture
def house() -> Iterator[House]:
    with smtp.Server(smtp.Sink()) as far:
        made = House(far)
        install(Fittings(lambda: Council.model_validate(COUNCIL), lambda: made))
        yield made


@pytest.fixture
def send() -> Callable[[], object]:
    """Send one form, whose answers go to a team by mail and are acknowledged to a resident."""
    asked = page("you", {"id": "email", "ask": "Email", "type": "email"})
    form = put_live(definition(pages=[asked], deliver=[{"to": "inbox"}]))
    return lambda: submitted(form, {"email": RESIDENT})


def states() -> dict[str, tuple[str, str]]:
    return {row.plug: (row.state, row.error_class) for row in Delivery.objects.all()}


@pytest.mark.parametrize(
    ("broken", "fault"), [({"slow": smtp.NEVER}, "timeout"), ({"cut_after": True}, "connection")]
)
def test_one_form_is_acknowledged_once_and_its_delivery_is_tried_until_it_is_taken(
    house, send, broken, fault
):
    vars(house.far.sink).update(broken)
    send()
    house.work_for(timedelta(minutes=5))
    assert house.arrived()[RESIDENT] == 1
    assert house.arrived()[INBOX] > 3
    assert states() == {
        "acknowledge": (State.DONE, ""),
        "deliver": (State.WAITING, fault),
    }
    vars(house.far.sink).update(slow=0, cut_after=False)
    before = house.arrived()[INBOX]
    house.work_for(timedelta(hours=1))
    assert house.arrived() == {RESIDENT: 1, INBOX: before + 1}
    assert states()["deliver"] == (State.DONE, "")
    assert len({mail["Message-ID"] for mail in house.far.sink.mails if mail["To"] == INBOX}) == 1


def test_the_cap_counts_what_may_have_arrived(house, send):
    house.far.sink.cut_after = True
    for _ in range(caps.CAP + 2):
        send()
    house.work_for(timedelta(minutes=1))
    assert house.arrived()[RESIDENT] == caps.CAP


def test_what_certainly_did_not_arrive_is_tried_again(house, send):
    for trouble in ({"data": "451 later"}, {"rcpt": "450 later"}):
        vars(house.far.sink).update(trouble)
        send()
        house.work_for(timedelta(seconds=30))
        assert house.arrived() == {}
        vars(house.far.sink).update(data="", rcpt="")
        house.work_for(timedelta(hours=1))
        assert house.arrived() == {RESIDENT: 1, INBOX: 1}
        house.far.sink.received.clear()


def test_the_first_lost_answer_is_seen_as_a_fault(house, send):
    """So that it is in the log and the counts; the next try finds that it may have arrived."""
    house.far.sink.slow = smtp.NEVER
    receipt = send()
    with pytest.raises(TryAgain, match="timeout"):
        delivery.acknowledge(str(receipt.submission), "", key="k", at=AT)
    delivery.acknowledge(str(receipt.submission), "", key="k", at=AT + timedelta(seconds=5))
    assert house.arrived()[RESIDENT] == 1
