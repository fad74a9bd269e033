"""Fixtures: a clock that a test moves, the demonstration council, services put live."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.visitor import Visitor
from townhall.definitions.actions import Candidate, publish
from townhall.engine.library import Library
from townhall.engine.load import load_service
from townhall.runner import fittings
from townhall.runner.screens import Asking, page_view, question_html
from townhall.runner.views import base, questions
from townhall.ui.drawn import Filled, Once
from townhall.ui.page import PageView, render, render_live

SERVICES = Path(__file__).parents[2] / "services"


class Clock:
    """The time as the pages see it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 12, 7, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.shipped().with_folder(SERVICES)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def render_twice(view: PageView) -> str:
    """Draw a page as it is drawn, and show that its template alone would have drawn the same."""
    return _same(render(view), view)


def question_twice(asking: Asking) -> bytes:
    """Draw a question page as it is drawn, and show that its template would have drawn the same."""
    return _same(question_html(asking).decode(), page_view(asking)).encode()


def _same(drawn: str, view: PageView) -> str:
    ours, theirs = _spaced(drawn), _spaced(render_live(view))
    assert ours == theirs, next(
        f"{ours[at - 60 : at + 60]!r} is not {theirs[at - 60 : at + 60]!r}"
        for at in range(len(theirs) + 1)
        if ours[at : at + 1] != theirs[at : at + 1]
    )
    return drawn


def once_twice(kept: Once, key: object, make: Callable[[], object]) -> object:
    """Give what is kept, and show that it would be made the same for whoever asks now.

    A plan of a page is equal to itself alone, so what is said of it is compared.
    """
    found, made = kept_once(kept, key, make), make()
    assert found == made or repr(found) == repr(made), f"{made!r} is kept as {found!r}"
    return found


def filled_twice(
    kept: Filled, key: object, values: Sequence[str], live: Callable[[Sequence[str]], str]
) -> str:
    """Fill a fragment, and show that it would have been drawn the same."""
    drawn, made = fill(kept, key, values, live), live(values)
    assert _spaced(drawn) == _spaced(made), f"{made!r} is kept as {drawn!r}"
    return drawn


kept_once, fill = Once.get, Filled.draw


def _spaced(html: str) -> str:
    """The macros indent what is put into them; a slot does not."""
    return re.sub(r"\s+", " ", html)


@pytest.fixture(autouse=True)
def house(clock, library, db, monkeypatch):
    """Install the runner's fittings over this test's clock; every page is drawn both ways."""
    monkeypatch.setattr(base, "render", render_twice)
    monkeypatch.setattr(Once, "get", once_twice)
    monkeypatch.setattr(Filled, "draw", filled_twice)
    monkeypatch.setattr(questions, "question_html", question_twice)
    before = list(fittings._installed)
    fittings.install(fittings.Fittings(clock, lambda: library.council, lambda: library.fees))
    yield
    fittings._installed[:] = before


@pytest.fixture
def put_service(clock, library):
    """Publish one of the repository's own services, or any file."""

    def put(name: str) -> str:
        loaded = load_service(SERVICES / f"{name}.yaml", library)
        assert loaded.definition is not None, [str(fault) for fault in loaded.faults]
        publish(
            Candidate(loaded.definition, text="In words."),
            by="ann",
            at=clock.now,
            demonstration=True,
        )
        return name

    return put


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def put(clock):
    """Publish a definition that a test makes."""

    def go(definition) -> str:
        publish(Candidate(definition, text="In words."), by="ann", at=clock.now, demonstration=True)
        return definition.service

    return go
