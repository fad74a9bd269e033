"""To destinations: what they may hold, and no more. To residents: nothing that anyone typed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import jsonschema
import pytest
from tests.support.definitions import form_of, page
from tests.support.records import ANSWERS, AT, definition, put_live, submitted

from townhall.audit.models import Entry
from townhall.engine.council import Council
from townhall.engine.submitted import Submitted
from townhall.outbox.errors import GiveUp, TryAgain
from townhall.outbox.models import Alarm, Delivery, State
from townhall.submissions import caps, delivery
from townhall.submissions.fittings import Fittings, install
from townhall.submissions.messages import submission_text, when_in_words
from townhall.submissions.models import Submission, Told
from townhall.submissions.schema import schema_of
from townhall.submissions.sealing import write_key

pytestmark = pytest.mark.django_db

COUNCIL = {
    "name": "Borough of Example",
    "website": "https://www.borough.example",
    "operator_email": "operator@borough.example",
    "controller": {"name": "Borough of Example"},
    "dpo": {"name": "The officer"},
    "help": {"phone": "01632 960000", "hours": "9am to 5pm", "relay": "18001 01632 960000"},
    "mail_domains": ["borough.example"],
    "hosts": ["systems.example"],
    "destinations": {
        "inbox": {
            "kind": "email",
            "address": "pests@borough.example",
            "recipient": "Pests",
            "purpose": "To treat",
            "classes": ["contact"],
        },
        "wasps": {
            "kind": "webhook",
            "url": "https://systems.example/wasps",
            "recipient": "Wasps",
            "purpose": "To treat",
            "classes": ["contact", "special"],
        },
    },
}
EVIL = "[win](https://evil.example) ((ref)) # big"


@dataclass
class Post:
    """Stands in for Senders: keeps every message, or fails as told."""

    sent: list = field(default_factory=list)
    fault: Exception | None = None

    def to_destination(self, name, destination):
        self.to, self.sender = destination.address or destination.url, self
        return self

    def mail(self):
        return self

    def send(self, message, *, key, at):
        if self.fault:
            raise self.fault
        self.sent.append((message, key))


@pytest.fixture
def council():
    return {"now": Council.model_validate(COUNCIL)}


@pytest.fixture
def post(council):
    made = Post()
    install(Fittings(lambda: council["now"], lambda: made))
    return made


@pytest.fixture
def form():
    return put_live()


def deliver(receipt, to="inbox", at=AT):
    delivery.deliver(str(receipt.submission), to, key="k", at=at)


def acknowledge(receipt, at=AT):
    delivery.acknowledge(str(receipt.submission), "", key="k", at=at)


# To a destination


def test_mail_holds_the_lines_of_check_answers(post, form):
    receipt = submitted(form)
    deliver(receipt)
    message, key = post.sent[0]
    assert (message.to, key) == ("pests@borough.example", "k")
    assert message.subject == f"Tell us about a thing: {receipt.reference}"
    for line in ("Which pest? Rats", "ITEM 1\nWho? Bob", "Your name: Ann Example"):
        assert line in message.body
    assert "Received: 7 December 2026 at 9:00am" in message.body


def test_what_a_destination_may_not_hold_is_left_out_and_named(post, form):
    deliver(submitted(form, {**ANSWERS, "health": "Poorly"}))
    body = post.sent[0][0].body
    assert "Poorly" not in body
    assert "not sent here, which may not hold it: Health" in body


def test_a_webhook_gets_ids_that_keep_to_the_published_schema(post, form):
    receipt = submitted(form, {**ANSWERS, "health": "Poorly"})
    deliver(receipt, "wasps")
    payload = json.loads(json.dumps(post.sent[0][0].payload))
    jsonschema.validate(payload, schema_of(form))
    assert payload["answers"]["pest"] == "rats"
    assert payload["answers"]["health"] == "Poorly"
    assert payload["reference"] == receipt.reference


def test_an_answer_cannot_look_like_another_line(form):
    text = submission_text(
        form,
        Submitted({"name": "Ann\nYour reference: fake\r\x00", "pest": "rats"}),
        reference="R",
        at=AT,
        leave_out=(),
    )
    assert "\n    Your reference: fake" in text
    assert "\nYour reference: fake" not in text
    assert "\x00" not in text


def test_an_answer_that_turns_the_writing_is_kept_apart(form):
    answers = Submitted({"name": "\u202egnp.exe"})
    text = submission_text(form, answers, reference="R", at=AT, leave_out=())
    assert "\u2068\u202egnp.exe\u2069" in text


NAMING = [
    page("kid", {"id": "kid", "ask": "Which child?", "type": "text", "personal": ["child"]}),
    page("born", {"id": "born", "ask": "When was {{ kid }} born?", "type": "date"}, section="us"),
    page(
        "people",
        {"id": "who", "ask": "Who is number {{ item.number }}?", "type": "text"},
        {"id": "age", "ask": "How old is {{ who }}, a friend of {{ kid }}?", "type": "number"},
        repeat={"id": "others"},
    ),
]


def naming():
    sections = [{"section": "us", "title": "About {{ kid }}"}]
    return form_of(NAMING, sections=sections)


def test_a_question_that_names_an_answer_is_sent_with_it():
    people = ({"who": "Bob", "age": 7}, {"who": "Eve"})
    sam = Submitted({"kid": "Sam\nBorn: \u202e", "born": date(2015, 2, 1)}, {"others": people})
    text = submission_text(naming(), sam, reference="R", at=AT, leave_out=())
    assert "{{" not in text
    assert "ABOUT \u2068SAM BORN: \u202e\u2069\n" in text
    assert "When was \u2068Sam Born: \u202e\u2069 born? 1 February 2015" in text
    assert "Who is number 1? Bob\nHow old is Bob, a friend of" in text
    assert "Who is number 2? Eve" in text


def test_a_question_names_no_answer_that_a_destination_may_not_have():
    form = naming()
    one = Submitted({"kid": "Sam", "born": date(2015, 2, 1)}, {"others": ({"who": "Bob"},)})
    text = submission_text(form, one, reference="R", at=AT, leave_out={"kid", "who", "born"})
    assert "Sam" not in text
    assert "Bob" not in text
    assert text.endswith("hold it: Which child?; When was … born?; Who is number 1?\n")
    text = submission_text(form, one, reference="R", at=AT, leave_out={"kid"})
    assert "ABOUT …\nWhen was … born? 1 February 2015" in text


def test_the_schema_has_no_braces():
    properties = schema_of(naming())["properties"]["answers"]["properties"]
    assert properties["born"]["title"] == "When was … born?"
    assert "{{" not in json.dumps(properties)


def test_a_literal_address_goes_only_where_the_operator_allows(post, form):
    receipt = submitted(form)
    deliver(receipt, "someone@borough.example")
    deliver(receipt, "https://systems.example/x")
    assert [message.to for message, _ in post.sent] == [
        "someone@borough.example",
        "https://systems.example/x",
    ]
    for refused in ("someone@evil.example", "https://evil.example/", "gone", "//[", "http://"):
        with pytest.raises(TryAgain, match="unknown_destination"):
            deliver(receipt, refused)


def test_a_disclosure_is_audited_once_however_often_it_is_tried(post, form):
    receipt = submitted(form)
    post.fault = TryAgain("http_503")
    for _ in range(3):
        with pytest.raises(TryAgain):
            deliver(receipt)
    found = Entry.objects.filter(what="disclose", which=str(receipt.submission))
    assert [entry.reason for entry in found] == ["deliver to inbox"]


def test_what_cannot_be_opened_waits_and_what_is_purged_does_not(post, form, settings):
    receipt = submitted(form)
    settings.KEYS = write_key("other")
    with pytest.raises(TryAgain, match="cannot_open"):
        deliver(receipt)
    Submission.objects.update(wrapped_key=b"")
    with pytest.raises(GiveUp, match="purged"):
        deliver(receipt)


# To the resident


def test_the_acknowledgement_holds_nothing_that_was_typed(post):
    page_of_all = page(
        "you",
        {"id": "name", "ask": "Name", "type": "text"},
        {"id": "story", "ask": "Story", "type": "long-text"},
        {"id": "who", "ask": "Who", "type": "name"},
        {"id": "email", "ask": "Email", "type": "email"},
    )
    made = definition(
        pages=[page_of_all],
        deliver=[],
        confirmation={"next": "Thank you {{ name }}. We will call.", "answer_by": "{{ name }}"},
    )
    typed = {"name": EVIL, "story": f"{EVIL}\n{EVIL}", "who": EVIL, "email": "ann@example.org"}
    receipt = submitted(put_live(made), typed)
    acknowledge(receipt)
    message, _ = post.sent[0]
    assert message.to == "ann@example.org"
    for typed in ("win", "evil", "((", "# big", "ann@", "{{"):
        assert typed not in message.subject + message.body
    assert receipt.reference in message.body


def test_it_says_what_happens_next_and_how_to_get_help(post):
    words = {"next": "We will [call you](https://www.borough.example/calls)."}
    acknowledge(submitted(put_live(definition(confirmation=words))))
    body = post.sent[0][0].body
    for part in ("Tell us about a thing", "7 December 2026", "We will call you", "01632 960000"):
        assert part in body
    assert "https://www.borough.example/calls" in body


@pytest.mark.parametrize("address", ["https://evil.example/x", "www.evil.example", "HTTP://a.b"])
def test_it_holds_only_the_council_s_own_links(post, address):
    acknowledge(submitted(put_live(definition(confirmation={"next": f"See {address} now."}))))
    assert address not in post.sent[0][0].body
    assert "See" in post.sent[0][0].body


def test_a_discreet_name_stands_for_the_title(post):
    made = definition(acknowledge={"to": "email", "name": "Your request"})
    acknowledge(submitted(put_live(made)))
    message = post.sent[0][0]
    assert "Your request" in message.body
    assert "Tell us about a thing" not in message.subject + message.body


def test_it_is_sent_once(post, form):
    receipt = submitted(form)
    for _ in range(3):
        acknowledge(receipt)
    assert len(post.sent) == 1


def test_a_failed_one_is_not_taken_for_sent(post, form):
    receipt = submitted(form)
    post.fault = TryAgain("connection")
    with pytest.raises(TryAgain):
        acknowledge(receipt)
    post.fault = None
    acknowledge(receipt)
    assert len(post.sent) == 1


def test_no_address_gets_more_than_the_cap_in_a_day(post, form):
    for number in range(caps.CAP + 3):
        address = ["ann@example.org", "ANN@example.org", f"ann+{number}@example.org"][number % 3]
        acknowledge(submitted(form, {**ANSWERS, "email": address}))
    assert len(post.sent) == caps.CAP
    acknowledge(submitted(form, {**ANSWERS, "email": "bob@example.org"}))
    acknowledge(submitted(form), at=AT + timedelta(days=1, seconds=1))
    assert len(post.sent) == caps.CAP + 2


def test_the_cap_outlives_a_change_of_its_key(post, form, settings):
    old, new = write_key("old"), write_key("new")
    settings.ADDRESS_KEYS = old
    for _ in range(caps.CAP):
        acknowledge(submitted(form))
    settings.ADDRESS_KEYS = f"{new},{old}"
    acknowledge(submitted(form))
    assert len(post.sent) == caps.CAP
    assert not [told for told in Told.objects.all() if "ann" in told.mark]


def test_without_an_address_or_where_it_is_switched_off_nothing_is_sent(post, form, council):
    acknowledge(submitted(form, {"pest": "rats", "name": "Ann"}))
    council["now"] = Council.model_validate({**COUNCIL, "acknowledgements": False})
    acknowledge(submitted(form))
    assert post.sent == []
    submitted(put_live(definition(acknowledge=None)))
    last = Delivery.objects.order_by("pk").last()
    assert last is not None
    assert last.subscriber == "deliver:inbox"


def test_only_what_is_sent_is_audited_as_a_disclosure(post, form, council):
    none = submitted(form, {"pest": "rats", "name": "Ann"})
    acknowledge(none)
    for _ in range(caps.CAP + 1):
        last = submitted(form)
        acknowledge(last)
    found = Entry.objects.filter(what="disclose", reason="acknowledge")
    assert found.count() == len(post.sent) == caps.CAP
    assert not found.filter(which__in=[str(none.submission), str(last.submission)]).exists()


def test_a_destination_that_has_no_sender_learns_nothing(post, form, monkeypatch):
    def unready(*args):
        raise TryAgain("no_stand_in")

    monkeypatch.setattr(post, "mail", unready)
    monkeypatch.setattr(post, "to_destination", unready)
    receipt = submitted(form)
    for send in (deliver, acknowledge):
        with pytest.raises(TryAgain):
            send(receipt)
    assert not Entry.objects.filter(what="disclose").exists()


@pytest.mark.parametrize("relay", ["18001 01632 960000", "Relay UK 18001 01632 960000"])
def test_a_way_to_get_help_is_named_once(post, form, council, relay):
    help = {**COUNCIL["help"], "relay": relay}
    council["now"] = Council.model_validate({**COUNCIL, "help": help})
    acknowledge(submitted(form))
    (line,) = [line for line in post.sent[0][0].body.splitlines() if "18001" in line]
    assert line.count("Relay UK") == 1


# To owner and operator


def alarm_for(receipt) -> str:
    held = Delivery.objects.filter(subject=str(receipt.submission), subscriber="deliver:inbox")
    held.update(state=State.DEAD, error_class="http_503", failing_since=AT)
    alarm = Alarm.objects.create(watcher="x", at=AT)
    alarm.deliveries.set(held)
    return str(alarm.pk)


def watched(receipt) -> Iterator[str]:
    return iter(delivery.watchers(str(receipt.submission)))


def test_owner_and_operator_are_told_without_answers(post, form):
    receipt = submitted(form)
    alarm = alarm_for(receipt)
    for watcher in watched(receipt):
        delivery.tell(alarm, watcher, key="k", at=AT)
    assert [message.to for message, _ in post.sent] == [
        "operator@borough.example",
        "street@borough.example",
    ]
    body = post.sent[0][0].body
    for part in (receipt.reference, "deliver:inbox", "http_503", "7 December 2026 at 9:00am"):
        assert part in body
    for answer in ("Ann Example", "ann@example.org", "Rats"):
        assert answer not in body


def test_what_is_settled_is_not_told(post, form):
    receipt = submitted(form)
    alarm = alarm_for(receipt)
    Delivery.objects.update(state=State.DONE, failing_since=None)
    delivery.tell(alarm, "operator", key="k", at=AT)
    delivery.tell(alarm, "owner-gone", key="k", at=AT)
    assert post.sent == []


def test_trouble_with_what_is_no_submission_goes_to_the_operator():
    assert delivery.watchers("no-such-subject") == ("operator",)


@pytest.mark.parametrize(
    "hour, words", [(0, "12:00am"), (9, "9:00am"), (12, "12:00pm"), (23, "11:00pm")]
)
def test_times_are_said_as_gov_uk_says_them(hour, words):
    assert when_in_words(AT.replace(hour=hour)) == f"7 December 2026 at {words}"
