"""Sums the evidence up for a person: what was looked at, what stands, what a person must tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.support.accessibility.evidence import EVIDENCE, KNOWN, Outcome, known, name_of, records

Record = Mapping[str, Any]
STANDING = """# What was seen

Written by the accessibility tests. It says what machines found on these pages and no more: it
does not show that people can use them, and never sets the status of an accessibility statement.
"""


def write_summary(folder: Path = EVIDENCE, also: Iterable[str] = ()) -> Path:
    """Write summary.md beside the evidence and give its file; ``also`` are further lines."""
    found = records(folder)
    parts = [
        STANDING,
        *also,
        *_states(found),
        *_tools(found),
        *_known(found),
        *_for_a_person(found),
    ]
    file = folder / "summary.md"
    file.write_text("\n".join(parts) + "\n")
    return file


def _states(found: list[Record]) -> Iterator[str]:
    yield "\n## States\n"
    yield "| service | states | looked at | alike | faults |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for service in sorted({record["service"] for record in found}):
        own = [record for record in found if record["service"] == service]
        alike = sum(bool(record["looked_at_as"]) for record in own)
        faults = sum(1 for _ in _findings(own, Outcome.FAILED))
        yield f"| {service} | {len(own)} | {len(own) - alike} | {alike} | {faults} |"
    for record, result, finding in _findings(found, Outcome.FAILED):
        yield f"\n- **{record['page']}** ({record['state']}): {result['check']}: {finding['rule']}:"
        yield f"  {finding['why']} At `{finding['selector']}`."


def _tools(found: list[Record]) -> Iterator[str]:
    yield "\n## Checks\n"
    yield "| check | tool | version | states | rules that passed | faults | known | for a person |"
    yield "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |"
    ran = [result for record in found for result in record["results"]]
    for check in dict.fromkeys(result["check"] for result in ran):
        own = [result for result in ran if result["check"] == check]
        rules = {rule for result in own for rule in result["passed_rules"]}
        outcomes = Counter(one["outcome"] for result in own for one in result["findings"])
        counts = " | ".join(
            str(outcomes[one]) for one in (Outcome.FAILED, Outcome.KNOWN, Outcome.PERSON)
        )
        tool = f"{own[0]['tool']} | {own[0]['version']}"
        yield f"| {check} | {tool} | {len(own)} | {len(rules) or '-'} | {counts} |"


def _known(found: list[Record]) -> Iterator[str]:
    yield "\n## Known, and why it stands\n"
    seen = Counter(finding["known"] for _, _, finding in _findings(found, Outcome.KNOWN))
    for tool in KNOWN:
        for entry in known(tool):
            times = seen[name_of(entry)]
            yield f"- {tool}: `{entry['rule']}` at `{entry['selector']}`, seen {times} times."
            yield f"  {entry['effect']} Look again by {entry['review']}: <{entry['upstream']}>"


def _for_a_person(found: list[Record]) -> Iterator[str]:
    yield "\n## For a person to look at\n"
    yield "A tool could not tell. One example of each:\n"
    shown = set()
    for record, result, finding in _findings(found, Outcome.PERSON):
        if finding["rule"] not in shown:
            shown.add(finding["rule"])
            where = f"{record['page']} ({record['state']}), `{finding['selector']}`"
            yield f"- {result['check']}: {finding['rule']}: {finding['why']}: {where}"


def _findings(found: Iterable[Record], outcome: Outcome) -> Iterator[tuple[Record, Record, Record]]:
    for record in found:
        for result in record["results"]:
            for finding in result["findings"]:
                if finding["outcome"] == outcome:
                    yield record, result, finding


if __name__ == "__main__":
    print(write_summary())
