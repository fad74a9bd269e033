"""`townhall retention`: destroys what was kept long enough, and notes what that counts from."""

import argparse
import getpass
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date

from townhall.engine.model import NOTED
from townhall.retention import actions
from townhall.retention.keepers import CannotNote, Happened, Noted, installed
from townhall.retention.models import Overdue


def retention_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall retention`."""
    parser.add_argument("action", choices=["run", "overdue", "event"])
    parser.add_argument("event", nargs="?", choices=NOTED, help="event: what has happened")
    parser.add_argument("reference", nargs="*", help="event: the submissions it happened to")
    parser.add_argument("--on", type=_day, metavar="DATE", help="event: the day it happened")
    parser.add_argument("--reason", default="", help="event: how you know; kept in the audit")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def retention(options: argparse.Namespace) -> int:
    """Destroy what is due, list what is overdue with its owner, or note an event.

    Exit code 1 while anything is overdue, or where an event could not be noted.
    """
    if options.action == "event":
        return _note(options)
    if options.event or options.reference:
        return _refuse(f"`retention {options.action}` is about everything: give no event")
    if options.action == "run":
        _run(options)
    left = False
    for item in Overdue.objects.order_by("due_at"):
        left = True
        _say(options, _overdue(item), _overdue_in_words(item))
    if options.action == "overdue" and not left and not options.json:
        print("Nothing is overdue.")
    for said, words in _waiting(options):
        _say(options, said, words)
    return int(left)


def _run(options: argparse.Namespace) -> None:
    outcome = actions.run(installed(), at=options.at)
    words = f"{outcome.purged} purged, {outcome.overdue} overdue"
    if not outcome.scrubbed:
        words += "\nsomeone was reading: old bytes go with the next run"
    said = {"purged": outcome.purged, "overdue": outcome.overdue, "scrubbed": outcome.scrubbed}
    _say(options, said, words)


def _overdue(item: Overdue) -> Mapping[str, object]:
    return {
        "overdue": item.label or item.subject,
        "what": item.what,
        "service": item.service,
        "due": f"{item.due_at:%Y-%m-%d}",
        "rule": item.rule,
        "why": item.why,
        "owner": item.owner,
        "owner_email": item.owner_email,
    }


def _overdue_in_words(item: Overdue) -> str:
    return (
        f"overdue: {item}, due {item.due_at:%Y-%m-%d} ({item.rule}): {item.why}\n"
        f"  {item.owner} <{item.owner_email}> has to deliver or discard it"
    )


def _waiting(options: argparse.Namespace) -> Iterator[tuple[Mapping[str, object], str]]:
    """Say how many records wait for an event: what nobody notes is never destroyed."""
    for one in (one for keeper in installed() for one in keeper.waiting(options.at)):
        said = {"waiting": one.count, "service": one.service, "rule": one.rule, "event": one.event}
        count = f"{one.count} submission{'' if one.count == 1 else 's'} of {one.service}"
        yield (
            said,
            (
                f"waiting: {count}, kept {one.rule}: older than that, and nobody has noted when\n"
                f"  `townhall retention event {one.event} REFERENCE … --on DATE` notes it"
            ),
        )


def _note(options: argparse.Namespace) -> int:
    if not options.event or not options.reference:
        return _refuse(f"say which event ({', '.join(NOTED)}), and the references it happened to")
    if options.on is None:
        return _refuse("say with --on on which day it happened, such as --on 2026-11-20")
    if not options.reason.strip():
        return _refuse("say how you know with --reason: it is kept in the audit")
    happened = Happened(options.event, options.on, tuple(options.reference))
    note = next(keeper.note for keeper in installed() if keeper.note is not None)
    try:
        noted = note(happened, by=getpass.getuser(), reason=options.reason, at=options.at)
    except CannotNote as refused:
        for line in str(refused).splitlines():
            _refuse(line)
        return _refuse("nothing was noted: put that right, and give the command again")
    for one in noted:
        _say(options, _noted(options.event, one), _noted_in_words(options, one))
    return 0


def _noted(event: str, one: Noted) -> Mapping[str, object]:
    return {
        "reference": one.label,
        "event": event,
        "on": f"{one.on}",
        "new": one.new,
        "due": f"{one.due:%Y-%m-%d}" if one.due else None,
    }


def _noted_in_words(options: argparse.Namespace, one: Noted) -> str:
    known = "" if one.new else " (noted before)"
    if one.due is None:
        until = "kept for good"
    elif one.due <= options.at:
        until = "the next retention run destroys it"
    else:
        until = f"kept until {one.due:%Y-%m-%d}"
    return f"{one.label}: {options.event} on {one.on}{known}, {until}"


def _say(options: argparse.Namespace, said: Mapping[str, object], words: str) -> None:
    print(json.dumps(said) if options.json else words)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-11-20") from None


def _refuse(words: str) -> int:
    print(f"retention: {words}", file=sys.stderr)
    return 1
