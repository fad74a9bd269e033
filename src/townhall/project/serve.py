"""`townhall serve`: one command from a folder of services to pages that deliver what they take."""

import argparse
import os
import socket
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

from townhall.project import exposure, house, preparation, readiness, together
from townhall.project.rehearsal import guard, store
from townhall.project.supervisor import PATIENCE, Child, keep_running

PORTS = range(1, 65_536)


def serve_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall serve`."""
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s, this machine")
    parser.add_argument("--port", type=int, default=8000, help="default: %(default)s")
    parser.add_argument(
        "--services",
        action="extend",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="folders of services to publish at the start",
    )
    parser.add_argument("--no-worker", action="store_true", help="deliver nothing from here")
    parser.add_argument(
        "--rehearsal",
        action="store_true",
        help="send nothing, in a store of its own, where each start begins with nothing",
    )
    parser.add_argument(
        "--no-publish",
        action="store_true",
        help="serve what is live already: where there are several machines, one publishes",
    )


def serve(options: argparse.Namespace) -> int:
    """Prepare the database, publish the services, and keep web and worker running."""
    for reason in refusals(options.host, options.port):
        print(f"serve: {reason}", file=sys.stderr)
        return 1
    if settings.REHEARSAL and not store.begin_afresh(options.data):
        print(
            f"serve: another rehearsal is kept in {options.data}; say another folder with --data.",
            file=sys.stderr,
        )
        return 1
    print("Starting…", flush=True)
    data = options.data.resolve()
    withdrawn = preparation.prepare(data, at=options.at, publish=not options.no_publish)
    if withdrawn is None:
        return 1
    for line in [*preparation.missing(options.at), *settings.ALLOWANCES.warnings]:
        print(f"serve: warning: {line}", file=sys.stderr, flush=True)
    # From here on only the processes below ask the database.
    connection.close()
    said = banner(
        options.host, options.port, data, worker=not options.no_worker, withdrawn=withdrawn
    )
    os.environ |= {"TOWNHALL_DATA": str(data), "TOWNHALL_SERVICES": _path(settings.SERVICES)}
    os.environ |= {"TOWNHALL_HOST": options.host, "TOWNHALL_PORT": str(options.port)}
    children = [Child("web", ["-m", "townhall.project.web"])]
    if not options.no_worker:
        arguments = ["-m", "townhall.project.cli", "worker", "--data", str(data)]
        children.append(Child("worker", arguments))
    if not house.senders().live:
        children.append(Child("stand-in", ["-m", "townhall.project.standin", str(data)]))
    guard.allow(options.host, options.port)
    telling = threading.Thread(
        target=_say_when_it_answers, args=(options.host, options.port, said), daemon=True
    )
    telling.start()
    with together.counting_together():
        keep_running(children, patience=PATIENCE + together.seconds_to_drain())
    return 0


def _say_when_it_answers(host: str, port: int, said: str) -> None:
    readiness.wait_for_an_answer(host, port, settings.ALLOWED_HOSTS)
    print(said, flush=True)


def refusals(host: str, port: int) -> list[str]:
    """Why this server must not be started, each as what to do. Empty where nothing is wrong."""
    if port not in PORTS:
        return [f"there is no port {port}; choose one from {PORTS[0]} to {PORTS[-1]} with --port."]
    try:
        together.seconds_to_drain()
    except ValueError as reason:
        return [f"{reason}."]
    for folder in settings.SERVICES:
        if not folder.is_dir():
            return [f"there is no folder {folder}; name a folder of services with --services."]
    if reasons := exposure.refusals(host, os.environ, beyond=settings.BEYOND_LOOPBACK):
        return reasons
    return [] if _is_free(host, port) else [f"port {port} is in use; choose another with --port."]


def banner(host: str, port: int, data: Path, *, worker: bool, withdrawn: Sequence[str] = ()) -> str:
    """What a newcomer wants to know, in a few lines."""
    shown = f"[{host}]" if ":" in host else host
    lines = [
        "",
        f"  Townhall is serving at http://{shown}:{port}/",
        f"  Records are kept in {data}",
        *(f"  {line}" for line in preparation.where_messages_go(data)),
    ]
    if not exposure.is_named(os.environ):
        lines.append(
            "  No folder of services was named with --services: this is the demonstration."
        )
    if withdrawn:
        names = ", ".join(withdrawn)
        lines.append(f"  Withdrawn, and not served until `townhall publish` is run: {names}")
    if not worker:
        lines.append("  Nothing is delivered from here: run `townhall worker` somewhere.")
    return "\n".join([*lines, "  Press Ctrl+C to stop.", ""])


def _path(folders: Sequence[Path]) -> str:
    return os.pathsep.join(str(folder.resolve()) for folder in folders)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
