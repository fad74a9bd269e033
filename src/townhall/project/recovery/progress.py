"""Says how far long work is, and nothing of short work."""

import sys
import time

from townhall.project.recovery.files import in_words

QUIET = 2.0
"""Seconds between two lines."""


class Progress:
    """Prints a line to standard error now and then: what is done, and how much of how much."""

    def __init__(self, command: str) -> None:
        """Begin to count the quiet."""
        self.command = command
        self.said = time.monotonic()

    def __call__(self, words: str, done: int, total: int) -> None:
        """Say it, where nothing was said for a while. ``done`` and ``total`` are in bytes."""
        now = time.monotonic()
        if now - self.said < QUIET:
            return
        self.said = now
        far = f"{in_words(done)} of {in_words(total)}" if done else in_words(total)
        sys.stderr.write(f"{self.command}: {words}: {far}\n")
