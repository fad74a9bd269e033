"""Bodies that take too long are ended, whatever becomes of one of them."""

import asyncio

import pytest

from townhall.project import patience
from townhall.project.bodies import Room


class Stuck(asyncio.Future):
    """What cannot be ended."""

    def cancel(self, msg=None):
        raise RuntimeError("not now")


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(patience, "BETWEEN_LOOKS", 0.01)


async def waits(all_of_them, body, come=0):
    held = Room().body()
    held.add(b"a" * come)
    wait = all_of_them.begin(held)
    try:
        await body
    finally:
        all_of_them.end(wait)


def test_one_that_cannot_be_ended_keeps_nobody_else_waiting_for_ever():
    async def ask():
        loop, all_of_them = asyncio.get_running_loop(), patience.Patience(0)
        failed, stuck = loop.create_future(), Stuck()
        loop.set_exception_handler(lambda _, told: failed.set_result(told["exception"]))
        held = loop.create_task(waits(all_of_them, stuck))
        assert str(await asyncio.wait_for(failed, 5)) == "not now"
        late = loop.create_task(waits(all_of_them, loop.create_future()))
        await asyncio.wait([late], timeout=5)
        stuck.set_result(None)
        await held
        return late.cancelled()

    assert asyncio.run(ask())


def test_nobody_is_looked_at_when_nobody_waits():
    async def ask():
        all_of_them, loop = patience.Patience(5), asyncio.get_running_loop()
        for _ in range(2):
            come = loop.create_future()
            waiting = loop.create_task(waits(all_of_them, come))
            await asyncio.sleep(0)
            assert all_of_them._looks
            come.set_result(None)
            await waiting
            looked = loop.create_future()
            loop.call_later(patience.BETWEEN_LOOKS * 2, looked.set_result, None)
            await looked
            assert not all_of_them._looks

    asyncio.run(ask())


def test_what_has_come_buys_time_for_its_own_body_alone():
    async def ask():
        all_of_them, loop = patience.Patience(0), asyncio.get_running_loop()
        more = loop.create_future()
        long = loop.create_task(waits(all_of_them, more, come=20_000))
        short = loop.create_task(waits(all_of_them, loop.create_future()))
        await asyncio.wait([short], timeout=5)
        assert short.cancelled()
        more.set_result(None)
        await long

    asyncio.run(ask())
