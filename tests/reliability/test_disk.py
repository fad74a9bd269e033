"""R7 and hostile input 100: on the disk before the answer; full or locked, a clear page."""

import http.client
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.reliability.town import FORGERY_TOKEN, PROGRAMS, Part, Ready, Town, press_send, town
from tests.support.own_database import run
from tests.support.ports import free_port
from tests.support.serving import eventually
from townhall.project.door import THREADS

pytestmark = [pytest.mark.kill, pytest.mark.timeout(180)]
SOURCE = Path(__file__).with_name("watch_disk.c")
CLEAR = "Sorry, there is a problem with the service"


def watching(folder: Path) -> str:
    """Compile what is preloaded. Gives its path."""
    made = folder / "watch_disk.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", made, SOURCE, "-ldl"], check=True)
    return str(made)


def is_sqlite(made: Town) -> bool:
    return not made.env["DATABASE_URL"]


@contextmanager
def web(made: Town, **more: str) -> Iterator[int]:
    """One web process. Gives its port."""
    port = free_port()
    env = {**made.env, "TOWNHALL_HOST": "127.0.0.1", "TOWNHALL_PORT": str(port), **more}
    part = Part("web", ["-m", "townhall.project.web"], env, port)
    part.start()
    try:
        eventually(part.is_up)
        yield port
    finally:
        part.kill()


def press(port: int, ready: Ready) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    answer = press_send(port, ready, connection)
    connection.close()
    return answer


def save_note(port: int, ready: Ready, note: str) -> tuple[int, str]:
    """Send the one question page. Gives the status and the page."""
    cookie = f"townhall_draft_tiny={ready.token}; townhall_form={FORGERY_TOKEN}"
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    form = f"csrfmiddlewaretoken={FORGERY_TOKEN}&note={note}"
    connection.request("POST", "/tiny/what", form, kind)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture(scope="module")
def drafts(made: Town) -> list[Ready]:
    return made.prefill(22)


@pytest.fixture(scope="module")
def hindered(made: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A web process whose disk a flag fills, and which waits a second for a lock: port and flag."""
    folder = tmp_path_factory.mktemp("hindered")
    flag = folder / "full"
    watch = {"LD_PRELOAD": watching(folder), "WATCH_FULL": str(flag)}
    with web(made, DJANGO_SETTINGS_MODULE="tests.reliability.hasty", **watch) as port:
        yield port, flag


def received(made: Town) -> set[str]:
    return {row[0] for row in made.ledger()["submissions"]}


def test_each_acknowledged_submission_was_flushed_to_the_disk(made, drafts, tmp_path: Path):
    sent = [ready.draft for ready in drafts[:20]]
    count = tmp_path / "count"
    watch = {"LD_PRELOAD": watching(tmp_path), "WATCH_COUNT": str(count)}
    run({**made.env, **watch}, PROGRAMS, "receive_each", *sent)
    assert received(made) >= set(sent)
    if is_sqlite(made):
        assert int(count.read_text()) >= 20


def test_the_settings_that_durability_rests_on(made: Town):
    assert json.loads(made.ask("pragmas")) == (["wal", 2] if is_sqlite(made) else ["on"])


@contextmanager
def locked(made: Town) -> Iterator[None]:
    """Hold what a save and a receive must write: SQLite's one writer, or the draft's rows."""
    if is_sqlite(made):
        path = Path(made.env["TOWNHALL_DATA"]) / "townhall.sqlite3"
        with sqlite3.connect(path, isolation_level=None) as held:
            held.execute("BEGIN IMMEDIATE")
            yield
            held.execute("ROLLBACK")
        held.close()
        return
    with psycopg.connect(made.env["DATABASE_URL"]) as server, server.transaction():
        server.execute("LOCK TABLE submissions_draft, submissions_draftpage IN EXCLUSIVE MODE")
        yield


NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON submissions_draftpage
    EXECUTE FUNCTION no_room();
CREATE TRIGGER full_disk BEFORE INSERT ON submissions_submission EXECUTE FUNCTION no_room();
"""


@contextmanager
def full(made: Town, flag: Path) -> Iterator[None]:
    """Fill the disk: its writes fail here, or the server says of itself that they do."""
    if is_sqlite(made):
        flag.touch()
        yield
        flag.unlink()
        return
    with psycopg.connect(made.env["DATABASE_URL"], autocommit=True) as server:
        server.execute(NO_ROOM)
        yield
        server.execute("DROP FUNCTION no_room CASCADE")


def machines_are_answered_while_every_thread_waits(port: int, ready: Ready) -> None:
    """What a load balancer and Prometheus ask has threads of its own."""
    answered = 0
    browser = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
    with browser, ThreadPoolExecutor(THREADS) as crowd:
        notes = [crowd.submit(save_note, port, ready, "waits") for _ in range(THREADS)]
        while not any(one.done() for one in notes):
            for path in ("/health/live", "/health/ready", "/metrics"):
                assert browser.get(path).status_code == 200
                answered += 1
    assert [one.result()[0] for one in notes] == [503] * THREADS
    # Behind them there would be one round of the three before all wait, and then no more.
    assert answered > 15


@pytest.mark.parametrize("trouble", ["locked", "full"])
def test_a_database_that_cannot_write_gives_a_clear_page_and_keeps_the_draft(
    made: Town, drafts: list[Ready], hindered: tuple[int, Path], trouble: str
):
    port, flag = hindered
    ready = drafts[20 if trouble == "locked" else 21]
    with locked(made) if trouble == "locked" else full(made, flag):
        status, page = save_note(port, ready, "typed-now")
        assert (status, press(port, ready)[0]) == (503, 503)
        if trouble == "locked":
            machines_are_answered_while_every_thread_waits(port, ready)
    assert CLEAR in page
    assert "typed-now" in page
    assert ready.draft not in received(made)
    assert press(port, ready) == (303, "/tiny/confirmation")


def test_without_a_compiler_this_file_would_prove_nothing():
    assert sys.platform == "linux"
    assert subprocess.run(["cc", "--version"], capture_output=True, check=False).returncode == 0
