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
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from townhall.definitions.queries import version_form
from townhall.engine.answers import Answers, PageRow, Values, dump_page, load_answers, with_row
from townhall.engine.form import Form
from townhall.retention.periods import read_due
from townhall.store.statements import not_yet_durable
from townhall.submissions import keys, locks
from townhall.submissions.locks import IDLE, TRIES, Lock
from townhall.submissions.models import Draft, DraftPage
from townhall.submissions.sealing import place, seal_json, unseal_json
from townhall.submissions.statements import (
    ADD_DRAFT,
    FIND_DRAFT,
    FIND_PAGES,
    HOLD_FOUND,
    UPSERT_PAGE,
    StoredPage,
)

TOKEN_BYTES = 32
UNFINISHED = "28 days after last_saved"


@dataclass(frozen=True)
class Started:
    """A new draft and the secret that opens it: 256 random bits, for a cookie and nowhere else."""

    draft: Draft
    token: str = field(repr=False)
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """A draft as read: its pinned version and typed answers.

    ``answers`` are there whatever ``lock`` says, because a page that comes in late is still kept;
    show one only when ``lock`` is OPEN. ``proven`` are those sent while it was open, which alone
    may unlock it (empty while it is). ``idle_ends`` is when idle time ends if nothing is sent.
    ``rows`` are the pages as stored.
    """

    draft: Draft
    form: Form
    answers: Answers = field(repr=False)
    lock: Lock
    idle_ends: datetime
    key: bytes = field(repr=False)
    proven: Answers = field(default_factory=Answers, repr=False)
    rows: tuple[PageRow, ...] = field(default=(), repr=False)

    @property
    def submitted(self) -> bool:
        """Whether it was received: only the receipt is left of it."""
        return self.draft.submission_id is not None

    @property
    def challenge(self) -> str | None:
        """The id of the question whose answer unlocks the draft."""
        return locks.challenge(self.form, self.proven)


def begin(form: Form, *, at: datetime) -> Started:
    """Begin a draft on a published version, which it keeps to its end."""
    draft = Draft(
        id=uuid.uuid4(),
        service=form.definition.service,
        version_id=form.version,
        started_at=at,
        active_at=at,
    )
    key, wrapped = keys.ring().new_data_key(draft.place)
    draft.key_id, draft.wrapped_key = wrapped.key_id, wrapped.sealed
    token = secrets.token_urlsafe(TOKEN_BYTES)
    draft.secret_hash = _hash(token)
    with not_yet_durable():
        ADD_DRAFT.add(draft)
    return Started(draft, token, key)


def just_begun(started: Started, form: Form, *, idle: timedelta = IDLE) -> Opened:
    """Give a draft that has just been begun, which holds nothing, as ``open_draft`` would."""
    draft = started.draft
    return Opened(draft, form, Answers(), Lock.OPEN, draft.active_at + idle, started.key)


def open_draft(token: str, service: str, *, at: datetime, idle: timedelta = IDLE) -> Opened | None:
    """Read the draft that a cookie opens, in two queries.

    None when there is none, when it is of another service, or when its keeping has ended although
    the worker has not come by yet. Raises SealError when it cannot be decrypted.
    """
    draft = FIND_DRAFT.first(_hash(token), service)
    return None if draft is None else read_draft(draft, at=at, idle=idle)


def hold_draft(token: str, service: str) -> Draft | None:
    """Find the draft that a cookie opens, and keep it until the end of this transaction."""
    return HOLD_FOUND.first(_hash(token), service)


def read_draft(draft: Draft, *, at: datetime, idle: timedelta = IDLE) -> Opened | None:
    """Read a draft's pages; None when its keeping has ended."""
    form = version_form(draft.version_id)
    if draft.submission_id is not None:
        return Opened(draft, form, Answers(), Lock.OPEN, at, b"")
    if not draft.wrapped_key:
        return None
    rows = FIND_PAGES.rows(draft.pk)
    saved = max([draft.active_at, *(row.saved_at for row in rows)])
    if expired(form, started=draft.started_at, last_saved=saved, at=at):
        return None
    key = keys.ring().unwrap(draft.wrapped, draft.place)
    pages = _open_rows(draft, key, rows)
    answers = load_answers(form, pages)
    active = max([draft.active_at, *(row.active_at for row in rows if row.active_at)])
    personal = locks.holds_personal(form, answers)
    lock = locks.lock_at(active + idle, draft.tries, personal=personal, at=at)
    if lock is Lock.OPEN:
        return Opened(draft, form, answers, lock, active + idle, key, rows=pages)
    sent_in_time = [page for row, page in zip(rows, pages, strict=True) if _proven(draft, row)]
    proven = load_answers(form, sent_in_time)
    return Opened(draft, form, answers, lock, active + idle, key, proven, pages)


def _proven(draft: Draft, row: StoredPage) -> bool:
    """Whether a page was sent while the draft was open.

    One that came in late is kept, but whoever sent it may not be the person, so its answers open
    nothing until the person has been back.
    """
    return row.active_at == row.saved_at or row.saved_at <= draft.active_at


def expired(form: Form, *, started: datetime, last_saved: datetime, at: datetime) -> bool:
    """Whether an unfinished draft is kept no longer."""
    due = due_at(form, started=started, last_saved=last_saved)
    return due is not None and at >= due


def due_at(form: Form, *, started: datetime, last_saved: datetime) -> datetime | None:
    """Give the instant at which an unfinished draft goes, by its version's own rule."""
    return read_due(unfinished_rule(form), {"started": started, "last_saved": last_saved})


def unfinished_rule(form: Form) -> str:
    """Give the rule by which a version keeps unfinished drafts; one without any has the default."""
    privacy = form.definition.privacy
    return privacy.retain.unfinished if privacy else UNFINISHED


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
    DraftPage.objects.filter(draft_id=opened.draft.pk, page=repeat, item="").delete()


@transaction.atomic
def drop_item(opened: Opened, repeat: str, item: str) -> None:
    """Take an item out of a repeat, with all its pages, and reopen the list."""
    pages = [page.page for page in opened.form.loops[repeat].pages]
    DraftPage.objects.filter(draft_id=opened.draft.pk, page__in=pages, item=item).delete()
    reopen_list(opened, repeat)


def extend(draft: Draft, *, at: datetime) -> None:
    """Count idle time from now. Only for a draft that is OPEN."""
    Draft.objects.filter(pk=draft.pk, active_at__lt=at).update(active_at=at)


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
    counted = Draft.objects.filter(pk=opened.draft.pk, tries__lt=TRIES).update(tries=F("tries") + 1)
    if not counted or asked is None or asked not in opened.proven.values:
        return False
    if not locks.same_answer(opened.proven.values[asked], value):
        return False
    Draft.objects.filter(pk=opened.draft.pk).update(tries=0, active_at=at)
    return True


def leave(draft: Draft) -> None:
    """Clear a draft for good: its key first, then its pages and itself. Nothing when received."""
    forget([draft.pk])


def forget(ids: Collection[uuid.UUID | str]) -> int:
    """Destroy unfinished drafts' keys, then delete them; gives how many there were."""
    mine = Draft.objects.filter(pk__in=ids, submission=None)
    mine.update(wrapped_key=b"")
    with transaction.atomic():
        found = list(mine.values_list("pk", flat=True))
        DraftPage.objects.filter(draft_id__in=found).delete()
        return Draft.objects.filter(pk__in=found).delete()[0]


def page_place(draft: Draft, page: str, item: str) -> bytes:
    """Give the associated data that binds a sealed page to its row."""
    return draft_place(draft) + place(page, item)


def draft_place(draft: Draft) -> bytes:
    """Give what the places of all pages of a draft begin with."""
    return place("page", str(draft.pk), draft.version_id)


def _save_row(
    opened: Opened, page: str, item: str, data: dict[str, Any], at: datetime
) -> Opened | None:
    draft = opened.draft
    if opened.submitted:
        return None
    sealed = seal_json(opened.key, data, page_place(draft, page, item))
    active = at if opened.lock is Lock.OPEN else None
    row = UPSERT_PAGE.row(page, item, sealed, at, active, draft.pk)
    if row is None:
        return None
    revision: int = row[0]
    others = [row for row in opened.rows if (row.page, row.item) != (page, item)]
    kept = PageRow(page, item, revision, data)
    answers = with_row(opened.form, opened.answers, opened.rows, kept)
    return replace(opened, rows=(*others, kept), answers=answers)


def _open_rows(draft: Draft, key: bytes, rows: Iterable[StoredPage]) -> tuple[PageRow, ...]:
    within = draft_place(draft)
    return tuple([_open_row(within, key, row) for row in rows])


def _open_row(within: bytes, key: bytes, row: StoredPage) -> PageRow:
    data = unseal_json(key, bytes(row.sealed), within + place(row.page, row.item))
    if not isinstance(data, dict):
        raise TypeError("a sealed page holds a mapping")
    return PageRow(row.page, row.item, row.revision, data)


def _hash(token: str) -> str:
    """Hash a secret of 256 random bits; it needs no salt, having nothing to guess."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
