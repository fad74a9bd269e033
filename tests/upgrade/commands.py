"""Runs sub-commands one after another in one process, as `restore` and what follows it are run.

`python -m tests.upgrade.commands JSON`: a list of lists of words. Stops at the first that fails.
"""

from __future__ import annotations

import json
import sys

from townhall.project import cli


def main(commands: list[list[str]]) -> int:
    """Run each; the first exit code that is not 0, or 0."""
    return next(filter(None, (cli.main(command) for command in commands)), 0)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
