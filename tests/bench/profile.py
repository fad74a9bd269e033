"""Where the time of one kind of request goes: `python -m tests.bench.profile page [--times 300]`.

The kinds are start, begin, page, save, check, submit and confirm. It makes whole journeys in a new
store and profiles the requests of that kind only.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import tempfile
import time
from collections.abc import Callable

from tests.bench import inside


def main() -> None:
    """Print the mean CPU without the profiler, then the functions by time."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.profile")
    parser.add_argument("kind", choices=inside.KINDS)
    parser.add_argument("--times", type=int, default=200, help="requests (default: %(default)s)")
    parser.add_argument("--sort", default="cumulative", help="or tottime (default: %(default)s)")
    parser.add_argument("--lines", type=int, default=60, help="default: %(default)s")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOWNHALL_DATA"] = folder
        inside.set_up()
        application = inside.application()
        plain = _spent(application, options.kind, options.times)
        profiler = cProfile.Profile()
        _repeat(application, options.kind, options.times, profiler.runcall)
        print(f"{options.kind}: {plain:.3f} ms of CPU a request, without the profiler")
        pstats.Stats(profiler).strip_dirs().sort_stats(options.sort).print_stats(options.lines)


def _spent(application: Callable[..., object], kind: str, times: int) -> float:
    spent = 0.0

    def timed(make: Callable[[], str]) -> str:
        nonlocal spent
        began = time.process_time()
        led = make()
        spent += time.process_time() - began
        return led

    _repeat(application, kind, 30, lambda make: make())
    made = _repeat(application, kind, times, timed)
    return spent * 1000 / made


def _repeat(
    application: Callable[..., object],
    kind: str,
    times: int,
    way: Callable[[Callable[[], str]], str],
) -> int:
    made = 0

    def around(found: str, make: Callable[[], str]) -> str:
        nonlocal made
        if found != kind:
            return make()
        made += 1
        return way(make)

    while made < times:
        inside.journey(application, around)
    return made


if __name__ == "__main__":
    main()
