"""R7: a power cut takes whatever was not flushed; of what anybody was told, nothing (SQLite)."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.reliability.losses import Senders
from tests.reliability.test_disk import CLEAR, press, save_note, web
from tests.reliability.town import Ready, Town, town
from tests.support.serving import eventually

pytestmark = [pytest.mark.kill, pytest.mark.timeout(180)]
SOURCE = Path(__file__).with_name("cut_power.c")
SENT = (303, "/tiny/confirmation")


class Power:
    """A town on whose disk only what was flushed outlives its web process."""

    def __init__(self, made: Town, folder: Path) -> None:
        self.made = made
        self.left = folder / "left"
        self.left.mkdir()
        self.preload = folder / "cut_power.so"
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-o", self.preload, SOURCE, "-ldl", "-lpthread"], check=True
        )

    @contextmanager
    def web(self) -> Iterator[int]:
        """One web process, at whose end the power is cut. Gives its port."""
        for file in self._files():
            shutil.copy(file, self.left)
        preloaded = {"LD_PRELOAD": str(self.preload), "CUT_LEAVES": str(self.left)}
        with web(self.made, **preloaded) as port:
            yield port
        for file in self._files():
            file.unlink()
        for file in self.left.glob("*.sqlite3*"):
            if file.suffix != ".held":
                shutil.copy(file, self.made.env["TOWNHALL_DATA"])

    @contextmanager
    def disk(self, trouble: str) -> Iterator[None]:
        """Have the disk do that: ``hangs`` or ``refuses``."""
        (self.left / trouble).touch()
        yield
        (self.left / trouble).unlink()

    def in_the_file_alone(self, ready: Ready) -> bool:
        """Whether a submission stands in the flushed database, without its log."""
        alone = f"file:{self.left / 'townhall.sqlite3'}?immutable=1"
        with closing(sqlite3.connect(alone, uri=True)) as records:
            found = records.execute("SELECT draft FROM submissions_submission").fetchall()
        return (ready.draft.replace("-", ""),) in found

    def received(self) -> set[str]:
        return {row[0] for row in self.made.ledger()["submissions"]}

    def _files(self) -> list[Path]:
        return list(Path(self.made.env["TOWNHALL_DATA"]).glob("*.sqlite3*"))


@pytest.fixture
def power(tmp_path: Path) -> Iterator[Power]:
    with town(tmp_path) as made:
        yield Power(made, tmp_path)


def confirmation(port: int, ready: Ready) -> int:
    """Open it in another tab. Gives the status."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        cookie = f"townhall_draft_tiny={ready.token}"
        connection.request("GET", "/tiny/confirmation", headers={"Cookie": cookie})
        return connection.getresponse().status


def test_a_power_cut_takes_nothing_that_anybody_was_told(power: Power):
    drafts = power.made.prefill(150)
    with power.web() as port:
        clients = Senders([port])
        clients.press_all(drafts, threads=4)
        eventually(lambda: len(clients.acked) >= 100, 120)
    clients.stopped.set()
    assert {ready.draft for ready in clients.acked} <= power.received()


def test_while_the_disk_is_waited_for_others_write_and_nobody_is_told(power: Power):
    sent, other = power.made.prefill(2)
    with power.web() as port, ThreadPoolExecutor(3) as people:
        # SQLite waits itself for the first words of a new log.
        assert save_note(port, other, "typed-first")[0] == 303
        with power.disk("hangs"):
            waiting = [people.submit(press, port, sent)]
            eventually(lambda: power.made.ledger()["submissions"], 30)
            waiting += [people.submit(press, port, sent), people.submit(confirmation, port, sent)]
            for number in range(20):
                assert save_note(port, other, f"typed-{number}")[0] == 303
            assert not any(one.done() for one in waiting)
        assert [one.result() for one in waiting] == [SENT, SENT, 200]
        assert save_note(port, other, "typed-last")[0] == 303
        assert "typed-last" in power.made.ask("answers", other.draft)
    # A page waits for no disk, so this cut does take something.
    assert "typed-last" not in power.made.ask("answers", other.draft)
    assert power.received() == {sent.draft}


def test_what_the_disk_refused_counts_only_once_the_log_was_copied(power: Power):
    sent, other = power.made.prefill(2)
    with power.web() as port:
        assert save_note(port, other, "typed-first")[0] == 303
        with power.disk("refuses"):
            for ready in (sent, sent, other):
                assert press(port, ready)[0] == 503
                assert confirmation(port, ready) == 503
            status, page = save_note(port, sent, "late")
            assert (status, CLEAR in page) == (303, False)
        assert not power.in_the_file_alone(sent)
        assert press(port, sent) == SENT
        assert power.in_the_file_alone(sent)
        assert power.in_the_file_alone(other)
        assert (confirmation(port, sent), confirmation(port, other)) == (200, 200)
        assert press(port, other) == SENT
    assert power.received() == {sent.draft, other.draft}
