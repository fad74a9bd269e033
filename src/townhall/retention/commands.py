"""`townhall retention run`: destroys what has been kept long enough."""

import argparse

from townhall.retention import actions
from townhall.retention.keepers import installed
from townhall.retention.models import Overdue


def retention_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall retention`."""
    parser.add_argument("action", choices=["run", "overdue"])


def retention(options: argparse.Namespace) -> int:
    """Destroy what is due, or list what is overdue with its owner. Exit code 1 while any is."""
    if options.action == "run":
        outcome = actions.run(installed(), at=options.at)
        print(f"{outcome.purged} purged, {outcome.overdue} overdue")
        if not outcome.scrubbed:
            print("someone was reading: old bytes go with the next run")
    for item in Overdue.objects.order_by("due_at"):
        print(f"overdue: {item}, due {item.due_at:%Y-%m-%d} ({item.rule}): {item.why}")
        print(f"  {item.owner} <{item.owner_email}> has to deliver or discard it")
    left = Overdue.objects.exists()
    if options.action == "overdue" and not left:
        print("Nothing is overdue.")
    return int(left)
