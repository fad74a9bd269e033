"""R7: a power cut takes whatever was not flushed; of what anybody was told, nothing (SQLite)."""

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.reliability.losses import Senders
from tests.reliability.test_disk import CLEAR, press, save_note, web
from tests.reliability.town import PROGRAMS, Part, Ready, Town, town
from tests.support.serving import eventually
from townhall.project.databases import EMBEDDED

pytestmark = [pytest.mark.kill, pytest.mark.timeout(180)]
SOURCE = Path(__file__).with_name("cut_power.c")
SENT = (303, "/tiny/confirmation")


class Power:
    """A town on whose disk only what was flushed outlives its processes."""

    def __init__(self, made: Town, folder: Path) -> None:
        self.made = made
        self.left = folder / "left"
        self.left.mkdir()
        self.preload = folder / "cut_power.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.preload, SOURCE, "-ldl"], check=True)

        self.env = {"LD_PRELOAD": str(self.preload), "CUT_LEAVES": str(self.left)}

    @contextmanager
    def on(self) -> Iterator[None]:
        """A time at whose end the power is cut; whoever works in it has stopped before."""
        for file in self._files():
            shutil.copy(file, self.left)
        yield
        for file in self._files():
            file.unlink()
        for name in (EMBEDDED, f"{EMBEDDED}-wal"):
            shutil.copy(self.left / name, self.made.env["TOWNHALL_DATA"])

    @contextmanager
    def web(self) -> Iterator[int]:
        """One web process, which is killed at the end. Gives its port."""
        with web(self.made, **self.env) as port:
            yield port

    @contextmanager
    def worker(self) -> Iterator[None]:
        """One worker, which is killed at the end."""
        part = Part("work", ["-m", PROGRAMS, "work"], {**self.made.env, **self.env})
        part.start()
        try:
            yield
        finally:
            part.kill()

    @contextmanager
    def disk(self, trouble: str) -> Iterator[None]:
        """Have the disk do that: ``hangs`` or ``refuses``."""
        (self.left / trouble).touch()
        yield
        (self.left / trouble).unlink()

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
    with power.on(), power.web() as port:
        clients = Senders([port])
        clients.press_all(drafts, threads=4)
        eventually(lambda: len(clients.acked) >= 100, 120)
    clients.stopped.set()
    assert {ready.draft for ready in clients.acked} <= power.received()


def test_while_the_disk_is_waited_for_others_write_and_nobody_is_told(power: Power):
    sent, other = power.made.prefill(2)
    with power.on(), power.web() as port, ThreadPoolExecutor(3) as people:
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


def refused(power: Power, port: int, ready: Ready) -> None:
    """Have one sent that the disk refuses, after what it took."""
    assert save_note(port, ready, "typed-first")[0] == 303
    with power.disk("refuses"):
        for _ in range(2):
            assert press(port, ready)[0] == 503
            assert confirmation(port, ready) == 503


def test_what_the_disk_refused_is_told_once_the_log_was_written_again(power: Power):
    """By the process that was refused, by one that began later, and by a worker."""
    first, sent, shown, delivered, other = power.made.prefill(5)
    with power.on(), power.web() as port:
        assert press(port, first) == SENT
        refused(power, port, sent)
        with power.disk("refuses"):
            status, page = save_note(port, other, "late")
            assert (status, CLEAR in page) == (303, False)
        assert press(port, sent) == SENT
    with power.on():
        with power.web() as port:
            assert press(port, other) == SENT
            refused(power, port, shown)
        with power.web() as later:
            assert confirmation(later, shown) == 200
    told = {first.draft, sent.draft, other.draft, shown.draft}
    assert power.received() == told
    with power.on(), power.web() as port:
        refused(power, port, delivered)
        with power.worker():
            eventually(lambda: len(power.made.receiver.effects) == 5, 60)
    assert power.received() == told | {delivered.draft}
