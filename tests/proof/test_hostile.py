"""A hostile definition is refused within a second and 200 MB, and runs nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.proof import hostile
from tests.proof.hostile import HOSTILE

ROOT = Path(__file__).parents[2]
SECONDS = 1.0
MEGABYTES = 200
REFUSED = {
    "alias_bomb": "yaml-anchor",
    "endless_alias": "yaml-anchor",
    "huge_string": "too-large",
    "long_string": "bad-value",
    "deep_lists": "too-deep",
    "deep_mappings": "too-deep",
    "deep_conditions": "too-deep",
    "many_pages": "page-count",
    "object_tag": "yaml-tag",
    "another_tag": "yaml-tag",
    "catastrophic_pattern": "pattern-sample",
    "costly_pattern": "bad-pattern",
    "backward_pattern": "bad-pattern",
    "bad_bytes": "bad-character",
    "json_bomb": "too-deep",
    "long_chain": "too-large-to-prove",
    "many_jumps": "too-large-to-prove",
    "unicode_breaks": "missing-key",
    "very_many_keys": "unknown-key",
}
CHILD = """
import json, os, resource, sys, time
from tests.proof.base import GOOD, faults
from tests.proof.hostile import HOSTILE

def measure(make):
    text = make()
    begun = time.process_time()
    found = faults(text)
    spent = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    codes = sorted({fault.code for fault in found})
    longest = max((len(str(fault)) for fault in found), default=0)
    row = {"seconds": spent, "megabytes": peak, "codes": codes, "longest": longest}
    print(json.dumps({make.__name__: row}), flush=True)

faults(GOOD)
for make in HOSTILE:
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        measure(make)
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.fixture(scope="module")
def measured():
    """Every hostile definition checked in a process of its own, killed if it takes too much."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "owned" not in done.stdout + done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {name: row for each in rows for name, row in each.items()} | {"errors": done.stderr}


@pytest.mark.parametrize("name", [make.__name__ for make in HOSTILE])
def test_a_hostile_definition_is_refused_in_time(name, measured):
    assert name in measured, measured["errors"]
    found = measured[name]
    assert found["seconds"] < SECONDS
    assert found["megabytes"] < MEGABYTES
    assert found["longest"] < 4_000
    assert REFUSED.get(name, "missing-owner") in found["codes"]


def test_every_refusal_names_a_definition():
    assert set(REFUSED) <= {make.__name__ for make in HOSTILE}
    assert all(callable(getattr(hostile, name)) for name in REFUSED)
