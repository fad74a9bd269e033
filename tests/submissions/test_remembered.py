"""A remembered draft is what the database holds, whoever changed it; and it is soon forgotten."""

from __future__ import annotations

import itertools
import tracemalloc
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as bounds
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
from tests.support.records import AT, TODAY, begun, definition, fill, look, put_live

from townhall.engine.answers import PageRow
from townhall.submissions import drafts, remembered, rotation
from townhall.submissions.actions import Refused, receive
from townhall.submissions.drafts import Started
from townhall.submissions.models import Draft, DraftPage
from townhall.submissions.opened import Opened, read_draft
from townhall.submissions.remembered import UNUSED, Memory, kept, told_by
from townhall.submissions.sealing import SealError, write_key

pytestmark = pytest.mark.django_db

PEST = radios("pest", "Rats", "Wasps")
NAME = {"id": "name", "ask": "Name", "type": "text", "personal": ["contact"]}
PAGES = [
    page("pest", PEST),
    page("nest", radios("nest", "Roof", "Tree"), PEST, when={"pest": "wasps"}),
    page("people", {"id": "who", "ask": "Who?", "type": "text"}, repeat={"id": "others"}),
    page("you", NAME, {"id": "email", "ask": "Email", "type": "email", "required": False}),
]
SENT: dict[str, tuple[dict[str, str], ...]] = {
    "pest": ({"pest": "rats"}, {"pest": "wasps"}),
    "nest": ({"nest": "roof", "pest": "wasps"}, {"nest": "tree"}),
    "people": ({"who": "Bob"}, {"who": "Cat"}),
    "you": ({"name": "Ann"}, {"name": "Ann", "email": "ann@example.org"}),
}
PROCESSES = st.integers(0, 1)
NUMBERS = itertools.count()


@pytest.fixture
def process(monkeypatch):
    """What another process remembers, by number; any number that was not met yet: nothing."""
    memories: dict[int, Memory] = {}

    def becomes(number: int) -> Memory:
        memory = memories.setdefault(number, Memory())
        monkeypatch.setattr(remembered, "MEMORY", memory)
        return memory

    return becomes


def shown(opened: Opened | None) -> Any:
    """All that anyone can see of a draft, the order of its answers included."""
    if opened is None or opened.contents is None:
        return opened and (opened.draft.id, opened.submitted)
    answers, held = opened.answers, opened.contents
    header = [getattr(opened.draft, one.attname) for one in Draft._meta.concrete_fields]
    items = {
        name: [(one.id, list(one.values.items()), one.posted) for one in items]
        for name, items in answers.items.items()
    }
    # What is remembered has revisions of its own, in the order of those that are stored.
    pages = [page._replace(row=page.row._replace(revision=0)) for page in held.pages.values()]
    assert held.told == told_by(held.pages.values())
    route = opened.route(TODAY)
    return {
        "header": [bytes(one) if isinstance(one, memoryview) else one for one in header],
        "answers": (list(answers.values.items()), answers.posted, items),
        "proven": list(opened.proven.values.items()),
        "state": (opened.lock, opened.idle_ends, opened.challenge, opened.form.version),
        "pages": (pages, held.own.wrapping[1:], held.told[1:3]),
        "route": (route.steps, route.stop, route.problems, dict(route.scope), route.scope.repeats),
    }


class Lives(RuleBasedStateMachine):
    """One draft, two processes that remember it, and all that may happen to it in any order."""

    config: Any

    @initialize()
    def start(self) -> None:
        self.service = f"remembered-{next(NUMBERS)}"
        self.config.KEYS = write_key("first")
        self.memories = [Memory(), Memory(most=40_000)]
        self.at = AT
        self.become(0)
        form = put_live(definition(pages=PAGES, service=self.service, acknowledge=None))
        self.started = begun(form)
        self.tabs = [self.look()]

    def become(self, number: int) -> None:
        remembered.MEMORY = self.memories[number]

    def look(self) -> Opened | None:
        return drafts.open_draft(self.started.token, self.service, at=self.at)

    def sealed(self) -> bool:
        with suppress(SealError):
            self.look()
            return False
        return True

    def tab(self, stale: int) -> Opened | None:
        """What a tab holds that was opened a while ago, or has just been."""
        return self.tabs[-1 - stale % len(self.tabs)] if stale else self.look()

    @rule(number=PROCESSES, name=st.sampled_from(sorted(SENT)), say=st.integers(0, 1),
          item=st.sampled_from("12"), stale=st.integers(0, 3))  # fmt: skip
    def send(self, number: int, name: str, say: int, item: str, stale: int) -> None:
        self.become(number)
        opened = self.tab(stale)
        if opened is not None:
            item = item if name == "people" else ""
            self.tabs.append(
                drafts.save_page(opened, name, SENT[name][say], item=item, at=self.at) or opened
            )

    @rule(number=PROCESSES, stale=st.integers(0, 3), what=st.sampled_from("fdo"))
    def change_the_list(self, number: int, stale: int, what: str) -> None:
        self.become(number)
        opened = self.tab(stale)
        if opened is None:
            return
        if what == "f":
            drafts.finish_list(opened, "others", at=self.at)
        elif what == "d":
            drafts.drop_item(opened, "others", "1")
        else:
            drafts.reopen_list(opened, "others")
        if not stale:
            again = read_draft(opened.draft, at=self.at)
            assert shown(again) == shown(self.look())

    @rule(number=PROCESSES, minutes=st.sampled_from([1, 6, 61, -2]))
    def wait(self, number: int, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(number=PROCESSES, say=st.sampled_from(["Ann", "Bob"]))
    def come_back(self, number: int, say: str) -> None:
        self.become(number)
        opened = self.look()
        if opened is not None and not drafts.resume(opened, at=self.at):
            drafts.try_unlock(opened, say, at=self.at)

    @rule(keep=st.booleans())
    def change_the_key(self, keep: bool) -> None:
        new = write_key(f"key{next(NUMBERS)}")
        self.config.KEYS = f"{new},{self.config.KEYS}"
        rotation.rotate(by="ann", at=self.at)
        if not keep:
            self.config.KEYS = new

    @rule(number=PROCESSES)
    def lose_the_key(self, number: int) -> None:
        self.become(number)
        kept, self.config.KEYS = self.config.KEYS, write_key("another")
        over = self.tabs[0].draft.id not in set(
            Draft.objects.filter(submission=None)
            .exclude(wrapped_key=b"")
            .values_list("id", flat=True)
        )
        assert self.sealed() or over
        self.config.KEYS = kept

    @rule(number=PROCESSES)
    def submit(self, number: int) -> None:
        self.become(number)
        with suppress(Refused):
            receive(self.started.draft, today=TODAY, at=self.at)

    @precondition(lambda self: len(self.tabs) > 8)
    @rule(number=PROCESSES, key_only=st.booleans())
    def leave(self, number: int, key_only: bool) -> None:
        self.become(number)
        if key_only:
            Draft.objects.filter(pk=self.started.draft.pk).update(wrapped_key=b"")
        else:
            drafts.leave(self.started.draft)

    @invariant()
    def every_process_shows_what_the_database_holds(self) -> None:
        remembered.MEMORY = Memory()
        fresh = shown(self.look())
        for memory in self.memories:
            remembered.MEMORY = memory
            assert shown(self.look()) == fresh
            if not isinstance(fresh, dict):
                assert len(memory) == 0


def test_what_is_remembered_is_what_the_database_holds(settings, monkeypatch):
    Lives.config = settings
    monkeypatch.setattr(remembered, "MEMORY", Memory())
    run_state_machine_as_test(
        Lives, settings=bounds(max_examples=20, stateful_step_count=25, deadline=None)
    )


MINUTES = st.integers(0, 3).map(lambda minutes: AT + timedelta(minutes=minutes))


@given(st.lists(st.tuples(st.sampled_from("ab"), MINUTES, st.none() | MINUTES), max_size=6))
def test_what_pages_tell_is_known_from_the_last_as_from_all_of_them(sent):
    pages, told = {}, told_by(())
    for number, (name, saved_at, active_at) in enumerate(sent):
        row = PageRow(name, "", number, {})
        page = kept(row, bytes([number]) * (20 + number), saved_at, active_at)
        older, pages[name] = pages.get(name), page
        told, known = told_by(pages.values()), told.with_page(page, older)
        assert known in (None, told)


def test_a_route_is_walked_once_a_day(process):
    process(1)
    started = begun(put_live())
    opened = fill(started)
    route = look(started).route(TODAY)
    assert route is opened.route(TODAY)
    tomorrow = look(started).route(TODAY + timedelta(days=1))
    assert tomorrow is not route
    assert opened.contents.walked is tomorrow


def test_a_page_is_one_statement_whether_its_draft_is_remembered_or_not(process):
    process(1)
    started = begun(put_live())
    fill(started)
    for number in (1, 2, 2):
        process(number)
        with CaptureQueriesContext(connection) as asked:
            look(started)
        assert len(asked) == 1


def test_a_header_that_is_read_as_before_is_made_into_a_draft_once(process):
    process(1)
    started = begun(put_live())
    first = look(started)
    assert look(started).draft is first.draft
    drafts.save_page(first, "pest", {"pest": "rats"}, at=AT)
    again = look(started)
    assert again.draft is first.draft
    assert again.answers.values == {"pest": "rats"}
    drafts.extend(first.draft, at=AT + timedelta(minutes=1))
    assert look(started).draft is not first.draft
    assert look(started).draft.active_at == AT + timedelta(minutes=1)


def test_a_draft_that_is_sent_reads_no_page_that_it_remembers(process):
    process(1)
    started = begun(put_live())
    fill(started)
    with CaptureQueriesContext(connection) as asked:
        receive(started.draft, today=TODAY, at=AT)
    read = [one for one in asked if one["sql"].startswith("SELECT") and '"saved_at"' in one["sql"]]
    # PostgreSQL shows who waits for a row what the other rows were before: they are read again.
    assert len(read) == (0 if connection.vendor == "sqlite" else 1)


def test_a_page_sent_late_leaves_when_it_was_last_sent_in_time(process):
    process(1)
    started = begun(put_live())
    fill(started)
    late = AT + timedelta(hours=2)
    drafts.save_page(look(started, at=late), "pest", {"pest": "rats"}, at=late)
    here = shown(look(started, at=late))
    process(2)
    assert here == shown(look(started, at=late))


def test_nothing_of_a_draft_that_is_over_is_remembered(process):
    memory = process(1)
    form = put_live()
    left, sent, elsewhere, kept = (begun(form) for _ in range(4))
    for started in (left, sent, elsewhere, kept):
        fill(started)
    assert len(memory) == 4
    drafts.leave(left.draft)
    receive(sent.draft, today=TODAY, at=AT)
    assert len(memory) == 2
    process(2)
    drafts.leave(elsewhere.draft)
    process(1)
    assert drafts.open_draft(elsewhere.token, "a-service", at=AT) is None
    assert len(memory) == 1
    DraftPage.objects.filter(draft=kept.draft.id).delete()
    Draft.objects.filter(pk=kept.draft.id).update(wrapped_key=b"")
    assert drafts.open_draft(kept.token, "a-service", at=AT) is None
    assert (len(memory), memory.weight) == (0, 0)


OVER = {
    "received": lambda draft: receive(draft, today=TODAY, at=AT),
    "left": drafts.leave,
    "emptied": lambda draft: DraftPage.objects.filter(draft=draft.id).delete(),
}


@pytest.mark.parametrize(("over", "left"), [("received", True), ("left", None), ("emptied", False)])
def test_a_draft_whose_pages_go_after_its_header_was_read_is_read_again(process, over, left):
    process(1)
    started = begun(put_live())
    fill(started)
    process(2)
    drafts.save_page(look(started), "pest", {"pest": "rats"}, at=AT)
    process(1)
    went: list[str] = []

    def meanwhile(execute, sql, values, many, context):
        if 'FROM "submissions_draftpage"' in sql and not went:
            went.append(over)
            OVER[over](started.draft)
        return execute(sql, values, many, context)

    with connection.execute_wrapper(meanwhile):
        opened = drafts.open_draft(started.token, "a-service", at=AT)
    assert went == [over]
    assert (opened and opened.submitted) is left


def test_what_is_not_used_for_a_while_is_forgotten(process):
    memory = process(1)
    form = put_live()
    one, other = begun(form), begun(form)
    fill(one)
    fill(other)
    soon = AT + UNUSED - timedelta(seconds=1)
    look(other, at=soon)
    fill(begun(form, at=soon), at=soon)
    assert len(memory) == 3
    late = AT + UNUSED
    begun(form, at=late)
    assert len(memory) == 3
    assert not remembers(one)
    assert remembers(other)


def test_what_was_used_before_the_clock_was_set_back_is_forgotten(process):
    memory, form = process(1), put_live()
    begun(form, at=AT + timedelta(days=1))
    for _ in range(2):
        begun(form)
    assert len(memory) == 2


def test_what_is_not_used_is_forgotten_though_nobody_asks_for_anything(process):
    memory, form = process(1), put_live()
    begun(form)
    other = begun(form, at=AT + timedelta(minutes=1))
    memory.forget_unused(at=AT + UNUSED - timedelta(seconds=1))
    assert len(memory) == 2
    memory.forget_unused(at=AT + UNUSED)
    assert len(memory) == 1
    assert remembers(other)
    memory.forget_unused(at=AT + UNUSED + timedelta(minutes=1))
    assert (len(memory), memory.weight) == (0, 0)


def remembers(started: Started) -> bool:
    return drafts._hash(started.token) in remembered.MEMORY


TEXTS = (None, "", "plain words " * 200, "𝒳" + "plain words " * 200)


@pytest.mark.parametrize("text", TEXTS, ids=["nothing", "short", "long", "wide"])
def test_no_more_is_remembered_than_there_is_room_for(monkeypatch, text):
    monkeypatch.setattr(remembered, "MEMORY", Memory(most=0))
    form, answers = (
        put_live(),
        {"pest": "wasps", "nests": Decimal(3), "name": "Ann", "health": text},
    )
    started = [begun(form) for _ in range(25)]
    for one in started:
        look(one) if text is None else fill(one, answers, people=("Bob", "Cat"))
    assert (len(remembered.MEMORY), remembered.MEMORY.weight) == (0, 0)
    memory = Memory(most=400_000 if text is not None else 80_000)
    monkeypatch.setattr(remembered, "MEMORY", memory)
    tracemalloc.start()
    for one in started:
        look(one).route(TODAY)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert 1 < len(memory) < 25
    assert taken <= memory.weight <= 400_000


def test_nothing_of_what_is_remembered_is_printed(process):
    memory = process(1)
    started = begun(put_live())
    opened = fill(started, {"pest": "rats", "name": "Canary Jones"})
    for thing in (memory, opened, opened.contents, opened.contents.own, started):
        for said in (repr(thing), str(thing), f"{thing}"):
            assert "Canary" not in said
            assert repr(opened.contents.own.key) not in said
