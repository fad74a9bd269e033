"""Does one of `tests.support.acts` in this process: `python -m tests.support.act ACT …`."""

import json
import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    acts = import_module("tests.support.acts").ACTS
    print(json.dumps(acts[sys.argv[1]](*sys.argv[2:])))
