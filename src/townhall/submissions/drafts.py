"""Drafts: what a person has sent so far, sealed page by page. The web pages use this file.

The whole of it, from a view:

    started = drafts.begin(live.form, at=at)              # put started.token in a cookie
    opened = drafts.open_draft(token, slug, at=at)        # None: unknown or expired
    opened.form, opened.answers, opened.lock              # the pinned version, typed answers
    opened.submitted                                      # already received: show the receipt
    drafts.save_page(opened, page, values, item=…, at=at) # None: received or cleared meanwhile
    drafts.finish_list(opened, repeat, at=at)             # the list page of a repeat: "no more"
    drafts.drop_item(opened, repeat, item)                # also reopens the list
    drafts.extend(opened.draft, at=at)                    # "more time"
    drafts.resume(opened, at=at)                          # PAUSED: one press
    drafts.try_unlock(opened, value, at=at)               # LOCKED: the answer to opened.challenge
    drafts.leave(opened.draft)                            # "leave and clear my answers"
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import F

from townhall.audit.ends import expect
from townhall.definitions.queries import version_form
from townhall.engine.answers import (
    AGE,
    Answers,
    PageRow,
    Values,
    dump_page,
    load_answers,
    with_row,
)
from townhall.engine.form import Form
from townhall.engine.route import Route, walk
from townhall.store.ids import new_id
from townhall.store.statements import just_stored
from townhall.submissions import keys, locks, remembered
from townhall.submissions.locks import IDLE, OPEN, TRIES, Lock
from townhall.submissions.models import Draft, DraftPage
from townhall.submissions.remembered import (
    NEVER,
    Contents,
    Header,
    Kept,
    OwnKey,
    Wrapping,
    contents_of,
    kept,
    marks_in,
)
from townhall.submissions.sealing import Key, json_in, json_of, place
from townhall.submissions.statements import (
    ADD_DRAFT,
    ALSO,
    FIND_PAGES,
    HOLD_DRAFT,
    OF_A_COOKIE,
    UPSERT_PAGE,
    Stored,
    StoredPage,
    marks_of,
    pages_in,
)
from townhall.submissions.unfinished import due_at

TOKEN_BYTES = 32
PAGE = "page"


@dataclass(frozen=True)
class Started:
    """A new draft and the secret that opens it: 256 random bits, for a cookie and nowhere else."""

    draft: Draft
    token: str = field(repr=False)
    contents: Contents = field(repr=False)


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
    def challenge(self) -> str | None:
        """The id of the question whose answer unlocks the draft."""
        return locks.challenge(self.form, self.proven)

    def route(self, today: date) -> Route:
        """Give the route of the answers, which is walked once for each state of them and day."""
        if self.contents is None:
            return walk(self.form, self.answers, today=today)
        return self.contents.route(today)


def begin(form: Form, *, at: datetime) -> Started:
    """Begin a draft on a published version, which it keeps to its end."""
    id, token, ring = new_id(), secrets.token_urlsafe(TOKEN_BYTES), keys.ring()
    secret, service, version = _hash(token), form.definition.service, form.version
    bound = place(str(id), version)
    key, wrapped = ring.new_data_key(place(Draft.kind) + bound)
    ADD_DRAFT.run(id, secret, service, version, at, at, 0, wrapped.key_id, wrapped.sealed)
    draft = just_stored(
        Draft,
        id=id,
        secret_hash=secret,
        service=service,
        version_id=version,
        started_at=at,
        active_at=at,
        tries=0,
        submission_id=None,
        key_id=wrapped.key_id,
        wrapped_key=wrapped.sealed,
    )
    own = OwnKey(Wrapping(ring, wrapped.key_id, wrapped.sealed), Key(key), place(PAGE) + bound)
    contents = contents_of(form, own, (), Answers())
    remembered.MEMORY.keep(secret, id, contents, at=at)
    return Started(draft, token, contents)


def just_begun(started: Started, form: Form, *, idle: timedelta = IDLE) -> Opened:
    """Give a draft that has just been begun, which holds nothing, as ``open_draft`` would."""
    draft = started.draft
    return Opened(
        draft, form, Answers(), Lock.OPEN, draft.active_at + idle, contents=started.contents
    )


def open_draft(
    token: str, service: str, *, at: datetime, idle: timedelta = IDLE, hold: bool = False
) -> Opened | None:
    """Read the draft that a cookie opens: with its pages where they are not remembered.

    With ``hold`` it stays as it is until the end of this transaction. None when there is none, when
    it is of another service, or when its keeping has ended although the worker has not come by yet.
    Raises SealError when it cannot be decrypted.
    """
    secret = _hash(token)
    whole = secret not in remembered.MEMORY
    found = OF_A_COOKIE[hold, whole]
    row = found.stored(secret, service)
    if row is None:
        remembered.MEMORY.forget(secret)
        return None
    header, (pages, stands, end) = row[:ALSO], row[ALSO:]
    if end is not None:
        expect(end)
    marks = None if whole else pages
    known = marks is not None and remembered.MEMORY.meet(secret, header, marks, keys.ring(), at=at)
    if known:
        opened = _unless_ended(*known, at=at, idle=idle)
    else:
        draft = found.made(header)
        draft.secret_hash, draft.service, draft.marks = secret, service, marks
        stored = pages_in(pages) if whole and pages is not None else None
        opened = read_draft(draft, at=at, idle=idle, stored=stored)
        if opened is not None and opened.contents is not None:
            remembered.MEMORY.note(secret, Header(header, draft, opened.contents.own))
    if opened is not None:
        opened.stands = stands
    return opened


def hold_draft(id: uuid.UUID, *, at: datetime, idle: timedelta = IDLE) -> Opened | None:
    """Read a draft by its id as ``open_draft`` reads one that is to be held."""
    draft = HOLD_DRAFT.first(id)
    return None if draft is None else read_draft(draft, at=at, idle=idle)


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
    return _unless_ended(draft, contents, at=at, idle=idle)


def _unless_ended(
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
    stored = FIND_PAGES.rows(draft.id) if stored is None else stored
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


def save_page(
    opened: Opened, page: str, values: Values, *, item: str = "", at: datetime
) -> Opened | None:
    """Keep one page as sent, in one statement; what stood in it before is replaced.

    ``values`` are the page's typed answers; a question left blank is absent. A page that comes in
    after the idle limit is kept and opens nothing. Gives the draft as it is with this page; None
    when it was received or cleared meanwhile. Pages are their own rows: two tabs on different pages
    lose nothing.
    """
    return _save_row(opened, page, item, dump_page(opened.form, values), at)


def finish_list(opened: Opened, repeat: str, *, at: datetime) -> Opened | None:
    """Keep that the person has no more items to add to a repeat; gives what ``save_page`` does."""
    return _save_row(opened, repeat, "", {}, at)


def reopen_list(opened: Opened, repeat: str) -> None:
    """Forget that a repeat's list was finished: an item is being added."""
    DraftPage.objects.filter(draft_id=opened.draft.id, page=repeat, item="").delete()


@transaction.atomic
def drop_item(opened: Opened, repeat: str, item: str) -> None:
    """Take an item out of a repeat, with all its pages, and reopen the list."""
    pages = [page.page for page in opened.form.loops[repeat].pages]
    DraftPage.objects.filter(draft_id=opened.draft.id, page__in=pages, item=item).delete()
    reopen_list(opened, repeat)


def extend(draft: Draft, *, at: datetime) -> None:
    """Count idle time from now. Only for a draft that is OPEN."""
    Draft.objects.filter(pk=draft.id, active_at__lt=at).update(active_at=at)


def resume(opened: Opened, *, at: datetime) -> bool:
    """Go on with a PAUSED draft at one press; False when more than a press is needed."""
    if opened.lock not in (Lock.PAUSED, Lock.OPEN):
        return False
    extend(opened.draft, at=at)
    return True


def try_unlock(opened: Opened, value: object, *, at: datetime, question: str | None = None) -> bool:
    """Open a LOCKED draft when ``value`` repeats the answer to its challenge; counts the try.

    The try is counted before it is judged, so that tries sent at once cannot exceed five.
    """
    asked = question or opened.challenge
    counted = Draft.objects.filter(pk=opened.draft.id, tries__lt=TRIES).update(tries=F("tries") + 1)
    if not counted or asked is None or asked not in opened.proven.values:
        return False
    if not locks.same_answer(opened.proven.values[asked], value):
        return False
    Draft.objects.filter(pk=opened.draft.id).update(tries=0, active_at=at)
    return True


def leave(draft: Draft) -> None:
    """Clear a draft for good: its key first, then its pages and itself. Nothing when received."""
    forget([draft.id])


def forget(ids: Collection[uuid.UUID | str]) -> int:
    """Destroy unfinished drafts' keys, then delete them; gives how many there were."""
    mine = Draft.objects.filter(pk__in=ids, submission=None)
    mine.update(wrapped_key=b"")
    remembered.MEMORY.forget_drafts(ids)
    with transaction.atomic():
        # Held before its pages: whoever saves one holds it too, and then waits or comes too late.
        found = list(mine.select_for_update().order_by("pk").values_list("pk", flat=True))
        DraftPage.objects.filter(draft_id__in=found).delete()
        return Draft.objects.filter(pk__in=found).delete()[0]


def draft_place(draft: Draft) -> bytes:
    """Give what the places of all pages of a draft begin with."""
    return place(PAGE, str(draft.id), draft.version_id)


def _save_row(
    opened: Opened, page: str, item: str, data: dict[str, Any], at: datetime
) -> Opened | None:
    draft, contents = opened.draft, opened.contents
    if contents is None:
        return None
    own = contents.own
    sealed = own.key.seal(json_of(data), own.within + _page_place(page, item))
    active = at if opened.lock is Lock.OPEN else None
    if not UPSERT_PAGE.run(page, item, sealed, at, active, draft.id, draft.id):
        return None
    row = PageRow(page, item, contents.newest + 1, data)
    answers = with_row(opened.form, contents.answers, contents.rows, row)
    now = contents.with_page(kept(row, sealed, at, active), answers)
    if active is not None:
        # Of a page that came in late the row may hold an older instant, which is not known here.
        remembered.MEMORY.keep(draft.secret_hash, draft.id, now, at=at)
    return Opened(draft, opened.form, answers, opened.lock, opened.idle_ends, now, opened.proven)


def _open_page(own: OwnKey, stored: StoredPage) -> Kept:
    page, item, sealed = stored.page, stored.item, bytes(stored.sealed)
    data = json_in(own.key.unseal(sealed, own.within + _page_place(page, item)))
    if not isinstance(data, dict):
        raise TypeError("a sealed page holds a mapping")
    row = PageRow(page, item, stored.revision, data)
    return kept(row, sealed, stored.saved_at, stored.active_at)


_page_place = lru_cache(maxsize=1_000)(place)


def _hash(token: str) -> str:
    """Hash a secret of 256 random bits; it needs no salt, having nothing to guess."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
