"""The one statement that is written out: keeping a page has to be one round trip."""

_UPSERT = """
INSERT INTO submissions_draftpage (draft_id, page, item, revision, sealed, saved_at, active_at)
SELECT draft.id, %(page)s, %(item)s,
       (SELECT COALESCE(MAX(other.revision), 0) + 1
        FROM submissions_draftpage AS other WHERE other.draft_id = draft.id),
       %(sealed)s, %(saved_at)s, %(active_at)s
FROM submissions_draft AS draft
WHERE draft.id = %(draft)s AND draft.submission_id IS NULL{lock}
ON CONFLICT (draft_id, page, item) DO UPDATE SET
    revision = excluded.revision,
    sealed = excluded.sealed,
    saved_at = excluded.saved_at,
    active_at = COALESCE(excluded.active_at, submissions_draftpage.active_at)
RETURNING revision
"""

UPSERT_PAGE = {
    "sqlite": _UPSERT.format(lock=""),
    # Waits for a `receive` that holds the draft, then finds it received.
    "postgresql": _UPSERT.format(lock=" FOR SHARE OF draft")
    .replace("%(page)s,", "%(page)s::varchar,")
    .replace("%(item)s,", "%(item)s::varchar,")
    .replace("%(sealed)s,", "%(sealed)s::bytea,")
    .replace("%(saved_at)s,", "%(saved_at)s::timestamptz,")
    .replace("%(active_at)s\n", "%(active_at)s::timestamptz\n"),
}
"""By vendor. Gives no row when the draft was received or cleared meanwhile. SQLite needs 3.35."""
