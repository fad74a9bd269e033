"""`townhall deliveries`: what could not be delivered, and what a person decides about it.

It shows the reference, the destination and the error class: never what was sent, nor the reply.
"""

import argparse
import getpass
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from townhall.outbox import actions, queries
from townhall.outbox.fittings import installed
from townhall.outbox.models import UNFINISHED, State
from townhall.outbox.queries import Standing

ACTS = {"redrive": actions.redrive, "discard": actions.discard}


def deliveries_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall deliveries`."""
    parser.add_argument("act", nargs="?", default="list", choices=["list", *ACTS])
    parser.add_argument("delivery", nargs="*", type=int, help="the number that `list` shows")
    parser.add_argument("--dead", action="store_true", help="every dead delivery")
    parser.add_argument("--state", choices=State.values, help="list only this state")
    parser.add_argument("--reason", default="", help="why; kept in the audit")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def deliveries(options: argparse.Namespace) -> int:
    """List deliveries, or redrive or discard some. Exit code 1 where one could not be changed."""
    if options.act == "list":
        return _list(options)
    chosen = list(options.delivery)
    if options.dead:
        chosen += [standing.id for standing in queries.listing([State.DEAD])]
    if not options.reason.strip():
        return _refuse(f"say why with --reason: what you {options.act} is kept in the audit")
    if not chosen:
        return _refuse("give the numbers that `townhall deliveries list` shows, or --dead")
    return max(_act(options, delivery) for delivery in dict.fromkeys(chosen))


def _act(options: argparse.Namespace, delivery: int) -> int:
    try:
        ACTS[options.act](delivery, by=getpass.getuser(), reason=options.reason, at=options.at)
    except actions.NothingToChange as fault:
        return _refuse(str(fault))
    return 0


def _list(options: argparse.Namespace) -> int:
    standings = queries.listing([options.state] if options.state else UNFINISHED)
    subjects = list(dict.fromkeys(standing.subject for standing in standings))
    references = installed().references(subjects)
    rows = list(_rows(standings, references))
    lines = [json.dumps(row) for row in rows] if options.json else _columns(rows)
    print(*lines, sep="\n", end="\n" if lines else "")
    if not rows and not options.json:
        print(_nothing(options.state), file=sys.stderr)
    return 0


def _rows(
    standings: Iterable[Standing], references: Mapping[str, str]
) -> Iterable[dict[str, object]]:
    for standing in standings:
        yield {
            "delivery": standing.id,
            "reference": references.get(standing.subject, ""),
            "destination": standing.subscriber,
            "state": standing.state,
            "tries": standing.attempts,
            "error": standing.error_class,
            "since": _time(standing.since or standing.at),
        }


def _columns(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Lines with a heading over each column; none where there are no rows."""
    table = [list(row) for row in rows[:1]]
    table += [[str(value) or "-" for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in table]


def _nothing(state: str | None) -> str:
    """What to say of an empty list, and which states there is something to list of."""
    words = f"No delivery is {state}." if state else "Nothing is waiting to be delivered."
    others = ", ".join(f"{name} ({n})" for name, n in queries.tally().items())
    return f"{words} To see others, give --state: {others}." if others else words


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _refuse(words: str) -> int:
    print(f"deliveries: {words}", file=sys.stderr)
    return 1
