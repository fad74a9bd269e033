"""`townhall audit`: proves that the audit is whole, or shows what was done to one record."""

import argparse
import sys

from townhall.audit import queries


def audit_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall audit`."""
    parser.add_argument("which", nargs="?", help="show what was done to this record")


def audit(options: argparse.Namespace) -> int:
    """Verify the chain; print a record's history. Exit code 1 when the chain does not hold."""
    if options.which:
        for entry in queries.history(options.which):
            print(f"{entry}{': ' if entry.reason else ''}{entry.reason}")
    found = queries.broken()
    if found is None:
        return 0
    print(f"audit: row {found.number} {found.why}", file=sys.stderr)
    return 1
