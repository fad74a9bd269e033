"""Looks at the records: whether they can be read, and whether anything is stuck."""

import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.db import connection

from townhall.definitions import queries as definitions
from townhall.outbox import queries as outbox
from townhall.project import clock, reach, tables
from townhall.project.doctor.findings import (
    Asked,
    Finding,
    Level,
    bad,
    graded,
    ok,
    several,
    span,
    warn,
)
from townhall.project.doctor.machine_looks import BAD_COMMIT, SLOW_COMMIT, skew
from townhall.project.identity import release
from townhall.retention import queries as retention
from townhall.submissions import openable

DATABASE = "database"
MINUTE = 60.0
# A worker says that it lives every 20 seconds, and retention runs every hour.
QUIET, SILENT = 2 * MINUTE, 5 * MINUTE
LATE_RUN, NO_RUN = 180 * MINUTE, 26 * 60 * MINUTE
FIRST_RUN = 10 * MINUTE
WAITED, WAITED_LONG = 15 * MINUTE, 60 * MINUTE
COMMITS = 10


def look_at_the_database(asked: Asked) -> Iterable[Finding]:
    """Whether it answers; on a server of its own, how quick it is and what its clock says."""
    name = str(connection.settings_dict["NAME"])
    in_memory = name.startswith("file:")
    if connection.vendor == "sqlite" and not in_memory and not Path(name).is_file():
        remedy = "Say with --data where it is. A backup is put back by `townhall restore`."
        return [bad(DATABASE, f"There is no database at {name}.", remedy)]
    if connection.vendor == "sqlite" and not in_memory and reach.is_empty(Path(name)):
        return [bad(DATABASE, f"{name} is an empty file.", reach.EMPTY)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if connection.vendor != "postgresql":
        return [ok(DATABASE, f"{name} answers.")]
    return [ok(DATABASE, "PostgreSQL answers."), _server_commits(), _server_clock()]


def _server_commits() -> Finding:
    """An empty message in the server's log has to reach its disk, as a submission has to."""
    took = []
    with connection.cursor() as cursor:
        for _ in range(COMMITS):
            began = time.perf_counter()
            cursor.execute("SELECT pg_logical_emit_message(true, 'townhall', '')")
            took.append(time.perf_counter() - began)
    middle = sorted(took)[COMMITS // 2]
    level = graded(middle, SLOW_COMMIT, BAD_COMMIT)
    remedy = "Each page waits for that: look at the server's disk, and the way to it."
    said = f"A commit takes {middle * 1_000:.1f} ms, at worst {max(took) * 1_000:.1f} ms."
    return Finding(DATABASE, level, said, "" if level is Level.OK else remedy)


def _server_clock() -> Finding:
    before = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told = cursor.fetchone()[0]
    return skew(told - (before + (clock.now() - before) / 2), "the database")


def look_at_the_tables(asked: Asked) -> Iterable[Finding]:
    """Whether the tables are this release's."""
    wanted, made = tables.wanted(), tables.made()
    if missing := wanted - made:
        return [
            bad(
                "tables",
                f"The tables lack {several(len(missing), 'change')} of this release ({release()}).",
                "Take a backup, then start `townhall serve`, which makes them.",
            )
        ]
    apps = {app for app, _ in wanted}
    if any(app in apps for app, _ in made - wanted):
        return [
            warn(
                "tables",
                f"The tables are of a later release than this ({release()}).",
                "Bring this machine up to the release that the others run.",
            )
        ]
    return [ok("tables", f"The tables are those of this release ({release()}).")]


def look_at_stored_keys(asked: Asked) -> Iterator[Finding]:
    """Whether what is stored can be opened with the keys that we have."""
    looked = openable.look()
    if looked.absent:
        yield bad(
            "keys",
            f"Stored answers need a key that TOWNHALL_KEYS does not hold: {_named(looked.absent)}.",
            "Put it back, after the others. Until then they are neither read nor delivered.",
        )
    if looked.other:
        yield bad(
            "keys",
            f"TOWNHALL_KEYS holds another key than sealed stored answers: {_named(looked.other)}.",
            "Put back the one that did, by that name, before anything else is sealed "
            "(docs/running.md, “A key by the same name”).",
        )
    if looked.partly:
        yield bad(
            "keys",
            f"Not every record that was looked at can be opened, of {_named(looked.partly)}.",
            "`townhall export` names those of a service. A backup has them as they were.",
        )
    if not (looked.absent or looked.other or looked.partly):
        said = "The oldest and the newest stored answers of each key can be opened"
        yield ok("keys", f"{said} ({several(looked.records, 'record')} looked at).")


def _named(keys: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in keys)


def look_at_the_clock_of_the_records(asked: Asked) -> Iterable[Finding]:
    """Whether something is recorded that has not happened yet."""
    latest = outbox.latest_event()
    if latest is None or latest <= asked.at + timedelta(seconds=2):
        return []
    return [
        bad(
            "clock",
            f"The latest event is {span(latest - asked.at)} from now: a clock was, or is, wrong.",
            "Keep every machine's by NTP (`timedatectl`), and find which of them was ahead.",
        )
    ]


def look_at_the_workers(asked: Asked) -> Iterable[Finding]:
    """Whether somebody delivers."""
    workers = outbox.workers()
    start = "Start one: `townhall worker`, or `townhall serve` without --no-worker."
    if not workers:
        return [bad("worker", "No worker is running: nothing is delivered or destroyed.", start)]
    quiet = asked.at - workers[0].at
    level = graded(quiet.total_seconds(), QUIET, SILENT)
    if level is not Level.OK:
        said = f"No worker has been heard from for {span(quiet)} (the last was {workers[0].name})."
        return [Finding("worker", level, said, f"See whether it hangs or died. {start}")]
    alive = [one for one in workers if (asked.at - one.at).total_seconds() < QUIET]
    others = {one.release for one in alive} - {release()}
    if others:
        said = f"Workers of other releases run ({', '.join(sorted(others))}); this is {release()}."
        return [warn("worker", said, "Bring each machine up to one release.")]
    heard = f"heard from {span(quiet)} ago"
    return [ok("worker", f"{several(len(alive), 'worker')} at work, {heard}.")]


def look_at_deliveries(asked: Asked) -> Iterable[Finding]:
    """Whether anything waits too long, or has been given up."""
    found = outbox.backlog()
    yield _oldest(asked, found)
    if found.dead:
        yield bad(
            "dead letters",
            f"{several(found.dead, 'delivery')} given up: what people sent has not arrived.",
            "`townhall deliveries list` says where and why. When that is mended: `townhall "
            'deliveries redrive --dead --reason "…"`.',
        )
    else:
        yield ok("dead letters", "No delivery has been given up.")


def _oldest(asked: Asked, found: outbox.Backlog) -> Finding:
    if found.oldest is None:
        return ok("deliveries", "Nothing waits to be delivered.")
    waited = asked.at - found.oldest
    level = graded(waited.total_seconds(), WAITED, WAITED_LONG)
    said = f"{several(found.open, 'delivery')} to be made; the oldest has waited {span(waited)}."
    remedy = (
        "`townhall deliveries list` says where and why. Without an error there: see the worker."
    )
    return Finding("deliveries", level, said, "" if level is Level.OK else remedy)


def look_at_retention(asked: Asked) -> Iterator[Finding]:
    """Whether what was kept long enough is destroyed."""
    ran = retention.last_run()
    remedy = "`townhall retention run` does it now. A worker does it every hour: see its log."
    if ran is None and _began_lately(asked):
        yield ok(
            "retention", "A worker has just begun; it looks through the records within minutes."
        )
    elif ran is None:
        yield warn("retention", "Nothing has ever been looked through for destruction.", remedy)
    else:
        late = asked.at - ran
        level = graded(late.total_seconds(), LATE_RUN, NO_RUN)
        said = f"What was kept long enough was destroyed {span(late)} ago."
        yield Finding("retention", level, said, "" if level is Level.OK else remedy)
    if count := retention.overdue():
        yield warn(
            "retention",
            f"{several(count, 'record')} should be destroyed and may not be yet.",
            "`townhall retention overdue` names each with its owner, who has to act.",
        )


def _began_lately(asked: Asked) -> bool:
    began = [worker.started_at for worker in outbox.workers()]
    return bool(began) and (asked.at - min(began)).total_seconds() < FIRST_RUN


def look_at_reviews(asked: Asked) -> Iterable[Finding]:
    """Whether a published service's owner was to read it again before today."""
    today = clock.london_date(asked.at)
    live = [one.form.definition for one in definitions.published(asked.at)]
    late = [one for one in live if one.owner is not None and one.owner.review < today]
    if not late:
        return [ok("reviews", f"{several(len(live), 'service')} published; no review is overdue.")]
    return [
        warn(
            "reviews",
            f"{one.service} was to be reviewed by {one.owner.review:%d %B %Y}.",
            f"Ask {one.owner.team} to read it, set the next date and publish it.",
        )
        for one in late
        if one.owner is not None
    ]
