"""The command that imports other builders' forms; it needs no Django and no database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from townhall.importers.convert import Imported, convert
from townhall.importers.definition import slug_of
from townhall.importers.names import Names
from townhall.importers.provenance import Given, provenance_of
from townhall.importers.report import as_json, as_words

ENDINGS = (".json", ".yaml", ".yml")
MAX_BYTES = 5_000_000


def import_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of ``townhall import``."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="forms, or folders of them"
    )
    parser.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="where to write services"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--verbose", action="store_true", help="say what was withheld, too")
    parser.add_argument(
        "--from", dest="origin", default="", metavar="WORDS", help="where they are from"
    )
    parser.add_argument("--licence", default="", metavar="WORDS", help="their licence")
    parser.add_argument("--copyright", default="", metavar="WORDS", help="who holds the copyright")


def import_(options: Namespace) -> int:
    """Turn forms into services that nobody has reviewed; 0 only when every file was converted."""
    given = Given(options.origin, options.licence, options.copyright)
    names = Names()
    options.to.mkdir(parents=True, exist_ok=True)
    done = [_import(file, names, given, options.to) for file in _files(options.files)]
    if options.json:
        print(json.dumps(as_json(done), indent=2, ensure_ascii=False))
    else:
        print(as_words(done, verbose=options.verbose))
    if not done:
        print("There is no JSON or YAML file there.", file=sys.stderr)
    return int(not done or any(not one.text for one, _ in done))


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in ENDINGS)
        else:
            yield path


def _import(file: Path, names: Names, given: Given, folder: Path) -> tuple[Imported, str]:
    service = names.give(str(file), slug_of(file.name))
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        return Imported(str(file), service, problem=f"The file cannot be read: {reason}."), ""
    text = data.decode("utf-8", "replace") if len(data) <= MAX_BYTES else "#" * (MAX_BYTES + 1)
    found = convert(text, str(file), service, provenance_of(file, data, given).plain())
    return found, _write(found, folder / f"{service}.yaml")


def _write(found: Imported, to: Path) -> str:
    """Write a service; one that somebody has reviewed is never written over."""
    if not found.text:
        return ""
    if to.exists() and "\nreviewed: false\n" not in to.read_text("utf-8"):
        found.problem = f"`{to}` is there already and is not an unreviewed import; move it first."
        found.text = ""
        return ""
    to.write_text(found.text, "utf-8")
    return str(to)
