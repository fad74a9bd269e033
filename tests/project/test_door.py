"""What a request looks like to Django when it comes by granian's door."""

import asyncio
from threading import Event
from types import SimpleNamespace

import pytest

from townhall.project import arrival, door, lanes, patience


class Given:
    """Headers as granian has them: one that is not ASCII is counted and known, and never given."""

    def __init__(self, headers, hidden=()):
        self.items, self.names = lambda: headers, {name for name, _ in headers} | {*hidden}

    def __len__(self):
        return len(self.names)

    def __contains__(self, name):
        return name in self.names


def scope(*headers, hidden=(), **more):
    given = {
        "method": "POST", "path": "/a", "query_string": "", "scheme": "http", "http_version": "1.1",
        "client": "192.0.2.1:5000", "server": "127.0.0.1:8000", "authority": None,
    }  # fmt: skip
    return SimpleNamespace(**given | more, headers=Given(headers, hidden))


def test_it_is_as_wsgi_says():
    environ = door.environ_of(
        scope(
            ("host", "forms.example"), ("content-length", "3"), ("content-type", "text/plain"),
            ("cookie", "a=1"), ("cookie", "b=2"), ("x-forwarded-for", "1.1.1.1"),
            ("x-forwarded-for", "2.2.2.2"), path="/é", query_string="q=%20",
        )
    )  # fmt: skip
    assert environ["REQUEST_METHOD"] == "POST"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/é"
    assert environ["QUERY_STRING"] == "q=%20"
    assert environ["HTTP_HOST"] == "forms.example"
    assert (environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"]) == ("3", "text/plain")
    assert "HTTP_CONTENT_LENGTH" not in environ
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2"
    assert environ["REMOTE_ADDR"] == "192.0.2.1"
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("127.0.0.1", "8000")


def test_an_ipv6_address_has_no_brackets():
    assert door.environ_of(scope(client="[2001:db8::1]:5000"))["REMOTE_ADDR"] == "2001:db8::1"


@pytest.mark.parametrize("name", ["x_forwarded_for", "x_forwarded-proto", "x-forwarded_proto"])
def test_a_name_that_would_pass_for_what_a_proxy_says_is_left_out(name):
    environ = door.environ_of(scope((name, "evil")))
    assert "evil" not in environ.values()


def test_what_is_asked_and_is_no_ascii_is_written_as_a_browser_would():
    assert door.environ_of(scope(query_string="a=€%20"))["QUERY_STRING"] == "a=%E2%82%AC%20"


@pytest.mark.parametrize("name", door.WHENCE)
@pytest.mark.parametrize("path", ["/cookies", "/metrics", "/health/live"])
def test_whoever_hides_whence_they_come_is_refused(name, path):
    assert said_by(scope(hidden=[name], path=path, method="GET")) == [(400, b"")]


@pytest.mark.parametrize("name", ["cookie", "user-agent", "x-city"])
def test_another_header_that_is_no_ascii_is_left_out(name):
    environ = door.environ_of(scope(("accept", "a"), hidden=[name]))
    assert door.UNSURE not in environ
    assert environ["HTTP_ACCEPT"] == "a"


def test_nothing_of_our_own_environment_is_in_a_request(monkeypatch):
    monkeypatch.setenv("TOWNHALL_KEYS", "secret")
    assert "TOWNHALL_KEYS" not in door.environ_of(scope())


def test_how_long_a_request_may_take_to_arrive_is_a_setting():
    assert arrival.seconds({}) == 15
    assert arrival.seconds({"TOWNHALL_ARRIVAL_SECONDS": "2"}) == 2
    for text in ("0", "-1", "soon", "601"):
        with pytest.raises(ValueError, match="TOWNHALL_ARRIVAL_SECONDS"):
            arrival.seconds({"TOWNHALL_ARRIVAL_SECONDS": text})


@pytest.mark.parametrize(
    ("said", "length"),
    [("0" * 5_000 + "3", 3), ("0" * 5_000, 0), ("9" * 5_000, 0), ("007", 7), ("", 0), ("3,3", 0)],
)
def test_a_length_in_however_many_digits_is_read(said, length):
    environ = {"CONTENT_LENGTH": said}
    assert door._length(environ) == length
    assert (door.TOO_LONG in environ) == ("9" in said)
    assert len(environ["CONTENT_LENGTH"]) <= door.DIGITS


def said_by(*scopes):
    """What the door answers to each, one after another: status and body."""
    said = []
    transport = SimpleNamespace(response_bytes=lambda status, _, body: said.append((status, body)))

    async def ask():
        for one in scopes:
            await asyncio.wait_for(door.answer(one, transport), 5)

    asyncio.run(ask())
    return said


def test_that_we_live_is_said_while_every_thread_waits_for_the_database():
    held = Event()
    for _ in range(door.THREADS):
        door._arrived.put(SimpleNamespace(answer=held.wait, end=lambda: None))
    try:
        said = said_by(
            scope(method="GET", path="/health/live"),
            scope(("content-length", "9"), path="/health/ready"),
        )
    finally:
        held.set()
    assert said[0] == (200, b"ok\n")
    assert said[1][0] == 405


def test_whoever_asks_a_thread_that_hangs_is_told_in_time_and_none_pile_up_behind_it():
    held, done = Event(), lanes.Said(200, [], b"done")
    lane = lanes.Lane("slow", lanes.Bound(statement=1, answer=0.05), too_late=b"late")

    async def ask():
        late = [await lane.ask(held.wait) for _ in range(3)]
        assert lane._asked.empty()
        held.set()
        while await lane.ask(lambda: done) is not done:
            pass
        return late, await lane.ask(lambda: 1 / 0)

    late, broken = asyncio.run(ask())
    assert [(said.status, said.body) for said in late] == [(503, b"late")] * 3
    assert ("Cache-Control", "no-store") in late[0].headers
    assert broken.status == 500


class Dripping:
    """A body of which nothing more comes."""

    def __init__(self):
        self.said, self.asked = [], asyncio.Event()

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.asked.set()
        await asyncio.get_running_loop().create_future()

    def response_bytes(self, status, headers, body):
        self.said.append((status, headers, body))


def test_a_body_that_does_not_come_is_refused_and_whoever_is_stopped_says_nothing(monkeypatch):
    monkeypatch.setattr(patience, "BETWEEN_LOOKS", 0.01)
    post = scope(("content-length", "9"))

    async def late():
        monkeypatch.setattr(door, "_patience", patience.Patience(0))
        task = asyncio.ensure_future(door.answer(post, dripping := Dripping()))
        await asyncio.wait_for(task, 5)
        assert not task.cancelling()
        return dripping.said

    async def stopped():
        monkeypatch.setattr(door, "_patience", patience.Patience(60))
        task = asyncio.ensure_future(door.answer(post, dripping := Dripping()))
        await dripping.asked.wait()
        task.cancel()
        await asyncio.wait([task], timeout=5)
        assert task.cancelled()
        assert not door._patience._waiting
        return dripping.said

    assert asyncio.run(late()) == [(408, door.LAST, b"")]
    assert asyncio.run(stopped()) == []
