"""The process that walks: it is started with a rehearsal's surroundings and knows nothing live."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.core.exceptions import ImproperlyConfigured

from townhall.engine.faults import InvalidDefinition
from townhall.project import lifeline
from townhall.project.cli import unread

if TYPE_CHECKING:
    from townhall.project.rehearsal.tour import Leg, Stop


def main(asked: dict[str, Any]) -> int:
    """Walk what was asked for, and tell of it; 1 unless everything went as it says."""
    lifeline.follow_parent()
    os.umask(0o077)
    os.environ["DJANGO_SETTINGS_MODULE"] = "townhall.project.settings"
    try:
        django.setup()
        stops = _stops(asked["names"], datetime.fromisoformat(asked["at"]))
        return _told_as_json(stops) if asked["json"] else _told(stops)
    except ImproperlyConfigured as reason:
        print(f"townhall: {reason}", file=sys.stderr)
    except InvalidDefinition as refused:
        print("\n".join(str(fault) for fault in refused.faults), file=sys.stderr)
    return 1


def _stops(names: list[str], at: datetime) -> Iterator[Stop]:
    """Find the services, once Django is ready for what they are walked with."""
    tour = import_module("townhall.project.rehearsal.tour")
    stops: Iterator[Stop] = tour.tour(tour.files(names), Path(os.environ["TOWNHALL_DATA"]), at=at)
    return stops


def _told(stops: Iterator[Stop]) -> int:
    print("Walking in a rehearsal: nothing is sent.", flush=True)
    right = wrong = refused = 0
    for stop in stops:
        print(f"\n{stop.service or stop.file.stem} ({stop.file})", flush=True)
        if stop.refused:
            refused += 1
            print("  wrong  it cannot be rehearsed", flush=True)
            print(stop.refused, file=sys.stderr, flush=True)
        for leg in stop.legs:
            wrong, right = wrong + bool(leg.faults), right + (not leg.faults)
            print(f"  {'wrong' if leg.faults else 'ok   '}  {leg.example}: {_how(leg)}", flush=True)
            for fault in leg.faults:
                print(fault, file=sys.stderr, flush=True)
    print(_summary(right, wrong, refused))
    return int(wrong + refused > 0)


def _how(leg: Leg) -> str:
    """Say in a few words how a walk went."""
    walked = leg.walked
    words = [_count(walked.shown, "page")]
    if walked.fee is not None:
        words.append(f"£{walked.fee:,.2f}")
    if walked.exit:
        words.append(f"ends at {walked.exit}")
    if walked.problems:
        words.append(f"stopped by “{'”, “'.join(walked.problems)}”")
    if walked.reference:
        words.append(f"{walked.reference}, {_count(leg.messages, 'message')} to the stand-in")
    return ", ".join(words)


def _summary(right: int, wrong: int, refused: int) -> str:
    went = f"\n{right} of {_count(right + wrong, 'example')} went as said."
    return f"{went} {_count(refused, 'service')} could not be rehearsed." if refused else went


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _told_as_json(stops: Iterator[Stop]) -> int:
    told = [_as_json(stop) for stop in stops]
    fine = all(not one["refused"] and all(leg["ok"] for leg in one["examples"]) for one in told)
    print(json.dumps({"ok": fine, "services": told}, indent=2, ensure_ascii=False))
    return int(not fine)


def _as_json(stop: Stop) -> dict[str, Any]:
    legs = [_leg_as_json(leg) for leg in stop.legs]
    return {
        "file": str(stop.file),
        "service": stop.service,
        "refused": stop.refused,
        "examples": legs,
    }


def _leg_as_json(leg: Leg) -> dict[str, Any]:
    walked = leg.walked
    return {
        "example": leg.example,
        "ok": not leg.faults,
        "visits": list(walked.visited),
        "exit": walked.exit,
        "fee": None if walked.fee is None else f"{walked.fee:.2f}",
        "problems": list(walked.problems),
        "reference": walked.reference,
        "messages": leg.messages,
        "faults": [
            {
                "file": one.where.file,
                "line": one.where.line,
                "code": one.code,
                "message": one.message,
            }
            for one in leg.faults
        ],
    }


def run(asked: str) -> int:
    """Walk as JSON asks, for a reader who may leave before the end."""
    try:
        code = main(json.loads(asked))
        sys.stdout.flush()
    except BrokenPipeError:
        return unread()
    return code


if __name__ == "__main__":
    sys.exit(run(sys.argv[1]))
