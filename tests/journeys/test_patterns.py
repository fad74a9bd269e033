"""What `townhall new` writes goes live in a demonstration and is walked by its own examples."""

from __future__ import annotations

import shutil
from datetime import UTC, date

import pytest
from tests.journeys.test_services import LIBRARY, Walk, holds
from tests.proof.test_commands import run
from tests.proof.test_new import PATTERNS
from tests.support.house import SERVICES

from townhall.definitions import queries
from townhall.definitions.files import publish_file
from townhall.engine.load import load_text
from townhall.proof.new import new_service


@pytest.fixture
def new(tmp_path, clock):
    """Make a service of a pattern in a folder of its own, check it and put it live."""
    for name in ("council.yaml", "fees.yaml"):
        shutil.copy(SERVICES / name, tmp_path)

    def go(pattern: str):
        slug = f"a-{pattern}"
        assert run("new", pattern, slug, "--to", tmp_path) == 0
        file = tmp_path / f"{slug}.yaml"
        assert run("check", file) == 0
        done = publish_file(file, by="ann", at=clock.now)
        assert done.changed, done.refused
        return queries.live(slug, at=clock.now).form

    return go


def each_example():
    for pattern in PATTERNS:
        text = new_service(pattern, "a-thing", LIBRARY, today=date(2026, 12, 1)).text
        for example in load_text(text, "a-thing.yaml", LIBRARY).definition.examples:
            yield pytest.param(pattern, example, id=f"{pattern}: {example.name}")


@pytest.mark.parametrize(("pattern", "example"), list(each_example()))
def test_a_new_service_is_walked_by_its_examples(pattern, example, new, clock):
    clock.now = example.at.replace(tzinfo=UTC) if example.at else clock.now
    walk = Walk(new(pattern), example, clock)
    end = walk.to_its_end()
    if not example.fails:
        holds(walk, example, end)
        return
    at = {href.lstrip("#") for _, href in walk.visitor.errors}
    assert {name for name in example.fails if any(one.startswith(name) for one in at)}
    assert len(at) == len(example.fails)
