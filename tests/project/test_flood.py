"""Floods and drips at a whole server: whoever does it is stopped, and everyone else is served."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from bs4 import BeautifulSoup
from tests.support.own_database import empty_database
from tests.support.serving import eventually, serving
from tests.support.visitor import held

pytestmark = [pytest.mark.kill, pytest.mark.long(20)]

ARRIVAL = 2
POST = b"POST /missed-bin HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
DRIPPERS = 150
LIMITS = {"PAGES": "600", "ANSWERS": "60", "STARTS": "30", "SUBMISSIONS": "30"}
ENVIRONMENT = {f"TOWNHALL_LIMIT_{kind}": many for kind, many in LIMITS.items()} | {
    "TOWNHALL_LIMIT_EXEMPT": "127.0.0.1",
    "TOWNHALL_ARRIVAL_SECONDS": str(ARRIVAL),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One server for every test here, because starting one takes seconds."""
    folder = tmp_path_factory.mktemp("flood")
    with (
        empty_database() as address,
        serving(folder / "data", "--no-worker", DATABASE_URL=address, **ENVIRONMENT) as served,
    ):
        yield served


@pytest.fixture
def someone(served):
    """Make browsers that come from an address of this machine's many."""
    with ExitStack() as stack:

        def at(address):
            transport = httpx.HTTPTransport(local_address=address)
            browser = httpx.Client(
                transport=transport, base_url=served.address, timeout=30, follow_redirects=True
            )
            return stack.enter_context(browser)

        yield at


def press(browser, reply, form, **answers):
    """Press the button of a form on a page."""
    found = BeautifulSoup(reply.text, "html.parser").select_one(form)
    headers = {"Origin": str(browser.base_url).rstrip("/")}
    return browser.post(found["action"], data=held(found) | answers, headers=headers)


def test_93_a_flood_is_told_to_wait_and_its_draft_goes_on_and_others_are_served(served, someone):
    bot, neighbour = someone("127.0.0.2"), someone("127.0.0.3")
    first = press(bot, bot.get("/missed-bin"), "main form[action='/missed-bin']")
    assert first.status_code == 200
    path = first.url.path
    with ThreadPoolExecutor(8) as crowd:
        flood = [crowd.submit(bot.get, path) for _ in range(900)]
        times = []
        for one in flood[::5]:  # often, but less often than a neighbour may ask
            one.result()
            began = time.monotonic()
            assert neighbour.get("/missed-bin").status_code == 200
            times.append(time.monotonic() - began)
    replies = [one.result() for one in flood]
    refused = [reply for reply in replies if reply.status_code == 429]
    assert {reply.status_code for reply in replies} == {200, 429}
    assert len(refused) > 100
    assert {reply.headers["Retry-After"] for reply in refused} == {"1"}
    assert 'id="help"' in refused[0].text
    assert max(times) < 5
    assert press(neighbour, neighbour.get("/missed-bin"), "main form").url.path == path

    def again():
        reply = bot.get(path)
        return reply.status_code == 200 and press(bot, reply, "form#page-form").status_code == 200

    eventually(again, patience=10)


def test_93_what_was_sent_too_often_is_sent_from_the_page_that_says_so(someone):
    bot = someone("127.0.0.4")
    reply = press(bot, bot.get("/missed-bin"), "main form[action='/missed-bin']")
    for _ in range(100):
        reply = press(bot, reply, "form#page-form", anything="typed")
        if reply.status_code == 429:
            break
    assert reply.status_code == 429
    wait = int(reply.headers["Retry-After"])
    assert wait == 1
    assert 'value="typed"' in reply.text
    eventually(lambda: press(bot, reply, "main form").status_code == 200, patience=5)


def drip(port, begin):
    """A connection that has begun a request."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(begin)
    connection.settimeout(0.01)
    return connection


def cut(connection):
    """Send one more byte; whether the server has ended the connection."""
    try:
        connection.sendall(b"a")
        return not connection.recv(1)
    except TimeoutError:
        return False
    except OSError:
        return True


@pytest.mark.parametrize(
    "begin",
    [
        b"GET /missed-bin HTTP/1.1\r\nHost: localhost\r\nX-Drip: ",
        POST + b"application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\n",
        POST + b"multipart/form-data; boundary=x\r\nContent-Length: 900\r\n\r\n--x\r\n",
        POST + b"application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\n",
    ],
    ids=["headers", "body", "multipart", "long"],
)
def test_95_whoever_drips_a_request_in_is_cut_off_while_others_are_served(served, someone, begin):
    neighbour = someone("127.0.0.1")
    began = time.monotonic()
    dripping = [drip(served.port, begin) for _ in range(DRIPPERS)]
    with ExitStack() as stack:
        for one in dripping:
            stack.enter_context(one)
        left, slowest = dripping, 0.0
        while left:
            asked = time.monotonic()
            assert neighbour.get("/missed-bin").status_code == 200
            slowest = max(slowest, time.monotonic() - asked)
            left = [one for one in left if not cut(one)]
            assert time.monotonic() - began < ARRIVAL + 10
        assert time.monotonic() - began >= ARRIVAL
        assert slowest < ARRIVAL


def test_a_body_that_is_said_to_be_endless_is_refused_with_a_page_and_not_waited_for(served):
    for kind in (b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x"):
        rest = b"\r\nOrigin: http://localhost\r\nContent-Length: 99999999999\r\n\r\na=b"
        with drip(served.port, POST + kind + rest) as connection:
            connection.settimeout(10)
            assert connection.recv(12) == b"HTTP/1.1 400"
    assert served.answers()


def test_a_body_that_does_not_say_how_long_it_is_is_refused_and_not_taken_for_an_empty_one(served):
    chunked = b"text/plain\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n"
    with drip(served.port, POST + chunked) as connection:
        connection.settimeout(10)
        assert connection.recv(12) == b"HTTP/1.1 411"


@pytest.mark.parametrize("name", [b"X-Forwarded-For: ", b"Origin: http://"])
def test_whence_somebody_comes_is_not_hidden_by_what_is_no_ascii(served, name):
    hidden = b"text/plain\r\nContent-Length: 0\r\n" + name + b"\xc3\xa9, 192.0.2.1\r\n\r\n"
    with drip(served.port, POST + hidden) as connection:
        connection.settimeout(10)
        assert connection.recv(12) == b"HTTP/1.1 400"


def test_half_a_body_is_refused_and_not_taken_for_a_whole_one(served):
    rest = b"text/plain\r\nContent-Length: 9\r\n\r\na=b"
    with drip(served.port, POST + rest) as connection:
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(10)
        assert connection.recv(12) in (b"HTTP/1.1 400", b"")
    assert served.answers()


def test_where_there_is_no_more_room_a_long_answer_waits_and_a_short_one_is_taken(served):
    """Forty-one bodies of a million bytes, each but for its last; then an answer of each kind."""
    body = POST + b"text/plain\r\nContent-Length: 1000000\r\n\r\n" + b"a" * 999_999
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(drip(served.port, body))
        refused = sent(served, 900_000)
        # Where this machine is slow some of them were cut off before they had come.
        for _ in range(40):
            if refused.status_code == 403:
                stack.enter_context(drip(served.port, body))
                refused = sent(served, 900_000)
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "60"
        assert refused.headers["Connection"] == "close"
        assert refused.headers["Content-Security-Policy"]
        assert "Go back to it, wait a minute, then send it again." in refused.text
        assert 'id="help"' in refused.text
        welsh = sent(served, 900_000, Cookie="townhall_language=cy")
        assert '<html lang="cy"' in welsh.text
        assert sent(served, 30_000).status_code == 403
        assert served.answers()
    eventually(lambda: sent(served, 900_000).status_code == 403, patience=10)


def sent(served, much, **headers):
    return httpx.post(f"{served.address}/missed-bin", content=b"a" * much, headers=headers)


def test_a_browser_is_spoken_to_by_no_protocol_but_ours(served):
    """By HTTP/2 one connection could hold hundreds of bodies."""
    with drip(served.port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9)) as connection:
        connection.settimeout(10)
        assert not connection.recv(9).startswith(b"\x00")
