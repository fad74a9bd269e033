"""The statements on the way of a resident's page: each is one round trip, made ready once."""

from datetime import datetime
from typing import NamedTuple

from townhall.audit.actions import END
from townhall.definitions.queries import stands_of
from townhall.store.statements import Change, Read, Select, inserting
from townhall.submissions.models import Draft, DraftPage, Submission


class StoredPage(NamedTuple):
    """A page of a draft as it is stored: a row of `DraftPage`, but for its ids."""

    page: str
    item: str
    sealed: bytes
    saved_at: datetime
    active_at: datetime | None
    revision: int


_OF_PAGES = "FROM submissions_draftpage WHERE draft_id = submissions_draft.id"
_MARKS = {
    "sqlite": f"COALESCE((SELECT group_concat(hex(substr(sealed, 1, 12))) {_OF_PAGES}), '')",
    "postgresql": "COALESCE((SELECT string_agg(upper(encode(substr(sealed, 1, 12), 'hex')), ',') "
    f"{_OF_PAGES}), '')",
}
"""The nonces of a draft's pages, as `remembered.marks_in` reads them."""

_FOUND = ("secret_hash = %s AND service = %s", "secret_hash", "service")
_KNOWN = ("secret_hash", "service")
_ALSO = {"marks": _MARKS, "stands": stands_of("submissions_draft.service")}
# Where a statement waits for a row, it sees of other rows what stood before it waited: there they
# are read when the draft is held.
_HELD = {name: {**spelt, "postgresql": "NULL"} for name, spelt in _ALSO.items()}
_END = {"sqlite": END, "postgresql": "NULL"}

FIND_DRAFT = Select(Draft, *_FOUND, known=_KNOWN, also={**_ALSO, "end": "NULL"})
HOLD_FOUND = Select(Draft, *_FOUND, known=_KNOWN, also={**_HELD, "end": _END}, lock=True)
ALSO = -3
"""From there on a row of theirs holds no field of a draft: its marks, how its service stands, and
where the audit ends (``audit.actions.END``)."""

HOLD_DRAFT = Select(Draft, "id = %s", "id", lock=True, also={"marks": _HELD["marks"]})
FIND_PAGES = Read(DraftPage, StoredPage, "draft_id = %s", "draft")
FIND_RECEIVED = Select(Submission, "draft = %s", "draft", known=("draft",))

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
