"""A draft's whole life against a plain model: pages, tabs, locks, new versions, and one receipt."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.support.definitions import page, radios
from tests.support.records import AT, TODAY, begun, definition, put_live

from townhall.audit import queries as audit
from townhall.definitions.actions import withdraw
from townhall.outbox.models import Delivery
from townhall.submissions import drafts, queries
from townhall.submissions.actions import Refused, Why, receive
from townhall.submissions.locks import Lock
from townhall.submissions.models import DraftPage, Submission

pytestmark = pytest.mark.django_db

IDLE = timedelta(minutes=60)
KEPT = timedelta(days=28)
PAGES = [
    page("pest", radios("pest", "Rats", "Wasps")),
    page("nest", radios("nest", "Roof", "Tree"), when={"pest": "wasps"}),
    page("you", {"id": "name", "ask": "Name", "type": "text", "personal": ["contact"]}),
]
ANSWERS = {"pest": ["rats", "wasps"], "nest": ["roof", "tree"], "you": ["Ann", "Bob"]}
QUESTION = {"pest": "pest", "nest": "nest", "you": "name"}


class Life(RuleBasedStateMachine):
    """What a person, a second tab, an author and the clock may do in any order."""

    count = 0

    @initialize()
    def start(self) -> None:
        Life.count += 1
        self.service = f"life-{Life.count}"
        self.form = self.publish(0)
        self.at = AT
        self.started = begun(self.form)
        self.pages: dict[str, str] = {}
        self.active, self.saved, self.proven = AT, AT, {}
        self.receipt, self.stopped, self.titles = None, False, 0

    def publish(self, number: int):
        return put_live(
            definition(pages=PAGES, service=self.service, title=f"Title {number}", acknowledge=None)
        )

    def look(self):
        return drafts.open_draft(self.started.token, self.service, at=self.at)

    @property
    def lock(self) -> Lock:
        if self.at < self.active + IDLE:
            return Lock.OPEN
        return Lock.LOCKED if "you" in self.pages else Lock.PAUSED

    @property
    def gone(self) -> bool:
        return self.at >= self.saved + KEPT

    @precondition(lambda self: not self.gone)
    @rule(page=st.sampled_from(sorted(ANSWERS)), choice=st.integers(0, 1), stale=st.booleans())
    def send(self, page: str, choice: int, stale: bool) -> None:
        value = ANSWERS[page][choice]
        opened = self.look()
        kept = drafts.save_page(opened, page, {QUESTION[page]: value}, at=self.at)
        assert (kept is not None) is (self.receipt is None)
        if self.receipt is None:
            if self.lock is Lock.OPEN:
                self.active = self.at
            self.pages[page] = value
            self.saved = self.at

    @rule(minutes=st.sampled_from([1, 20, 59, 60, 61, 60 * 24 * 9]))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @precondition(lambda self: not self.gone and self.receipt is None)
    @rule()
    def press(self) -> None:
        expected = self.lock is not Lock.LOCKED
        assert drafts.resume(self.look(), at=self.at) is expected
        if expected:
            self.active = self.saved = self.at
            self.saved = max(self.saved, self.at)

    @rule()
    def publish_another(self) -> None:
        self.titles += 1
        self.publish(self.titles)

    @precondition(lambda self: not self.stopped)
    @rule(now=st.booleans())
    def take_down(self, now: bool) -> None:
        withdraw(self.service, by="ann", at=self.at, reason="Unsafe", now=now)
        self.stopped = self.stopped or now

    @rule()
    def submit(self) -> None:
        expected = self.expected_refusal()
        if expected is not None:
            with pytest.raises(Refused) as caught:
                receive(self.started.draft, today=TODAY, at=self.at)
            assert caught.value.why is expected
            return
        found = receive(self.started.draft, today=TODAY, at=self.at)
        assert self.receipt in (None, found)
        self.receipt = found

    def expected_refusal(self) -> Why | None:
        if self.receipt is not None:
            return None
        if self.gone:
            return Why.GONE
        if self.lock is not Lock.OPEN:
            return Why.LOCKED
        if self.stopped:
            return Why.STOPPED
        on_route = ["pest", "you"] + (["nest"] if self.pages.get("pest") == "wasps" else [])
        return None if set(on_route) <= set(self.pages) else Why.INCOMPLETE

    @invariant()
    def nothing_is_lost(self) -> None:
        opened = self.look()
        if self.receipt is not None:
            assert queries.receipt(self.started.draft) == self.receipt
            assert Submission.objects.filter(service=self.service).count() == 1
            assert Delivery.objects.filter(subject=str(self.receipt.submission)).count() >= 1
            assert not DraftPage.objects.filter(draft=self.started.draft.pk).exists()
        elif self.gone:
            assert opened is None
        else:
            assert opened.form.version == self.form.version
            assert opened.lock is self.lock
            given = {QUESTION[page]: value for page, value in self.pages.items()}
            assert opened.answers.values == given

    def teardown(self) -> None:
        if getattr(self, "receipt", None) is not None:
            reading = queries.read_answers(
                self.receipt.submission, by="ann", reason="case", at=self.at
            )
            wasps = self.pages["pest"] == "wasps"
            expected = {QUESTION[page]: value for page, value in self.pages.items()}
            if not wasps:
                expected.pop("nest", None)
            assert reading.answers.values == expected
        assert audit.broken() is None


def test_a_draft_lives_as_its_model_says():
    run_state_machine_as_test(
        Life, settings=settings(max_examples=40, stateful_step_count=30, deadline=None)
    )
