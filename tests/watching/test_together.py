"""Processes of one server count together, and one that stops says so first."""

import os
import signal
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.support.own_database import empty_database
from tests.support.ports import free_port
from tests.support.serving import eventually, serving

from townhall.project import serve, together

PAGES = 30


def total(address):
    """How many start pages the server says that it has answered."""
    text = httpx.get(f"{address}/metrics").text
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "townhall_requests_total" and sample.labels["page"] == "start"
    )


def ask(address, times):
    """Ask over so many connections, so that either process answers some."""
    for _ in range(times):
        assert httpx.get(f"{address}/missed-bin").status_code == 200


def ready(address):
    answer = httpx.get(f"{address}/health/ready")
    return answer.status_code, answer.json()


def slots(served):
    """The folder in which the server's processes count, and how many count there."""
    environment = served.child("townhall.project.web").environ()
    folder = environment[together.COUNTS]
    return folder, len(list(Path(folder).glob("slot-*.lock")))


def counts_add_up(one, other):
    """Whichever process answers, and when one of them was killed and started again."""
    ask(one.address, PAGES)
    assert total(one.address) == PAGES
    folder, counting = slots(one)
    web = one.child("townhall.project.web")
    web.children()[0].kill()
    eventually(lambda: len(one.child("townhall.project.web").children()) == 2)
    eventually(one.answers)
    ask(one.address, PAGES)
    assert total(one.address) == 2 * PAGES
    assert slots(one) == (folder, counting)
    assert total(other.address) == 0


def one_that_stops_says_so(one, other):
    """It goes on answering meanwhile, and nobody else is any less ready."""
    one.child("worker").send_signal(signal.SIGSTOP)
    assert ready(one.address) == ready(other.address) == (200, [])
    one.child("worker").send_signal(signal.SIGCONT)
    one.process.send_signal(signal.SIGTERM)
    eventually(lambda: ready(one.address) == (503, ["stopping"]))
    ask(one.address, 1)
    assert httpx.get(f"{one.address}/health/live").status_code == 200
    assert ready(other.address) == (200, [])


@pytest.mark.kill
def test_processes_count_together_and_stop_apart(tmp_path):
    """Two servers for several behaviours, because starting one takes seconds."""
    with empty_database() as url:
        own = {"DATABASE_URL": url, "TOWNHALL_DRAIN_SECONDS": "60"}
        data = tmp_path / "data"
        with (
            serving(data, TOWNHALL_WEB_PROCESSES="2", **own) as one,
            serving(data, "--no-worker", "--no-publish", **own) as other,
        ):
            counts_add_up(one, other)
            one_that_stops_says_so(one, other)
            for served in (one, other):
                served.process.kill()
                served.process.wait()
        said = one.said.read_text()
        assert '"event": "request"' in said
        assert "/missed-bin" not in said.partition("serving at")[2]


def test_a_folder_that_was_left_is_cleared_and_one_that_is_held_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(together.tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv(together.COUNTS, raising=False)
    left = tmp_path / f"{together.PREFIX}left"
    left.mkdir()
    (left / together.HELD).touch()
    os.utime(left / together.HELD, (0, 0))
    with together.counting_together():
        [mine] = tmp_path.iterdir()
        assert os.environ[together.COUNTS] == str(mine)
        os.utime(mine / together.HELD, (0, 0))
        os.environ.pop(together.COUNTS)
        with together.counting_together():
            assert len(list(tmp_path.iterdir())) == 2
        os.environ[together.COUNTS] = str(mine)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_named_is_made_and_stays(tmp_path, monkeypatch):
    monkeypatch.setenv(together.COUNTS, str(tmp_path / "counts"))
    with together.counting_together():
        sign = together.sign_of_stopping()
        assert sign.parent == tmp_path / "counts"
        assert not sign.exists()
    assert (tmp_path / "counts").is_dir()


@pytest.mark.parametrize("given", ["-1", "1.5", "soon", "301"])
def test_a_time_to_drain_that_is_none_is_refused_before_the_start(given, monkeypatch):
    monkeypatch.setenv(together.DRAIN, given)
    [reason] = serve.refusals("127.0.0.1", free_port())
    assert reason.startswith("TOWNHALL_DRAIN_SECONDS is a whole number of seconds")
