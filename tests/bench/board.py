"""The figures of one run: each beside its goal, printed as it comes, kept in build/bench.json."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "build" / "bench.json"
Value = float | str | None | Sequence[float]


@dataclass(frozen=True)
class Goal:
    """What a figure is to be: at most, or at least, so much."""

    sign: str
    bound: float

    def holds(self, value: float) -> bool:
        """Whether a value is good enough; the bound itself is."""
        return value <= self.bound if self.sign == "≤" else value >= self.bound

    def __str__(self) -> str:
        """Say it: `≤ 1`."""
        return f"{self.sign} {self.bound:g}"


def at_most(bound: float) -> Goal:
    """Make a goal that lower figures meet."""
    return Goal("≤", bound)


def at_least(bound: float) -> Goal:
    """Make a goal that higher figures meet."""
    return Goal("≥", bound)


class Board:
    """Takes figures under a name and what they are; a figure that was not measured has no value."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, object]] = {}

    def head(self, words: str) -> None:
        """Begin a group."""
        print(f"\n{words}", flush=True)

    def add(
        self, name: str, words: str, value: Value, unit: str = "", goal: Goal | None = None
    ) -> None:
        """Keep a figure and print it, to four places; of several rounds' values, the median."""
        kept, spread = _settled(value)
        holds = goal.holds(kept) if goal and isinstance(kept, float | int) else None
        self.kept[name] = {
            "what": words,
            "value": kept,
            "unit": unit,
            "goal": str(goal) if goal else None,
            "holds": holds,
            "rounds": spread,
        }
        said = "not measured" if kept is None else f"{_plain(kept)} {unit}".strip()
        beside = f"{goal!s:<8}{VERDICTS[holds]:<15}" if goal else " " * 23
        rounds = f"({_plain(min(spread))} to {_plain(max(spread))})" if len(spread) > 1 else ""
        print(f"  {words:<52}{said:>18}   {beside}{rounds}".rstrip(), flush=True)

    def write(self) -> None:
        """Keep them all, name by name, for a machine to read; say what did not hold."""
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(json.dumps(self.kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
        judged = [one["holds"] for one in self.kept.values() if one["goal"]]
        print(
            f"\nOf {len(judged)} goals {judged.count(True)} hold, {judged.count(False)} do not, "
            f"and {judged.count(None)} were not measured. Kept in {FILE.relative_to(ROOT)}.",
            flush=True,
        )


VERDICTS = {True: "holds", False: "DOES NOT HOLD", None: "not measured"}


def _settled(value: Value) -> tuple[float | str | None, list[float]]:
    if value is None or isinstance(value, str):
        return value, []
    rounds = [value] if isinstance(value, float | int) else list(value)
    spread = [float(f"{one:.4g}") for one in rounds]
    return float(f"{statistics.median(rounds):.4g}"), spread


def _plain(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
