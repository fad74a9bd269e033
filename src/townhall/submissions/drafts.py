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
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from townhall.audit.ends import expect
from townhall.engine.answers import Answers, PageRow, Values, dump_page, with_row
from townhall.engine.form import Form
from townhall.store.ids import new_id
from townhall.store.statements import just_stored
from townhall.submissions import keys, locks, remembered
from townhall.submissions.locks import IDLE, TRIES, Lock
from townhall.submissions.models import Draft, DraftPage
from townhall.submissions.opened import (
    PAGE,
    Opened,
    PagesGone,
    page_place,
    read_draft,
    unless_ended,
)
from townhall.submissions.remembered import Contents, Header, OwnKey, Wrapping, contents_of, kept
from townhall.submissions.sealing import Key, json_of, place
from townhall.submissions.statements import (
    ADD_DRAFT,
    ALSO,
    HOLD_DRAFT,
    OF_A_COOKIE,
    UPSERT_PAGE,
    pages_in,
)

TOKEN_BYTES = 32


@dataclass(frozen=True)
class Started:
    """A new draft and the secret that opens it: 256 random bits, for a cookie and nowhere else."""

    draft: Draft
    token: str = field(repr=False)
    contents: Contents = field(repr=False)


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
        opened = unless_ended(*known, at=at, idle=idle)
    else:
        draft = found.made(header)
        draft.secret_hash, draft.service, draft.marks = secret, service, marks
        stored = pages_in(pages) if whole and pages is not None else None
        try:
            opened = read_draft(draft, at=at, idle=idle, stored=stored)
        except PagesGone:
            return open_draft(token, service, at=at, idle=idle, hold=hold)
        if opened is not None and opened.contents is not None:
            remembered.MEMORY.note(secret, Header(header, draft, opened.contents.own))
    if opened is not None:
        opened.stands = stands
    return opened


def hold_draft(id: uuid.UUID, *, at: datetime, idle: timedelta = IDLE) -> Opened | None:
    """Read a draft by its id as ``open_draft`` reads one that is to be held."""
    draft = HOLD_DRAFT.first(id)
    return None if draft is None else read_draft(draft, at=at, idle=idle)


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


def try_unlock(opened: Opened, value: object, *, at: datetime) -> bool:
    """Open a LOCKED draft when ``value`` repeats the answer to its challenge; counts the try.

    The try is counted before it is judged, so that tries sent at once cannot exceed five.
    """
    asked = opened.challenge
    counted = Draft.objects.filter(pk=opened.draft.id, tries__lt=TRIES).update(tries=F("tries") + 1)
    if not counted or asked is None or not locks.same_answer(asked.answer, value):
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


def _save_row(
    opened: Opened, page: str, item: str, data: dict[str, Any], at: datetime
) -> Opened | None:
    draft, contents = opened.draft, opened.contents
    if contents is None:
        return None
    own = contents.own
    sealed = own.key.seal(json_of(data), own.within + page_place(page, item))
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


def _hash(token: str) -> str:
    """Hash a secret of 256 random bits; it needs no salt, having nothing to guess."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
