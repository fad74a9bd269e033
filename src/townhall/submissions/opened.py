"""A draft as read: its header, its pages unsealed, and the answers on them. `drafts` opens it.

What this process remembers of it and what still stands in the database meet here (decision 15).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from townhall.definitions.queries import version_form
from townhall.engine.answers import AGE, Answers, PageRow, load_answers
from townhall.engine.form import Form
from townhall.engine.route import Route, walk
from townhall.submissions import keys, locks, remembered
from townhall.submissions.locks import IDLE, OPEN, Lock
from townhall.submissions.models import Draft
from townhall.submissions.remembered import (
    NEVER,
    Contents,
    Kept,
    OwnKey,
    Wrapping,
    contents_of,
    kept,
    marks_in,
)
from townhall.submissions.sealing import Key, json_in, place
from townhall.submissions.statements import FIND_PAGES, Stored, StoredPage, marks_of
from townhall.submissions.unfinished import due_at

PAGE = "page"


@dataclass(slots=True, eq=False)
class Opened:
    """A draft as read: its pinned version and typed answers. Nothing of it is changed in place.

    ``answers`` are there whatever ``lock`` says, because a page that comes in late is still kept;
    show one only when ``lock`` is OPEN. ``proven`` are those sent while it was open, which alone
    may unlock it (empty while it is). ``idle_ends`` is when idle time ends if nothing is sent.
    ``contents`` are its pages, None when it was received. ``draft``, they and the answers may be
    remembered and of other requests too. ``stands`` is how its service stood when it was read, None
    where nobody asked (``definitions.living``).
    """

    draft: Draft
    form: Form
    answers: Answers = field(repr=False)
    lock: Lock
    idle_ends: datetime
    contents: Contents | None = field(repr=False)
    proven: Answers = field(default=Answers(), repr=False)
    stands: str | None = None

    @property
    def submitted(self) -> bool:
        """Whether it was received: only the receipt is left of it."""
        return self.contents is None

    @property
    def challenge(self) -> locks.Challenge | None:
        """The answer that unlocks the draft."""
        return locks.challenge(self.form, self.proven)

    def route(self, today: date) -> Route:
        """Give the route of the answers, which is walked once for each state of them and day."""
        if self.contents is None:
            return walk(self.form, self.answers, today=today)
        return self.contents.route(today)


class PagesGone(Exception):
    """A draft was received, left or emptied after its header was read, and before its pages."""


def read_draft(
    draft: Draft, *, at: datetime, idle: timedelta = IDLE, stored: Stored | None = None
) -> Opened | None:
    """Give a draft with its pages as they are now; None when its keeping has ended.

    They are read unless they are given, or the header came with their marks, which speak for one
    reading only.
    """
    form = version_form(draft.version_id)
    if draft.submission_id is not None:
        remembered.MEMORY.forget(draft.secret_hash)
        return Opened(draft, form, Answers(), Lock.OPEN, at, None)
    contents = _contents(draft, form, at, stored) if draft.wrapped_key else None
    if contents is None:
        remembered.MEMORY.forget(draft.secret_hash)
        return None
    return unless_ended(draft, contents, at=at, idle=idle)


def unless_ended(
    draft: Draft, contents: Contents, *, at: datetime, idle: timedelta
) -> Opened | None:
    """Give a draft with what its pages hold; None when its keeping has ended."""
    form, answers = contents.form, contents.answers
    if _ended(draft, form, contents.told.saved, at):
        remembered.MEMORY.forget(draft.secret_hash)
        return None
    active = contents.told.active
    active = active if active > draft.active_at else draft.active_at
    idle_ends = active + idle
    lock = locks.lock_at(idle_ends, draft.tries, form, answers, at=at)
    if lock is OPEN:
        return Opened(draft, form, answers, lock, idle_ends, contents)
    sent_in_time = [page.row for page in contents.pages.values() if _proven(draft, page)]
    proven = load_answers(form, sent_in_time)
    return Opened(draft, form, answers, lock, idle_ends, contents, proven)


def _contents(draft: Draft, form: Form, at: datetime, stored: Stored | None) -> Contents | None:
    """Give what the pages hold, remembered or read; None when they are kept no longer."""
    wrapping = Wrapping(keys.ring(), draft.key_id, bytes(draft.wrapped_key))
    if stored is None and draft.marks is None:
        stored = FIND_PAGES.rows(draft.id)
    marks = marks_in(draft.marks or "") if stored is None else marks_of(stored)
    draft.marks = None
    known = remembered.MEMORY.find(draft.secret_hash, form, wrapping, marks, at=at)
    if known is not None:
        return known
    if stored is None:
        stored = FIND_PAGES.rows(draft.id)
        if marks and not stored:
            raise PagesGone
    if _ended(draft, form, max([row.saved_at for row in stored], default=NEVER), at):
        return None
    contents = _read(draft, form, wrapping, stored)
    remembered.MEMORY.keep(draft.secret_hash, draft.id, contents, at=at)
    return contents


def _read(draft: Draft, form: Form, wrapping: Wrapping, stored: Stored) -> Contents:
    """Open a draft's key and its pages."""
    key = wrapping.ring.unwrap(draft.wrapped, draft.place)
    own = OwnKey(wrapping, Key(key), draft_place(draft))
    pages = [_open_page(own, page) for page in sorted(stored, key=AGE)]
    return contents_of(form, own, pages, load_answers(form, [page.row for page in pages]))


def _proven(draft: Draft, page: Kept) -> bool:
    """Whether a page was sent while the draft was open.

    One that came in late is kept, but whoever sent it may not be the person, so its answers open
    nothing until the person has been back.
    """
    return page.active_at == page.saved_at or page.saved_at <= draft.active_at


def _ended(draft: Draft, form: Form, saved: datetime, at: datetime) -> bool:
    last_saved = saved if saved > draft.active_at else draft.active_at
    due = due_at(form, started=draft.started_at, last_saved=last_saved)
    return due is not None and at >= due


def _open_page(own: OwnKey, stored: StoredPage) -> Kept:
    page, item, sealed = stored.page, stored.item, bytes(stored.sealed)
    data = json_in(own.key.unseal(sealed, own.within + page_place(page, item)))
    if not isinstance(data, dict):
        raise TypeError("a sealed page holds a mapping")
    row = PageRow(page, item, stored.revision, data)
    return kept(row, sealed, stored.saved_at, stored.active_at)


def draft_place(draft: Draft) -> bytes:
    """Give what the places of all pages of a draft begin with."""
    return place(PAGE, str(draft.id), draft.version_id)


page_place = lru_cache(maxsize=1_000)(place)
