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
        "--overwrite", action="store_true", help="write over imports that were changed since"
    )
    parser.add_argument(
        "--from", dest="origin", default="", metavar="WORDS", help="where they are from"
    )
    parser.add_argument("--licence", default="", metavar="WORDS", help="their licence")
    parser.add_argument("--copyright", default="", metavar="WORDS", help="who holds the copyright")


def import_(options: Namespace) -> int:
    """Turn forms into services that nobody has reviewed; 0 only when every file was converted."""
    given = Given(options.origin, options.licence, options.copyright)
    names = Names()
    converted = [_converted(file, names, given) for file in _files(options.files)]
    refused = [_refused(one, options.to, overwrite=options.overwrite) for one in converted]
    if any(refused):
        print("Nothing was written.", file=sys.stderr)
    done = [(one, "" if any(refused) else _write(one, options.to)) for one in converted]
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


def _converted(file: Path, names: Names, given: Given) -> Imported:
    service = names.give(str(file), slug_of(file.name))
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        problem = f"The file cannot be read: {reason}."
        return Imported(str(file), service, problem=problem, read=False)
    text = data.decode("utf-8", "replace") if len(data) <= MAX_BYTES else "#" * (MAX_BYTES + 1)
    return convert(text, str(file), service, provenance_of(file, data, given).plain())


def _refused(found: Imported, folder: Path, *, overwrite: bool) -> bool:
    """Say why a file that is there already stays: somebody has worked on it since."""
    to = _place(found, folder)
    if not found.text or not to.exists() or to.read_bytes() == found.text.encode():
        return False
    if b"\nreviewed: false\n" not in to.read_bytes():
        found.problem = f"`{to}` is there already and is not an unreviewed import; move it first."
    elif overwrite:
        return False
    else:
        found.problem = (
            f"`{to}` is there already and is not what this import would write: it was changed by "
            "hand, or imported otherwise. Move it, or give --overwrite to lose what it says."
        )
    found.text = ""
    print(found.problem, file=sys.stderr)
    return True


def _write(found: Imported, folder: Path) -> str:
    """Write a service, and give where; the empty string where there is none to write."""
    if not found.text:
        return ""
    to = _place(found, folder)
    folder.mkdir(parents=True, exist_ok=True)
    to.write_text(found.text, "utf-8")
    return str(to)


def _place(found: Imported, folder: Path) -> Path:
    return folder / f"{found.service}.yaml"
