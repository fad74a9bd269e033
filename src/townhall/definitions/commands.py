"""`townhall publish` and `townhall withdraw`."""

import argparse
import getpass
import sys
from pathlib import Path

from townhall.definitions import actions
from townhall.definitions.files import publish_file
from townhall.proof.paths import services_at
from townhall.proof.twins import twins


def publish_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall publish`."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    parser.add_argument(
        "--new",
        action="append",
        default=[],
        metavar="QUESTION.OPTION",
        help="this option is new, not another one in other words",
    )


def publish(options: argparse.Namespace) -> int:
    """Prove files and make them live. Exit code 1 when any was refused; the others are live.

    Where two files are one service nothing at all is: which of the two is meant cannot be told.
    """
    refused = 0
    files, missing = services_at(options.paths)
    if same := twins(files):
        for fault in [*missing, *same]:
            print(fault, file=sys.stderr)
        print("publish: nothing is published until that is put right", file=sys.stderr)
        return 1
    for fault in missing:
        refused += 1
        print(fault, file=sys.stderr)
    for file in files:
        done = publish_file(file, by=getpass.getuser(), at=options.at, new_options=options.new)
        if done.refused:
            refused += 1
            print(f"{file}: not published\n{done.refused}", file=sys.stderr)
        else:
            print(f"{done.service}: {'live' if done.changed else 'live already, unchanged'}")
    return int(refused > 0)


def withdraw_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall withdraw`."""
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument(
        "--now", action="store_true", help="also stop the drafts on it: it is unsafe to go on"
    )
    parser.add_argument(
        "--reason", default="", help="why; with --now it is told to the people who are stopped"
    )


def withdraw(options: argparse.Namespace) -> int:
    """Stop a service being begun, or with --now being used at all. Exit code 1 where it is not."""
    if options.now and not options.reason.strip():
        print("withdraw: say why with --reason: the people it stops are told", file=sys.stderr)
        return 1
    try:
        stopped = actions.withdraw(
            options.service,
            by=getpass.getuser(),
            at=options.at,
            reason=options.reason,
            now=options.now,
        )
    except actions.UnknownService:
        print(f"withdraw: no service is called {options.service}", file=sys.stderr)
        return 1
    count = "1 version" if stopped == 1 else f"{stopped} versions"
    words = f"; drafts on {count} are stopped" if options.now else ""
    print(f"{options.service}: withdrawn{words}")
    return 0
