"""The statements on the way of a resident's page: each is one round trip, made ready once."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from townhall.audit.ends import END
from townhall.definitions.queries import stands_of
from townhall.store.statements import Change, Read, Select, Spelt, here, inserting
from townhall.submissions.models import Draft, DraftPage, Submission
from townhall.submissions.remembered import mark_of


class StoredPage(NamedTuple):
    """A page of a draft as it is stored: a row of `DraftPage`, but for its ids."""

    page: str
    item: str
    sealed: bytes
    saved_at: datetime
    active_at: datetime | None
    revision: int


Stored = Sequence[StoredPage]

_OF_PAGES = "FROM submissions_draftpage WHERE draft_id = submissions_draft.id"
_MARKS = {
    "sqlite": f"COALESCE((SELECT group_concat(hex(substr(sealed, 1, 12))) {_OF_PAGES}), '')",
    "postgresql": "COALESCE((SELECT string_agg(upper(encode(substr(sealed, 1, 12), 'hex')), ',') "
    f"{_OF_PAGES}), '')",
}
"""The nonces of a draft's pages, as `remembered.marks_in` reads them."""

_ALSO = {"marks": _MARKS, "stands": stands_of("submissions_draft.service")}
# Where a statement waits for a row, it sees of other rows what stood before it waited: there they
# are read when the draft is held.
_HELD = {name: {**spelt, "postgresql": "NULL"} for name, spelt in _ALSO.items()}
_END = {"sqlite": END, "postgresql": "NULL"}
_TIMES: dict[str, Callable[[str], object]] = {"sqlite": str, "postgresql": datetime.fromisoformat}
"""The times of a page, as JSON tells them and as the driver would have them."""
_PAGES = {
    "sqlite": "(SELECT json_group_array(json_array(page, item, hex(sealed), saved_at, active_at, "
    f"revision)) {_OF_PAGES})",
    "postgresql": "COALESCE((SELECT json_agg(json_build_array(page, item, encode(sealed, 'hex'), "
    f"saved_at, active_at, revision))::text {_OF_PAGES}), '[]')",
}


def _draft(pages: Spelt, stands: Spelt, end: Spelt, *, lock: bool) -> Select[Draft]:
    return Select(
        Draft,
        "secret_hash = %s AND service = %s",
        *("secret_hash", "service"),
        known=("secret_hash", "service"),
        also={"marks": pages, "stands": stands, "end": end},
        lock=lock,
    )


OF_A_COOKIE = {
    (False, False): _draft(_ALSO["marks"], _ALSO["stands"], "NULL", lock=False),
    (False, True): _draft(_PAGES, _ALSO["stands"], "NULL", lock=False),
    (True, False): _draft(_HELD["marks"], _HELD["stands"], _END, lock=True),
    (True, True): _draft({**_PAGES, "postgresql": "NULL"}, _HELD["stands"], _END, lock=True),
}
"""Find a draft by its cookie: whether it is to be held, and whether its pages come whole."""

ALSO = -3
"""From there on their row holds no field of a draft: the marks of its pages, or all of them
(``pages_in``), None where they are to be read; how its service stands; where the audit ends."""

HOLD_DRAFT = Select(Draft, "id = %s", "id", lock=True, also={"marks": _HELD["marks"]})
FIND_PAGES = Read(DraftPage, StoredPage, "draft_id = %s", "draft")
FIND_RECEIVED = Select(Submission, "draft = %s", "draft", known=("draft",))


def marks_of(stored: Stored) -> frozenset[str]:
    """Give the marks of pages that were read."""
    return frozenset(mark_of(bytes(page.sealed)) for page in stored)


def pages_in(told: str) -> list[StoredPage]:
    """Read pages as they are told with their draft."""
    time = _TIMES[here().vendor]
    return [
        FIND_PAGES.made(
            (page, item, bytes.fromhex(sealed), time(saved), active and time(active), revision)
        )
        for page, item, sealed, saved, active, revision in json.loads(told)
    ]


_DRAFT = (
    *("id", "secret_hash", "service", "version", "started_at"),
    *("active_at", "tries", "key_id", "wrapped_key"),
)
ADD_DRAFT = Change(Draft, inserting(Draft, *_DRAFT), *_DRAFT, durable=False)

_SUBMISSION = (
    *("id", "reference", "draft", "service", "version"),
    *("language", "received_at", "key_id", "wrapped_key", "sealed"),
)
RECEIVE = Change(Submission, inserting(Submission, *_SUBMISSION), *_SUBMISSION)
"""Keeps a submission, and of its draft the header alone: the database destroys the rest (migration
0003). A second POST and a refresh find the header."""

_UPSERT = {
    # A draft that was received or cleared gives no id: then the row is left out. As a SELECT from
    # drafts SQLite would first put the row into a table of its own, which takes a third longer.
    "sqlite": """
INSERT OR IGNORE INTO submissions_draftpage ({columns})
VALUES (%s, %s, %s, %s, %s, (SELECT {newer} WHERE draft_id = %s),
        (SELECT id FROM submissions_draft WHERE id = %s AND submission_id IS NULL))
{replacing}
""",
    # Waits for a `receive` that holds the draft, then finds it received.
    "postgresql": """
INSERT INTO submissions_draftpage ({columns})
SELECT %s::varchar, %s::varchar, %s::bytea, %s::timestamptz, %s::timestamptz,
       (SELECT {newer} WHERE draft_id = %s::uuid), draft.id
FROM submissions_draft AS draft
WHERE draft.id = %s AND draft.submission_id IS NULL FOR SHARE OF draft
{replacing}
""",
}
_PARTS = {
    "columns": "page, item, sealed, saved_at, active_at, revision, draft_id",
    "newer": "COALESCE(MAX(revision), 0) + 1 FROM submissions_draftpage",
    "replacing": """
ON CONFLICT (draft_id, page, item) DO UPDATE SET
    revision = excluded.revision,
    sealed = excluded.sealed,
    saved_at = excluded.saved_at,
    active_at = COALESCE(excluded.active_at, submissions_draftpage.active_at)
""",
}
UPSERT_PAGE = Change(
    DraftPage,
    {vendor: sql.format(**_PARTS) for vendor, sql in _UPSERT.items()},
    *("page", "item", "sealed", "saved_at", "active_at", "draft", "draft"),
    durable=False,
)
"""Touches one row, and gives it the draft's highest revision; touches none when the draft was
received or cleared meanwhile."""
