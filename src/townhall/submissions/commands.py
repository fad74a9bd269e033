"""`townhall export` and `townhall keys`."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from datetime import datetime

from townhall.submissions import keys as keyring
from townhall.submissions import openable, rotation
from townhall.submissions.fittings import installed
from townhall.submissions.reports import (
    MissingKeys,
    NoReason,
    NothingToExport,
    UnknownField,
    Wanted,
    export_lines,
)
from townhall.submissions.sealing import NAME, write_key


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
    """Write out what a service received, one line a submission.

    Exit code 1 when it is refused, and when a record that cannot be opened is left out.
    """
    left_out: list[str] = []
    try:
        lines = export_lines(
            Wanted(options.service, options.fields, options.json, left_out.append),
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
        return _refuse(
            f"the answers are sealed with {names}, which TOWNHALL_KEYS does not hold (or it holds "
            "another key by that name): put back the one that sealed them (docs/running.md)"
        )
    return _account_for(left_out)


def _account_for(left_out: Sequence[str]) -> int:
    """Name each record that could not be opened, and say what may be done."""
    for reference in left_out:
        print(f"{reference} cannot be opened: it is not in this export", file=sys.stderr)
    if not left_out:
        return 0
    return _refuse(
        f"{len(left_out)} of the records could not be opened; all others are above. Either they "
        "were changed, and a backup has them as they were (docs/backup.md), or another key was "
        "once used by the same name (docs/running.md, “A key by the same name”)"
    )


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
        if not NAME.fullmatch(options.name):
            return _refuse(
                "a key's id is 1 to 40 letters of A to Z, digits, dots, hyphens and underscores, "
                "as TOWNHALL_KEYS divides keys by commas and ids by colons: "
                "townhall keys new 2026-11"
            )
        print(write_key(options.name))
        return 0
    return _rotate(keyring.ring().current, options.at)


def _rotate(current: str, at: datetime) -> int:
    if current in openable.look().other:
        # What is older would be wrapped by a key that may be a slip, by a name that it has already.
        return _refuse(openable.another_key(current) + " Nothing was wrapped")
    done = rotation.rotate(by=getpass.getuser(), at=at)
    print(f"{done.wrapped} data keys are wrapped under {current}")
    if done.unreadable:
        for name in openable.look().other:
            _refuse(openable.another_key(name))
        still = f"{done.unreadable} records cannot be opened with the keys that are here"
    else:
        still = "records were begun meanwhile"
    left = rotation.in_use() - {current}
    if not left and not done.unreadable:
        print("no record needs any other key: take what is older out of TOWNHALL_KEYS")
        return 0
    names = ", ".join(sorted(left)) or current
    return _refuse(f"{still}; they need {names}: keep every key, and rotate again")


def _refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
