"""What this process remembers of drafts that it opened, so that the same pages open only once.

A draft's header is read anew for every request: whether it is received, locked or forgotten, and
which key wraps its own. What was made of it is taken again only where each value of it is the same.
What its pages hold is told by their marks: each is sealed with a nonce of its own, drawn anew
whenever it is sent, so the same nonces are the same pages, whoever sent, removed or received some
meanwhile (docs/decisions/0015).

Answers stand here in clear, in this process's memory alone: no more than fits, and not long after
the person's last page.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from townhall.definitions.queries import FORMS_KEPT
from townhall.engine.answers import Answers, PageRow
from townhall.engine.form import Form
from townhall.engine.route import Route, Step, rewalk, walk
from townhall.store.statements import Row
from townhall.submissions.models import Draft
from townhall.submissions.sealing import NONCE_BYTES, Key, KeyRing, json_of

MOST = 8 * 1024 * 1024
"""Bytes of answers in clear, and what was made of them, that a process remembers."""

NEVER = datetime.min.replace(tzinfo=UTC)

UNUSED = timedelta(minutes=5)
"""How long a draft is remembered after the person's last page."""

DRAFT_BYTES = 5_000
PAGE_BYTES = 2_500
"""What a draft and each of its pages take beside the answers themselves, measured and rounded up
(`tests/submissions/test_remembered.py`)."""

TIMES_SEALED = 4
"""How often an answer's bytes count: as stored, as typed, as text of up to four bytes a sign."""


class Wrapping(NamedTuple):
    """How a draft's key is wrapped, and the keys that open it: other ones open nothing."""

    ring: KeyRing
    key_id: str
    sealed: bytes


class Header(NamedTuple):
    """A draft's header as it was last read: its values as the driver had them, and the draft they
    make. ``own`` is the key that it then had.
    """

    row: Row
    draft: Draft
    own: OwnKey


class Kept(NamedTuple):
    """A stored page, opened, and what else is known of it. None of it changes but with its mark."""

    row: PageRow
    mark: str
    saved_at: datetime
    active_at: datetime | None
    weight: int


class Told(NamedTuple):
    """What all pages of a draft tell: their marks, when the last came in, when the last came in
    while the draft was open, and how much they weigh.
    """

    marks: frozenset[str]
    saved: datetime
    active: datetime
    weight: int

    def with_page(self, page: Kept, older: Kept | None) -> Told | None:
        """Give what is told with a page in an older one's place; None where all must be asked.

        That is where the page is not the last to have come in, by the clock.
        """
        active = page.active_at
        if active is None or active < self.active or page.saved_at < self.saved:
            return None
        if older is None:
            marks, weight = self.marks | {page.mark}, self.weight + page.weight
        else:
            marks = self.marks - {older.mark} | {page.mark}
            weight = self.weight + page.weight - older.weight
        return Told(marks, page.saved_at, active, weight)


@dataclass(slots=True, eq=False, repr=False)
class OwnKey:
    """A draft's own key, how it is stored, and what the places of its pages begin with."""

    wrapping: Wrapping
    key: Key
    within: bytes


@dataclass(slots=True, eq=False, repr=False)
class Contents:
    """What a draft's pages hold, in one state of them. Shared between threads: never changed.

    ``pages`` are by page and item, the newest last: their revisions say no more than that order.
    ``walked`` is the route as it was last walked. ``earlier`` is the route before a page came in,
    and where that was, until there is a new one.
    """

    form: Form
    own: OwnKey
    pages: dict[tuple[str, str], Kept]
    told: Told
    answers: Answers
    earlier: tuple[Route, Step] | None = None
    walked: Route | None = None

    @property
    def rows(self) -> Iterator[PageRow]:
        """The pages' rows, the newest last."""
        return map(_ROW, self.pages.values())

    @property
    def newest(self) -> int:
        """The newest page's revision."""
        return next(reversed(self.pages.values())).row.revision if self.pages else 0

    @property
    def state(self) -> str:
        """A short mark of all that was answered, the same as long as that is."""
        rows = sorted((page, item, kept.row.data) for (page, item), kept in self.pages.items())
        return hashlib.blake2b(json_of(rows), digest_size=12).hexdigest()

    def route(self, today: date) -> Route:
        """Walk the answers, once for each day."""
        route = self.walked
        if route is None or route.today != today:
            route = self.walked = self._walk(today)
        return route

    def _walk(self, today: date) -> Route:
        earlier, self.earlier = self.earlier, None
        if not self.pages:
            return _start_of(self.form, today)
        if earlier is None:
            return walk(self.form, self.answers, today=today)
        return rewalk(self.form, earlier[0], self.answers, earlier[1], today=today)

    def with_page(self, page: Kept, answers: Answers) -> Contents:
        """Give the contents as they are with a page that replaces what stood in its place."""
        place = page.row.page, page.row.item
        pages = dict(self.pages)
        told = self.told.with_page(page, pages.pop(place, None))
        pages[place] = page
        if told is None:
            told = told_by(pages.values())
        step = Step(*place, not place[1] and place[0] in self.form.loops)
        earlier = None if self.walked is None else (self.walked, step)
        return Contents(self.form, self.own, pages, told, answers, earlier)


def contents_of(form: Form, own: OwnKey, pages: Sequence[Kept], answers: Answers) -> Contents:
    """Give the contents of a draft whose pages these are, the newest last."""
    placed = {(page.row.page, page.row.item): page for page in pages}
    return Contents(form, own, placed, told_by(pages), answers)


def told_by(pages: Collection[Kept]) -> Told:
    """Work out what pages tell."""
    return Told(
        frozenset([page.mark for page in pages]),
        max([page.saved_at for page in pages], default=NEVER),
        max([page.active_at for page in pages if page.active_at], default=NEVER),
        sum([page.weight for page in pages]),
    )


_ROW = attrgetter("row")


_starts: dict[str, tuple[Form, Route]] = {}
"""By version, the route of a draft without a page: it holds nothing of a person."""


def _start_of(form: Form, today: date) -> Route:
    """Give the route of all drafts that have just been begun."""
    found, route = _starts.get(form.version, (None, None))
    if route is None or found is not form or route.today != today:
        if len(_starts) >= FORMS_KEPT:
            _starts.clear()
        route = walk(form, Answers(), today=today)
        _starts[form.version] = form, route
    return route


def mark_of(sealed: bytes) -> str:
    """Give a page's mark from what is stored of it."""
    return sealed[:NONCE_BYTES].hex().upper()


def kept(row: PageRow, sealed: bytes, saved_at: datetime, active_at: datetime | None) -> Kept:
    """Give a page from its row and what else is stored of it."""
    weight = PAGE_BYTES + TIMES_SEALED * len(sealed)
    return Kept(row, mark_of(sealed), saved_at, active_at, weight)


def marks_in(read: str) -> frozenset[str]:
    """Read a draft's marks as `statements` gives them: one after the other, in any order."""
    return frozenset(read.split(",")) if read else frozenset()


class _Held:
    """A draft as it is remembered: its last use changes, and how its row was last read.

    ``read`` are its marks as last read, None before that.
    """

    __slots__ = ("contents", "draft", "header", "read", "used", "weight")

    def __init__(self, draft: UUID, contents: Contents, used: datetime) -> None:
        self.draft, self.contents, self.used = draft, contents, used
        self.weight = DRAFT_BYTES + contents.told.weight
        self.header: Header | None = None
        self.read: str | None = None

    def bears(self, marks: str) -> bool:
        """Whether its pages have these marks, in any order."""
        if marks != self.read:
            if marks_in(marks) != self.contents.told.marks:
                return False
            self.read = marks
        return True


class Memory:
    """Drafts by the hash of their secret, the one used last at the end."""

    def __init__(self, most: int = MOST, unused: timedelta = UNUSED) -> None:
        """``most`` is in bytes."""
        self._most, self._unused = most, unused
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def meet(
        self, secret: str, row: Row, marks: str, ring: KeyRing, *, at: datetime
    ) -> tuple[Draft, Contents] | None:
        """Give a draft and its contents where its header and its marks were read before as they
        are read now, and the keys are the same; None where anything is another or not remembered.
        """
        with self._lock:
            held = self._held.get(secret)
            if held is None or held.header is None or held.header.row != row:
                return None
            _, draft, own = held.header
            if held.contents.own is not own or own.wrapping.ring is not ring:
                return None
            if not held.bears(marks):
                return None
            held.used = at
            self._held.move_to_end(secret)
            return draft, held.contents

    def note(self, secret: str, header: Header) -> None:
        """Remember how the header of a draft was read, if the draft is remembered."""
        with self._lock:
            held = self._held.get(secret)
            if held is not None:
                held.header = header

    def find(
        self, secret: str, form: Form, wrapping: Wrapping, marks: frozenset[str], *, at: datetime
    ) -> Contents | None:
        """Give the contents of a draft whose pages have these marks; None where not remembered."""
        with self._lock:
            held = self._held.get(secret)
            if held is None or held.contents.told.marks != marks:
                return None
            if held.contents.form is not form or held.contents.own.wrapping != wrapping:
                return None
            held.used = at
            self._held.move_to_end(secret)
            return held.contents

    def keep(self, secret: str, draft: UUID, contents: Contents, *, at: datetime) -> None:
        """Remember a draft, and forget what has not been used for long or no longer fits."""
        held = _Held(draft, contents, at)
        with self._lock:
            before = self._drop(secret)
            held.header = before.header if before else None
            self._held[secret] = held
            self._weight += held.weight
            self._let_go(at)

    def forget_unused(self, *, at: datetime) -> None:
        """Forget what has not been used for long, though nobody asks for anything else."""
        with self._lock:
            self._let_go(at)

    def forget(self, secret: str) -> None:
        """Forget a draft."""
        with self._lock:
            self._drop(secret)

    def forget_drafts(self, ids: Collection[UUID | str]) -> None:
        """Forget drafts by their ids."""
        gone = set(map(str, ids))
        with self._lock:
            held = [secret for secret, one in self._held.items() if str(one.draft) in gone]
            for secret in held:
                self._drop(secret)

    @property
    def weight(self) -> int:
        """How many bytes are remembered, as counted."""
        return self._weight

    def __contains__(self, secret: str) -> bool:
        """Whether a draft is remembered, whatever has become of it since."""
        return secret in self._held

    def __len__(self) -> int:
        """Count the drafts that are remembered."""
        return len(self._held)

    def _let_go(self, at: datetime) -> None:
        while self._held and self._must_go(next(iter(self._held.values())), at):
            self._drop(next(iter(self._held)))

    def _must_go(self, oldest: _Held, at: datetime) -> bool:
        # A clock that was set back says nothing about how long ago that was.
        return self._weight > self._most or abs(at - oldest.used) >= self._unused

    def _drop(self, secret: str) -> _Held | None:
        held = self._held.pop(secret, None)
        if held is not None:
            self._weight -= held.weight
        return held


MEMORY = Memory()
"""This process's."""
