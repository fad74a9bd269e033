"""`townhall export` and `townhall keys`."""

from __future__ import annotations

import argparse
import getpass
import sys

from townhall.submissions import keys as keyring
from townhall.submissions import rotation
from townhall.submissions.fittings import installed
from townhall.submissions.reports import (
    MissingKeys,
    NoReason,
    NothingToExport,
    UnknownField,
    Wanted,
    export_lines,
)
from townhall.submissions.sealing import SealError, write_key


def export_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall export`."""
    parser.add_argument("service", metavar="SERVICE")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="one line a submission (as it is)")
    form.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--reason", default="", help="why; kept in the audit")
    parser.add_argument(
        "--fields",
        type=lambda text: [name.strip() for name in text.split(",") if name.strip()],
        default=[],
        metavar="NAME,…",
        help="also these fields, which are special, about an offence or about a child",
    )


def export(options: argparse.Namespace) -> int:
    """Write out what a service received, one line a submission. Exit code 1 when it is refused."""
    try:
        lines = export_lines(
            Wanted(options.service, options.fields, options.json),
            by=getpass.getuser(),
            reason=options.reason,
            at=options.at,
            demonstration=_is_demonstration(),
        )
        for line in lines:
            sys.stdout.write(line)
    except NoReason:
        return _refuse("say why with --reason: it is kept in the audit")
    except NothingToExport:
        return _refuse(f"no service is called {options.service}")
    except UnknownField as fault:
        return _refuse(f"no version of {options.service} asks for {fault.args[0]}")
    except MissingKeys as fault:
        names = ", ".join(fault.args[0])
        return _refuse(f"the answers are sealed with {names}, which TOWNHALL_KEYS does not hold")
    except SealError:
        return _refuse("a record was changed and cannot be opened: the export ends before it")
    return 0


def _is_demonstration() -> bool:
    """Whether the council's settings say so; without any, this is the real thing."""
    try:
        return installed().council().demonstration
    except LookupError:
        return False


def keys_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall keys`."""
    parser.add_argument("action", choices=["new", "rotate"])
    parser.add_argument("name", nargs="?", default="", help="new: the key's id, such as 2026-11")


def keys(options: argparse.Namespace) -> int:
    """Print a new key, or wrap everything under the current one. Exit code 1 while not all is."""
    if options.action == "new":
        if not options.name:
            return _refuse("keys new needs an id: townhall keys new 2026-11")
        print(write_key(options.name))
        return 0
    done = rotation.rotate(by=getpass.getuser(), at=options.at)
    print(f"{done.wrapped} data keys are wrapped under {keyring.ring().current}")
    left = rotation.in_use() - {keyring.ring().current}
    if not left:
        print("no record needs any other key: take what is older out of TOWNHALL_KEYS")
        return 0
    return _refuse(f"records still need {', '.join(sorted(left))}: keep them, and rotate again")


def _refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
