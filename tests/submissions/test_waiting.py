"""Whoever sends a draft that another is just saving a page of sends that page too."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from tests.support.records import AT, TODAY, begun, fill, look, put_live
from tests.support.serving import eventually

from townhall.definitions.actions import withdraw
from townhall.submissions import drafts, remembered
from townhall.submissions.actions import Refused, Why, receive
from townhall.submissions.queries import read_answers
from townhall.submissions.remembered import Memory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        return cursor.fetchone() is not None


def finished(act):
    """Do it, and let go of the thread's connection."""
    try:
        return act()
    finally:
        connection.close()


def sent_meanwhile(threads, started, commit):
    """Have a thread send the draft, and let the other commit once that waits for it."""
    sending = threads.submit(finished, lambda: receive(started.draft, today=TODAY, at=AT))
    try:
        eventually(waiting)
    finally:
        commit.set()
    return sending


def test_a_page_that_comes_in_while_the_draft_is_waited_for_is_sent(monkeypatch):
    started = begun(put_live())
    opened = fill(started)
    here, saved, commit = remembered.MEMORY, threading.Event(), threading.Event()

    def save() -> None:
        with transaction.atomic():
            drafts.save_page(opened, "you", {"name": "Late Ann"}, at=AT)
            saved.set()
            assert commit.wait(20)

    with ThreadPoolExecutor() as threads:
        # Another process saves it: this one remembers the page as it was.
        monkeypatch.setattr(remembered, "MEMORY", Memory())
        saving = threads.submit(finished, save)
        assert saved.wait(20)
        monkeypatch.setattr(remembered, "MEMORY", here)
        assert look(started).answers.values["name"] == "Ann Example"
        sending = sent_meanwhile(threads, started, commit)
        saving.result()
        receipt = sending.result()
    found = read_answers(receipt.submission, by="ann", reason="case", at=AT)
    assert found.answers.values["name"] == "Late Ann"


def test_a_version_that_is_stopped_while_its_service_is_waited_for_is_not_received():
    started = begun(put_live())
    fill(started)
    stopped, commit = threading.Event(), threading.Event()

    def stop() -> None:
        with transaction.atomic():
            withdraw(
                started.draft.service, by="ann", at=AT, reason="The questions are wrong.", now=True
            )
            stopped.set()
            assert commit.wait(20)

    with ThreadPoolExecutor() as threads:
        stopping = threads.submit(finished, stop)
        assert stopped.wait(20)
        sending = sent_meanwhile(threads, started, commit)
        stopping.result()
        with pytest.raises(Refused) as refused:
            sending.result()
    assert refused.value.why is Why.STOPPED
    assert refused.value.reason == "The questions are wrong."
    assert not look(started).submitted


def test_a_page_that_comes_in_while_its_draft_is_cleared_is_cleared_too():
    started = begun(put_live())
    opened = fill(started)
    cleared, go = threading.Event(), threading.Event()

    def hold(execute, sql, *more):
        if sql.startswith('DELETE FROM "submissions_draft" '):
            cleared.set()
            assert go.wait(20)
        return execute(sql, *more)

    def leave() -> None:
        with connection.execute_wrapper(hold):
            drafts.leave(started.draft)

    def save() -> object:
        return drafts.save_page(opened, "nests", {}, at=AT)

    with ThreadPoolExecutor() as threads:
        leaving = threads.submit(finished, leave)
        assert cleared.wait(20)
        saving = threads.submit(finished, save)
        try:
            eventually(lambda: saving.done() or waiting())
        finally:
            go.set()
        leaving.result()
        assert saving.result() is None
    assert drafts.open_draft(started.token, started.draft.service, at=AT) is None
