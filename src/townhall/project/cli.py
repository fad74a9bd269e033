"""The command line: one table of sub-commands and where each is written.

A command `name` written in `module` is two functions there: `name_arguments(parser)` adds its
arguments to an argparse parser, and `name(options) -> int` does it and gives the exit code. In
the second, a Python word in the name is written with an underscore (`import_`). `options.at` is
the instant at which the command was given; a command below this floor reads no clock.
"""

import argparse
import keyword
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

from townhall.engine.faults import Fault
from townhall.project import clock


@dataclass(frozen=True)
class Command:
    """One sub-command: its name, what it does in a line, and its module.

    `data`: it reads or writes records, and `tables`: in tables that are brought up to date first.
    `live`: it may be asked to compare with what is live. `creates`: it may make the database.
    `apart`: the action of it that touches no records. `references`: it takes them in place of ids.
    `bare`: it needs no data folder to be there, and sees to one itself.
    """

    name: str
    summary: str
    module: str
    data: bool = True
    live: bool = False
    tables: bool = True
    creates: bool = False
    apart: str = ""
    references: bool = False
    bare: bool = False

    @property
    def function(self) -> str:
        """The name of its function in its module."""
        plain = self.name.replace("-", "_")
        return f"{plain}_" if keyword.iskeyword(plain) else plain


class Unready(Exception):
    """The settings are not fit to run with; the message says what to change."""


PROOF = "townhall.proof.commands"
RECOVERY = "townhall.project.recovery.commands"
COMMANDS = (
    Command(
        "serve",
        "serve the published services, and deliver",
        "townhall.project.serve",
        tables=False,
        creates=True,
    ),
    Command("worker", "deliver what has been received", "townhall.project.worker"),
    Command(
        "check", "prove definitions: every fault, with its remedy", PROOF, data=False, live=True
    ),
    Command("show", "say a service in plain words", PROOF, data=False, live=True),
    Command(
        "walk",
        "walk the examples through the real pages, in a rehearsal",
        "townhall.project.rehearsal.commands",
        data=False,
    ),
    Command("schema", "print the JSON Schema of the language", PROOF, data=False),
    Command("new", "write a new service from a pattern", PROOF, data=False),
    Command(
        "import",
        "turn another builder's form into a service",
        "townhall.importers.commands",
        data=False,
    ),
    Command("publish", "make a proven service live", "townhall.definitions.commands", creates=True),
    Command("withdraw", "stop a service being used", "townhall.definitions.commands"),
    Command("export", "write out what a service received", "townhall.submissions.commands"),
    Command(
        "keys",
        "change the key that answers are sealed with",
        "townhall.submissions.commands",
        apart="new",
    ),
    Command(
        "deliveries", "list or send again what could not be delivered", "townhall.outbox.commands"
    ),
    Command(
        "audit",
        "prove that the audit is whole, or show a record's",
        "townhall.audit.commands",
        references=True,
    ),
    Command(
        "retention",
        "destroy what has been kept long enough, or note what that counts from",
        "townhall.retention.commands",
    ),
    Command(
        "doctor",
        "look at everything that can be wrong, and say what to do",
        "townhall.project.doctor.commands",
        bare=True,
    ),
    Command("backup", "copy every record while all goes on", RECOVERY, tables=False),
    Command("restore", "put a backup back, or prove that it is whole", RECOVERY, bare=True),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one sub-command and give its exit code: 0 only when all went well."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    return _to_the_end(lambda: _chosen(given))


def _chosen(given: list[str]) -> int:
    if given == ["--version"]:
        print(f"townhall {version('townhall')}")
        return 0
    command = next((one for one in COMMANDS if given and one.name == given[0]), None)
    if command is None:
        return _help(given)
    return _guarded(command, given[1:])


def _guarded(command: Command, given: list[str]) -> int:
    try:
        return _run(command, given)
    except Unready as reason:
        print(f"townhall: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as fault:
        said = _told(fault)
        if not said:
            raise
        print(f"townhall: {said}", file=sys.stderr)
        return 1


class _Output:
    """Standard output that remembers what went wrong with it, whoever caught that."""

    def __init__(self, plain: TextIO) -> None:
        self.plain = plain
        self.fault: OSError | None = None

    def write(self, text: str) -> int:
        with self._noted():
            return self.plain.write(text)

    def flush(self) -> None:
        with self._noted():
            self.plain.flush()

    def __getattr__(self, name: str) -> object:
        return getattr(self.plain, name)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            self.fault = self.fault or fault
            raise


def _to_the_end(do: Callable[[], int]) -> int:
    """Do it and have all of its output written; say in a line where that cannot be."""
    if sys.stdout is None:  # Closed by whoever started us.
        return do()
    out = _Output(sys.stdout)
    sys.stdout = out
    try:
        code = _flushed(do, out)
    except (OSError, SystemExit) as fault:
        if out.fault is None and not isinstance(fault, BrokenPipeError):
            raise
        code = 1
    finally:
        sys.stdout = out.plain
    if out.fault is not None and not isinstance(out.fault, BrokenPipeError):
        why = out.fault.strerror or type(out.fault).__name__
        words = f"the output could not be written ({why}): what was written is not complete."
        print(f"townhall: {words}", file=sys.stderr)
    return unread() if out.fault else code


def _flushed(do: Callable[[], int], out: _Output) -> int:
    try:
        return do()
    finally:
        out.flush()


def unread() -> int:
    """Give the exit code where the reader of our output has gone (`townhall show … | head`)."""
    # Nobody is left to tell, and what is still held back goes nowhere.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _told(fault: Exception) -> str:
    """Say a fault of the database's in a line; "" for any other, which is ours."""
    if "django.db" not in sys.modules:
        return ""
    reach = import_module("townhall.project.reach")
    return str(reach.told(fault)) if reach.is_about_reaching(fault) else ""


def complain(fault: Fault) -> None:
    """Say a fault on standard error as `file:line: code: message. remedy`."""
    print(fault, file=sys.stderr)


def parser_of(command: Command) -> argparse.ArgumentParser:
    """Give what reads the arguments of a sub-command. Settings must be there where it has data."""
    parser = argparse.ArgumentParser(
        prog=f"townhall {command.name}", description=command.summary, allow_abbrev=False
    )
    module = import_module(command.module)
    getattr(module, f"{command.function.rstrip('_')}_arguments")(parser)
    if command.data or command.live:
        _add_data(parser)
    return parser


def _run(command: Command, arguments: list[str]) -> int:
    if command.data:
        _open_the_house(arguments)
    module = import_module(command.module)
    options = parser_of(command).parse_args(arguments)
    options.at = clock.now()
    if command.data:
        options.data = Path(os.environ["TOWNHALL_DATA"])
    if command.live and options.against == "live":
        _open_the_house(arguments)
        _find_records(command, options.data)
        queries = import_module("townhall.definitions.queries")
        options.live, options.live_definition = queries.live_text, queries.live_definition
    apart = command.bare or (command.apart and options.action == command.apart)
    if command.data and not apart:
        _find_records(command, options.data)
    if command.references:
        options.find = import_module("townhall.submissions.queries").id_of
    return int(getattr(module, command.function)(options))


def _find_records(command: Command, data: Path) -> None:
    """Have a data folder with a database in it, of this release; only some commands make one."""
    preparation = import_module("townhall.project.preparation")
    reach = import_module("townhall.project.reach")
    try:
        preparation.have_folder(data, create=command.creates)
        reach.reach()
    except (preparation.NoRecords, reach.Unreachable) as reason:
        raise Unready(str(reason)) from None
    if command.tables:
        preparation.bring_up_to_date(data)


def _open_the_house(arguments: list[str]) -> None:
    """Settings are read once, so what changes them has to be known before Django is."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    _add_data(early)
    early.add_argument("--services", action="extend", nargs="+")
    early.add_argument("--rehearsal", action="store_true")
    options = early.parse_known_args(arguments)[0]
    os.environ["TOWNHALL_DATA"] = str(options.data)
    if options.rehearsal:
        _know_nothing_live(options.data)
    if options.services:
        os.environ["TOWNHALL_SERVICES"] = os.pathsep.join(options.services)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townhall.project.settings")
    os.umask(0o077)
    improper = import_module("django.core.exceptions").ImproperlyConfigured
    try:
        import_module("django").setup()
    except improper as reason:
        raise Unready(str(reason)) from None


def _know_nothing_live(data: Path) -> None:
    rehearsal = import_module("townhall.project.rehearsal.surroundings")
    known = rehearsal.surroundings(os.environ, data / rehearsal.FOLDER)
    os.environ.clear()
    os.environ.update(known)


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("TOWNHALL_DATA") or "var"),
        metavar="DIR",
        help="where the embedded database is kept (default: %(default)s)",
    )


def _help(given: list[str]) -> int:
    asked = bool(given) and given[0] in {"help", "-h", "--help"}
    out = sys.stdout if asked else sys.stderr
    if given and not asked:
        print(f"townhall: there is no sub-command “{given[0]}”.\n", file=out)
    print("usage: townhall COMMAND …\n", file=out)
    for command in COMMANDS:
        print(f"  {command.name:<12}{command.summary}", file=out)
    print("\n`townhall COMMAND --help` says what each takes.", file=out)
    return 0 if asked else 2


if __name__ == "__main__":
    sys.exit(main())
