"""Two machines, each with its own `townhall serve`, on one PostgreSQL."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.support.own_database import empty_database
from tests.support.serving import Served, eventually, serving
from tests.support.walker import Busy, Walker
from tests.upgrade.journeys import ANSWERS, SERVICE
from townhall.project.preparation import ADVISORY_LOCK

pytestmark = [pytest.mark.kill, pytest.mark.postgres]
TOWN = Path(__file__).parents[1] / "upgrade" / "town"
# Two deliveries and an acknowledgement.
EACH = 3
# docs/running.md, "More than one machine": what one `serve` with its worker asks for at most.
CONNECTIONS = 12
HASTY = "?options=-c%20lock_timeout%3D2s%20-c%20statement_timeout%3D2s"


@dataclass(frozen=True)
class Machine:
    """One machine: what it serves, and what its worker has handed over."""

    served: Served
    data: Path

    @property
    def handed_over(self) -> set[str]:
        """The keys of the messages that its own stand-in filed."""
        filed = (self.data / "stand-in").glob("[mw]*/[!.]*")
        return {f"{path.parent.name}/{path.stem}" for path in filed}


@dataclass(frozen=True)
class Pair:
    """Both machines and their database."""

    one: Machine
    other: Machine
    url: str

    def ask(self, words: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            done = connection.execute(words)
            return done.fetchall() if done.description else []

    def open_deliveries(self) -> int:
        [(count,)] = self.ask("SELECT count(*) FROM outbox_delivery WHERE state <> 'done'")
        return int(str(count))

    def addresses(self) -> Iterator[str]:
        """Now one machine, now the other, as a proxy would have it."""
        while True:
            yield self.one.served.address
            yield self.other.served.address


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    """Two machines started at one moment on a database without tables."""
    with empty_database() as url, psycopg.connect(url, autocommit=True) as holding:
        holding.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        homes = [folder / name / "data" for name in ("one", "other")]
        told = {"TOWNHALL_SERVICES": str(TOWN), "wait": False}
        with (
            serving(homes[0], DATABASE_URL=url + HASTY, **told) as one,
            serving(homes[1], DATABASE_URL=url + HASTY, **told) as other,
        ):
            made = Pair(Machine(one, homes[0]), Machine(other, homes[1]), url)
            eventually(lambda: len(waiting(made)) == 2)
            holding.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
            one.wait_until_up()
            other.wait_until_up()
            yield made


def waiting(pair: Pair) -> list[tuple[object, ...]]:
    """Who has waited to prepare for longer than its own limits on locks and statements."""
    return pair.ask(
        "SELECT pid FROM pg_stat_activity WHERE wait_event = 'advisory'"
        " AND datname = current_database() AND now() - query_start > interval '2100 ms'"
    )


def answers_of(number: int) -> dict[str, object]:
    """What somebody answers: each has an address, as one is sent so many acknowledgements only."""
    return {**ANSWERS, "email": f"person-{number}@example.org"}


def journey(pair: Pair, number: int) -> str:
    """A journey of which every page is asked of the other machine. Gives its reference."""
    turns = pair.addresses()
    walker = Walker(next(turns)).start(SERVICE)
    while not walker.path.endswith("/check-answers"):
        walker.address = next(turns)
        walker.answer(answers_of(number))
    walker.address = next(turns)
    return walker.send({}).reference


def press_until_received(walker: Walker, addresses: list[str], acked: list[str]) -> None:
    """Press the last button at one machine, and where it does not answer, at the other."""
    for address in addresses * 20:
        walker.address = address
        if reference := pressed(walker):
            acked.append(reference)
            return


def pressed(walker: Walker) -> str:
    """Press the last button; "" where nobody answers, or the answer is to try again."""
    with suppress(httpx.HTTPError, Busy):
        return walker.send({}).reference
    return ""


def kill_one_while_people_send(pair: Pair, people: int) -> list[str]:
    """End a machine outright while some press their last button there. Gives the references."""
    addresses = [pair.one.served.address, pair.other.served.address]
    ready = [
        Walker(addresses[0]).start(SERVICE).walk(answers_of(100 + number), "/check-answers")
        for number in range(people)
    ]
    acked: list[str] = []
    threads = [
        threading.Thread(target=press_until_received, args=(walker, addresses, acked))
        for walker in ready
    ]
    for number, thread in enumerate(threads):
        thread.start()
        if number == people // 2:
            pair.one.served.process.kill()
    for thread in threads:
        thread.join(60)
    pair.one.served.process.wait()
    return acked


@pytest.mark.timeout(300)
def test_two_machines_share_the_drafts_and_the_deliveries_and_one_may_die(tmp_path: Path):
    with pair(tmp_path) as both:
        # Neither came before the other in making tables and publishing.
        assert both.ask("SELECT count(*) FROM definitions_decision") == [(1,)]
        references = [journey(both, 0)]
        while not (both.one.handed_over and both.other.handed_over):
            assert len(references) < 40, "only one of them ever delivers"
            references.append(journey(both, len(references)))
        eventually(lambda: both.open_deliveries() == 0)
        assert both.one.handed_over & both.other.handed_over == set()
        assert len(both.one.handed_over | both.other.handed_over) == EACH * len(references)
        assert connections(both) <= 2 * CONNECTIONS

        acked = kill_one_while_people_send(both, people=4)
        assert len(set(acked)) == 4
        stored = Counter(
            str(row[0]) for row in both.ask("SELECT reference FROM submissions_submission")
        )
        assert stored == Counter([*references, *acked])
        leases_end(both)
        eventually(lambda: both.open_deliveries() == 0)
        # What both handed over was in hand when one died, and went out again under the same key.
        assert len(both.one.handed_over | both.other.handed_over) == EACH * len(stored)


def connections(pair: Pair) -> int:
    """How many connections to the database stand open, our own left out."""
    [(count,)] = pair.ask(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    return int(str(count))


def leases_end(pair: Pair) -> None:
    """Two minutes pass for what the dead worker had in hand."""
    eventually(lambda: not pair.ask("SELECT 1 FROM outbox_delivery WHERE state = 'waiting'"))
    pair.ask("UPDATE outbox_delivery SET next_at = now() WHERE state = 'leased'")
