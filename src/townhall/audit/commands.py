"""`townhall audit`: proves that the audit is whole, or shows what was done to one record."""

import argparse
import sys

from townhall.audit import queries


def audit_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall audit`."""
    parser.add_argument(
        "which", nargs="?", help="show what was done to this: a reference, an id or a service"
    )


def audit(options: argparse.Namespace) -> int:
    """Verify the chain; print a record's history.

    Exit code 1 when the chain does not hold, or nothing is known of the record. ``options.find``
    gives the id of a record by its reference, or None.
    """
    known = not options.which or _show(options.find(options.which) or options.which)
    if not known:
        print(f"audit: nothing is recorded of {options.which}", file=sys.stderr)
    found = queries.broken()
    if found is None:
        rows = queries.count()
        print(f"{rows} row{'' if rows == 1 else 's'}, the chain holds")
        return int(not known)
    print(f"audit: row {found.number} {found.why}", file=sys.stderr)
    return 1


def _show(which: str) -> bool:
    """Print what was done to one record; whether there is anything."""
    entries = list(queries.about(which))
    for entry in entries:
        print(f"{entry}{': ' if entry.reason else ''}{entry.reason}")
    return bool(entries)
