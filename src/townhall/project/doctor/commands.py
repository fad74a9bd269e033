"""`townhall doctor`: looks at everything, says how it is, and what to do where it is not well."""

import argparse
import json
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from django.db import Error

from townhall.project.doctor import (
    machine_looks,
    mail_looks,
    records_looks,
    settings_looks,
)
from townhall.project.doctor.findings import Asked, Finding, Level, Look, bad, several, warn
from townhall.project.reach import cause

OF_THE_MACHINE: tuple[tuple[str, Look], ...] = (
    ("settings", settings_looks.look_at_settings),
    ("keys", settings_looks.look_at_the_key),
    ("disk", machine_looks.look_at_the_disk),
    ("clock", machine_looks.look_at_the_clock),
    ("mail", mail_looks.look_at_the_doors),
)
DATABASE: tuple[str, Look] = ("database", records_looks.look_at_the_database)
OF_THE_RECORDS: tuple[tuple[str, Look], ...] = (
    ("tables", records_looks.look_at_the_tables),
    ("keys", records_looks.look_at_stored_keys),
    ("clock", records_looks.look_at_the_clock_of_the_records),
    ("worker", records_looks.look_at_the_workers),
    ("deliveries", records_looks.look_at_deliveries),
    ("retention", records_looks.look_at_retention),
    ("reviews", records_looks.look_at_reviews),
)
NARROW, WIDE = 60, 100


def doctor_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `townhall doctor`."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--clock",
        default="",
        metavar="URL",
        help="a web page to compare this machine's clock with",
    )


def doctor(options: argparse.Namespace) -> int:
    """Look at everything and change nothing. Exit code 1 where anything is bad."""
    found = []
    for finding in examined(Asked(options.at, options.data, options.clock)):
        found.append(finding)
        print(_as_json(finding) if options.json else _in_words(finding), flush=True)
    if not options.json:
        print(_in_short(found))
    return int(any(one.level is Level.BAD for one in found))


def examined(asked: Asked) -> Iterator[Finding]:
    """Look at one thing after another; one that fails is said to, and the next is looked at."""
    for name, look in OF_THE_MACHINE:
        yield from _guarded(name, look, asked)
    first, *rest = _guarded(*DATABASE, asked)
    yield from (first, *rest)
    if first.level is Level.BAD:
        left = ", ".join(dict.fromkeys(name for name, _ in OF_THE_RECORDS))
        words = f"Not looked at, because the database does not answer: {left}."
        yield warn("records", words, "Run this again when it does.")
        return
    for name, look in OF_THE_RECORDS:
        yield from _guarded(name, look, asked)


def _guarded(name: str, look: Look, asked: Asked) -> list[Finding]:
    """A fault's own words may hold an address or an answer: its class is all that is said."""
    try:
        return list(look(asked))
    except Error as fault:
        said = f"The database does not answer ({cause(fault)})."
        remedy = "See that it runs and that DATABASE_URL, or --data, is the server's own."
        if name != DATABASE[0]:
            said = f"This could not be read from the database ({type(fault).__name__})."
            remedy = "See what is said of the tables above; if they are well, of the disk."
        return [bad(name, said, remedy)]
    except Exception as fault:
        said = f"This could not be looked at ({type(fault).__name__})."
        return [bad(name, said, "That is a fault of the doctor's: tell whoever looks after it.")]


def _as_json(finding: Finding) -> str:
    line = asdict(finding)
    return json.dumps(line | {"level": finding.level.value}, ensure_ascii=False)


def _in_words(finding: Finding) -> str:
    head = f"{finding.level.value:<5} {finding.check:<13}"
    lines = [_wrapped(finding.said, head)]
    if finding.remedy:
        lines.append(_wrapped(f"→ {finding.remedy}", " " * len(head), hanging=2))
    return "\n".join(lines)


def _wrapped(words: str, head: str, hanging: int = 0) -> str:
    width = max(NARROW, min(WIDE, shutil.get_terminal_size((WIDE, 24)).columns))
    after = " " * (len(head) + hanging)
    return textwrap.fill(
        words, width, initial_indent=head, subsequent_indent=after, break_on_hyphens=False
    )


def _in_short(found: Iterable[Finding]) -> str:
    levels = [one.level for one in found]
    wrong = levels.count(Level.BAD)
    if wrong:
        return f"\n{several(wrong, 'thing')} bad: see to the first one first."
    look = levels.count(Level.WARN)
    return f"\nNothing is bad; {several(look, 'thing')} to look at." if look else "\nAll is well."
