"""A process that answers forgets the drafts that nobody goes on with, though nobody asks."""

from types import SimpleNamespace

import pytest

from townhall.project import clock, forgetting
from townhall.submissions import remembered


@pytest.mark.parametrize(("parent", "begun"), [("", []), ("1", [forgetting._forget])])
def test_it_looks_in_a_process_of_ours_alone(monkeypatch, parent, begun):
    looking = []

    def start(target, **named):
        return SimpleNamespace(start=lambda: looking.append(target))

    monkeypatch.setattr(forgetting, "threading", SimpleNamespace(Thread=start))
    monkeypatch.setenv(forgetting.lifeline.NAME, parent)
    forgetting.begin()
    assert looking == begun


def test_it_looks_again_and_again(monkeypatch):
    slept, asked = [], []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) > 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(forgetting, "time", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(remembered.MEMORY, "forget_unused", lambda at: asked.append(at))
    before = clock.now()
    with pytest.raises(KeyboardInterrupt):
        forgetting._forget()
    assert slept == [forgetting.LOOK_EVERY] * 3
    assert len(asked) == 2
    assert before <= asked[0] <= asked[1] <= clock.now()
