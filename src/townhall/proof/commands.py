"""The commands that prove, show and write definitions; none of them needs Django or a database."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from townhall.engine.faults import Fault, InvalidDefinition
from townhall.engine.library import NOT_SERVICES, Library
from townhall.engine.load import load_service
from townhall.engine.model import RESERVED_SERVICES
from townhall.engine.schema import language_schema
from townhall.proof.check import Report, prove
from townhall.proof.fix import fix
from townhall.proof.new import Known, NoPattern, Written, new_service
from townhall.proof.paths import ENDINGS, services_at
from townhall.proof.renames import renamed
from townhall.proof.show import difference, plain_words
from townhall.proof.twins import twins_of

LONDON = ZoneInfo("Europe/London")
SHOWN = 3
"""How many notes of one code are printed; what a file lacks many times is said in a line."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TAKEN = RESERVED_SERVICES | {Path(name).stem for name in NOT_SERVICES}
"""Names of the site's own pages, and of files that are read as settings and never as a service."""


def check_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of ``townhall check``."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    parser.add_argument("--json", action="store_true", help="print the faults as JSON")
    parser.add_argument(
        "--verbose", action="store_true", help="list every note, the examples and their samples"
    )
    parser.add_argument(
        "--fix", action="store_true", help="write missing versions, option ids and quotation marks"
    )
    parser.add_argument(
        "--against",
        choices=["live"],
        help="ask about options whose words differ from the live version",
    )


def check(options: Namespace) -> int:
    """Prove definitions; 1 when any has an error."""
    files, missing = services_at(options.paths)
    fixed = [_fixed(file) for file in files] if options.fix else []
    reports = [_prove(file, _today(options.at)) for file in files]
    found = (fault for report in reports for fault in report.faults)
    # A fault of the council's own settings is met with every service beside them.
    faults = list(dict.fromkeys([*missing, *found]))
    faults += twins_of(report.loaded for report in reports)
    faults += [fault for report in reports for fault in _renamed(report, options)]
    if options.json:
        print(json.dumps(_as_json(reports, faults), indent=2, ensure_ascii=False))
    else:
        for line in _lines(faults, verbose=options.verbose):
            print(line, file=sys.stderr)
        print(
            "\n".join([*_words(reports, fixed, verbose=options.verbose), _summary(files, faults)])
        )
    return int(any(fault.level == "error" for fault in faults))


def show_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of ``townhall show``."""
    parser.add_argument("service", metavar="SERVICE", help="a file, or the name of a service")
    parser.add_argument(
        "--services", type=Path, default=Path("services"), metavar="DIR", help="where services are"
    )
    parser.add_argument(
        "--against",
        metavar="live|FILE",
        help="print only what differs from the live version or a file",
    )


def show(options: Namespace) -> int:
    """Print a whole service in plain words, or only what changed; 1 when it cannot be read."""
    try:
        now = _shown(_service_file(options, options.service))
        if options.against is None:
            print(now, end="")
            return 0
        before = _before(options)
    except InvalidDefinition as refused:
        for fault in refused.faults:
            complain(fault)
        return 1
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return 1
    print(difference(before, now) or "Nothing has changed.\n", end="")
    return 0


def schema_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of ``townhall schema``: it has none."""


def schema(options: Namespace) -> int:
    """Print the JSON Schema of the language, which editors complete against."""
    print(json.dumps(language_schema(), indent=2, ensure_ascii=False))
    return 0


def new_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of ``townhall new``."""
    parser.add_argument(
        "pattern", metavar="PATTERN", help="report, apply, request, tell-us, feedback or your own"
    )
    parser.add_argument("slug", metavar="SLUG", help="the service’s name, such as fallen-tree")
    parser.add_argument(
        "--to", type=Path, default=Path("services"), metavar="DIR", help="the folder to write it in"
    )
    parser.add_argument("--title", default="", metavar="WORDS", help="its title")
    parser.add_argument("--team", default="", metavar="WORDS", help="the team that owns it")
    parser.add_argument("--email", default="", metavar="ADDRESS", help="the owner’s email address")
    parser.add_argument("--power", default="", metavar="LAW", help="the law that allows it")
    parser.add_argument(
        "--deliver", default="", metavar="NAME", help="where answers go, as council.yaml names it"
    )


def new(options: Namespace) -> int:
    """Write a new service from a pattern; 1 when there is no such pattern or the file is there."""
    file = options.to / f"{options.slug}.yaml"
    if not _SLUG.fullmatch(options.slug):
        words = "A service’s name is small letters, digits and hyphens: fallen-tree."
        return _refused("bad-name", words)
    if options.slug in _TAKEN:
        words = f"No service can be called {options.slug}. Also taken: "
        others = ", ".join(sorted(_TAKEN - {options.slug}))
        return _refused("bad-name", f"{words}{others}. Choose another name.")
    try:
        made = _made(options)
        options.to.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as out:
            out.write(made.text)
    except InvalidDefinition as refused:
        for fault in refused.faults:
            complain(fault)
        return 1
    except NoPattern as error:
        return _refused("unknown-pattern", str(error))
    except FileExistsError as error:
        words = f"{error.filename} is already there. Choose another name, or remove it."
        return _refused("already-there", words)
    except OSError as error:
        return _refused("cannot-write", f"{file} cannot be written ({error.strerror}).")
    print("\n".join(_written(file, made.left)))
    return 0


def _made(options: Namespace) -> Written:
    known = Known(options.title, options.team, options.email, options.power, options.deliver)
    library, today = _library(options.to), _today(options.at)
    return new_service(options.pattern, options.slug, library, today=today, known=known)


def _refused(code: str, words: str) -> int:
    print(f"townhall: {code}: {words}", file=sys.stderr)
    return 1


def _written(file: Path, left: tuple[str, ...]) -> Iterator[str]:
    yield f"{file} is written."
    if left:
        yield f"To fill in (look for FILL IN): {', '.join(left)}."
    yield f"To see what else it needs: townhall check {file}"
    yield f"To try it as it is, in a demonstration: townhall serve --services {file.parent}"


def complain(fault: Fault) -> None:
    """Say a fault on standard error as ``file:line: code: message. remedy``."""
    print(_line(fault), file=sys.stderr)


def _line(fault: Fault) -> str:
    marked = fault.level == "note"
    return str(replace(fault, message=f"Note: {fault.message}") if marked else fault)


def _lines(faults: list[Fault], *, verbose: bool) -> Iterator[str]:
    """Write errors, then notes by their code: the first few of each, and how many more."""
    alike: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.level == "note":
            alike.setdefault(fault.code, []).append(fault)
        else:
            yield _line(fault)
    for code, notes in alike.items():
        shown = len(notes) if verbose else SHOWN
        yield from map(_line, notes[:shown])
        if more := len(notes[shown:]):
            yield f"… and {_count(more, f'more `{code}` note')} (--verbose lists them)"


def _today(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def _library(folder: Path) -> Library:
    return Library.shipped().with_folder(folder)


def _prove(file: Path, today: date) -> Report:
    try:
        library = _library(file.parent)
    except InvalidDefinition as refused:
        report = prove(file, Library.shipped(), today=today)
        return replace(report, faults=(*refused.faults, *report.faults))
    return prove(file, library, today=today)


def _renamed(report: Report, options: Namespace) -> list[Fault]:
    """Ask what the live version cannot tell; the command line hands in how to look it up."""
    definition, look = report.loaded.definition, getattr(options, "live_definition", None)
    live = look(definition.service) if definition and look else None
    return list(renamed(report.loaded, live)) if live else []


def _fixed(file: Path) -> list[str]:
    """Write what can be written for the author into one file, and say what that was."""
    try:
        with file.open(encoding="utf-8", newline="") as held:
            text = held.read()
        found = fix(text, _library(file.parent))
    except (OSError, UnicodeDecodeError, InvalidDefinition):
        return []
    if found.text != text:
        with file.open("w", encoding="utf-8", newline="") as out:
            out.write(found.text)
    return [f"{file}: {change}" for change in found.changes]


def _words(reports: list[Report], fixed: list[list[str]], *, verbose: bool) -> list[str]:
    lines = [line for changes in fixed for line in changes]
    return lines + ([line for report in reports for line in _trials(report)] if verbose else [])


def _trials(report: Report) -> list[str]:
    """Say which examples were run and what was filled in for them."""
    lines = []
    for run in report.runs:
        outcome = "fails" if run.failures else "passes"
        lines.append(f"{report.loaded.file}: the example “{run.example.name}” {outcome}.")
        lines += [
            f"  {question} is filled in as: {words}" for question, words in run.samples.items()
        ]
    return lines


def _summary(files: list[Path], faults: list[Fault]) -> str:
    errors = sum(fault.level == "error" for fault in faults)
    return (
        f"{_count(len(files), 'service')} checked: {_count(errors, 'error')}, "
        f"{_count(len(faults) - errors, 'note')}"
    )


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _as_json(reports: list[Report], faults: list[Fault]) -> dict[str, Any]:
    return {
        "services": [report.loaded.file for report in reports],
        "errors": sum(fault.level == "error" for fault in faults),
        "notes": sum(fault.level == "note" for fault in faults),
        "faults": [
            {
                "file": fault.where.file,
                "line": fault.where.line,
                "path": list(fault.where.path),
                "level": fault.level,
                "code": fault.code,
                "message": fault.message,
                "remedy": fault.remedy,
            }
            for fault in faults
        ],
    }


def _service_file(options: Namespace, name: str) -> Path:
    """Find a service by its file or its name.

    Raises LookupError with words for the author, or InvalidDefinition for a file of settings.
    """
    folder: Path = options.services
    for file in (Path(name), *(folder / f"{name}{ending}" for ending in ENDINGS)):
        if file.is_file():
            if faults := services_at([file])[1]:
                raise InvalidDefinition(tuple(faults))
            return file
    if not Path(name).is_dir():
        found = _names_in(folder)
        there = f" There is: {found}." if found else ""
        raise LookupError(
            f"There is no file {name}, and no service of that name in {folder}.{there}"
        )
    if found := _names_in(Path(name)):
        raise LookupError(f"{name} is a folder. Name one service in it: {found}.")
    raise LookupError(f"{name} holds no service.")


def _names_in(folder: Path) -> str:
    files = services_at([folder])[0]
    return ", ".join(file.name.removesuffix(file.suffix) for file in files)


def _shown(file: Path) -> str:
    library = _library(file.parent)
    loaded = load_service(file, library)
    if loaded.definition is None:
        raise InvalidDefinition(loaded.faults)
    return plain_words(loaded.definition, library)


def _before(options: Namespace) -> str:
    """Give the words to compare with: a file's, or those kept with the live version.

    The project's command line hands the live version's words in as ``options.live``.
    """
    if options.against != "live":
        return _shown(_service_file(options, options.against))
    file = _service_file(options, options.service)
    definition = load_service(file, _library(file.parent)).definition
    slug = definition.service if definition else options.service
    words = options.live(slug) if getattr(options, "live", None) else None
    if words is None:
        raise LookupError(f"{options.service} has no live version to compare with.")
    return str(words)
