"""Where the time of one kind of request goes: `python -m tests.bench.profile page [--times 300]`.

The kinds are start, begin, page, save, check, submit and confirm, and journey, which is all of
them. It makes whole journeys in a new store and profiles the requests of that kind only.
`--by package` adds up the functions of each package; `--json` prints those sums for a program.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import townhall
from tests.bench import inside

WHOLE = "journey"
C_CODE, STDLIB, OURS, OTHER = "C code", "standard library", "townhall.", "other"
INSTALLED = "site-packages"
HOUSE = PurePath(townhall.__path__[0])
LIBRARY = PurePath(os.__file__).parent
Application = Callable[..., Any]
Make = Callable[[], Any]
Way = Callable[[Make], Any]


def main() -> None:
    """Print the mean CPU without the profiler, the calls, then functions or packages by time."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOWNHALL_DATA"] = folder
        inside.set_up()
        application = inside.application()
        plain = _spent(application, options.kind, options.times)
        profiler = cProfile.Profile()
        made = _repeat(application, options.kind, options.times, profiler.runcall)
    _print(pstats.Stats(profiler), plain, made, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.profile")
    parser.add_argument("kind", choices=(*inside.KINDS, WHOLE))
    parser.add_argument("--times", type=int, default=200, help="requests (default: %(default)s)")
    parser.add_argument("--by", choices=("function", "package"), default="function")
    parser.add_argument("--json", action="store_true", help="the packages' shares, as JSON")
    parser.add_argument("--sort", default="cumulative", help="or tottime (default: %(default)s)")
    parser.add_argument("--lines", type=int, default=60, help="default: %(default)s")
    return parser.parse_args()


def _print(found: pstats.Stats, plain: float, made: int, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(shares(found)))
        return
    calls = vars(found)["total_calls"] / made
    print(f"{options.kind}: {plain:.3f} ms of CPU a request, without the profiler")
    print(f"{calls:.0f} calls of functions a request, of Python's and of C's")
    if options.by == "function":
        found.strip_dirs().sort_stats(options.sort).print_stats(options.lines)
        return
    for name, share in shares(found).items():
        print(f"{100 * share:6.2f} %  {name}")


def shares(found: pstats.Stats) -> dict[str, float]:
    """Each package's part of all the time, from 0 to 1, the largest first.

    It is the time of a package's own functions, not of what they call. The profiler adds a little
    to each call of a Python function, so many small functions seem to take more than they do.
    """
    spent: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, _) in vars(found)["stats"].items():
        spent[package(file)] += own
    whole = spent.total()
    return {name: own / whole for name, own in spent.most_common()}


def package(file: str) -> str:
    """Whose a function is, by its file: `townhall.engine`, `django`, `C code`.

    Other are what dataclasses made, and the bench.
    """
    path = PurePath(file)
    if file == "~":
        return C_CODE
    if path.is_relative_to(HOUSE):
        return OURS + path.relative_to(HOUSE).parts[0].removesuffix(".py")
    if INSTALLED in path.parts:
        return path.parts[path.parts.index(INSTALLED) + 1].removesuffix(".py")
    if path.is_relative_to(LIBRARY) or file.startswith("<frozen "):
        return STDLIB
    return OTHER


def _spent(application: Application, kind: str, times: int) -> float:
    spent = 0.0

    def timed(make: Make) -> Any:
        nonlocal spent
        began = time.process_time()
        answer = make()
        spent += time.process_time() - began
        return answer

    _repeat(application, kind, 30, lambda make: make())
    made = _repeat(application, kind, times, timed)
    return spent * 1000 / made


def _repeat(application: Application, kind: str, times: int, way: Way) -> int:
    """Make journeys until so many requests of a kind were answered by `way`, and give how many.

    What the bench itself does with an answer is not in it.
    """
    made, now = 0, ""

    def watched(environ: dict[str, Any], body: bytes) -> Any:
        nonlocal made
        if kind not in (now, WHOLE):
            return application(environ, body)
        made += 1
        return way(lambda: application(environ, body))

    def around(found: str, make: Callable[[], str]) -> str:
        nonlocal now
        now = found
        return make()

    while made < times:
        inside.journey(watched, around)
    return made


if __name__ == "__main__":
    main()
