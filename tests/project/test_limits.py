"""How often one address may ask: the rule, the table, whose address it is, and the page."""

import pytest
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st

from townhall.project.limits import addresses, middleware
from townhall.project.limits.allowances import A_MINUTE, Allowances, allowances_in
from townhall.project.limits.rates import MINUTE, Table, take

SECOND = MINUTE // 60
SECRET = b"s" * 32
A_DAY = 86_400 * SECOND
steps = st.lists(st.integers(0, 30 * SECOND), min_size=1, max_size=200)
rates = st.integers(1, 50)


def admitted(gaps, a_minute):
    """The instants of those let in, of requests that come with these gaps between them."""
    now, due, let_in = A_DAY, 0, []
    for gap in gaps:
        now += gap
        due, wait = take(due, now, a_minute)
        if not wait:
            let_in.append(now)
    return let_in


@given(steps, rates)
def test_in_any_stretch_of_time_no_more_is_let_in_than_was_saved_up_and_came_due(gaps, a_minute):
    let_in = admitted(gaps, a_minute)
    for i, first in enumerate(let_in):
        for j in range(i, len(let_in)):
            assert j - i + 1 <= a_minute * (1 + (let_in[j] - first) / MINUTE) + 1e-6


@given(steps, rates)
def test_whoever_keeps_to_so_many_in_any_minute_is_never_refused(gaps, a_minute):
    now, kept = A_DAY, []
    for gap in gaps:
        now += gap
        if sum(now - one < MINUTE for one in kept) < a_minute:
            kept.append(now)
    due = 0
    for one in kept:
        due, wait = take(due, one, a_minute)
        assert wait == 0


@given(steps, rates)
def test_whoever_waits_as_long_as_they_were_told_is_let_in(gaps, a_minute):
    now, due = A_DAY, 0
    for gap in gaps:
        now += gap
        due, wait = take(due, now, a_minute)
        assert 0 <= wait <= MINUTE
        if wait:
            assert take(due, now + wait, a_minute)[1] == 0
            assert take(due, now + wait - 1, a_minute)[1] > 0


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, SECOND)), max_size=200), rates)
def test_a_table_however_crowded_lets_nobody_in_beyond_their_allowance(asked, a_minute):
    crowded, alone, now = Table(SECRET, cells=2), {}, A_DAY
    for client, gap in asked:
        now += gap
        due, wait = take(alone.get(client, 0), now, a_minute)
        # In a table of two cells a row, others may stand in a client's way, and never make way.
        if not crowded.take(bytes([client]), now, a_minute):
            assert wait == 0
            alone[client] = due


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, SECOND)), max_size=200), rates)
def test_in_a_table_with_room_each_client_has_an_allowance_of_its_own(asked, a_minute):
    table, alone, now = Table(SECRET), {}, A_DAY
    for client, gap in asked:
        now += gap
        alone[client], wait = take(alone.get(client, 0), now, a_minute)
        assert table.take(bytes([client]), now, a_minute) == wait


def test_a_flood_of_a_hundred_thousand_addresses_takes_no_more_room_and_stops_nobody():
    table = Table(SECRET)
    room = [4 * [65_536], 2_097_152]
    assert [list(map(len, table._rows)), sum(len(row.tobytes()) for row in table._rows)] == room
    for number in range(100_000):
        # Ten thousand new ones a second: more than a web process can answer.
        table.take(number.to_bytes(8), A_DAY + number * SECOND // 10_000, 120)
    assert [list(map(len, table._rows)), sum(len(row.tobytes()) for row in table._rows)] == room
    assert table.take(b"a neighbour", A_DAY + 10 * SECOND, 120) == 0


def test_a_thousand_addresses_that_flood_stand_in_nobodys_way():
    table = Table(SECRET)
    for number in range(1_000):
        for _ in range(3):
            table.take(b"f" + number.to_bytes(8), A_DAY, 2)
    refused = sum(bool(table.take(b"n" + n.to_bytes(8), A_DAY, 2)) for n in range(100))
    assert refused == 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "found"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", 0, "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", 1, "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7", 1, "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", 2, "198.51.100.7"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7", 3, "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7:51234", 1, "198.51.100.7"),
        ("10.0.0.1", "[2001:db8::7]:51234", 1, "2001:db8::7"),
        ("fe80::1%eth0", "", 0, "fe80::1"),
        ("::ffff:192.0.2.1", "", 0, "192.0.2.1"),
    ],
)
def test_only_as_many_proxies_as_are_ours_are_believed(peer, forwarded, proxies, found):
    assert addresses.client_address(peer, forwarded, proxies) == addresses.packed(found)
    assert addresses.packed(found) is not None


@pytest.mark.parametrize("text", ["", "unknown", "1.2.3", "1.2.3.4.5", "\x00", "[", "é", "a:b:c"])
def test_what_is_no_address_is_nobody(text):
    assert addresses.packed(text) is None


@given(st.text())
def test_whatever_is_said_to_be_an_address_is_read_or_is_nobody(text):
    found = addresses.client_address(text, text, 1)
    assert found is None or len(found) in (4, 16)


def test_a_household_is_one_client_in_ipv6_and_its_neighbour_another():
    one, other, next_door = (
        addresses.who(addresses.packed(address))
        for address in ("2001:db8:0:1::5", "2001:db8:0:1:ffff::6", "2001:db8:0:2::5")
    )
    assert one == other != next_door


def test_the_settings_say_how_many_for_whom_and_by_how_many_proxies():
    said = allowances_in(
        {
            "TOWNHALL_LIMIT_PAGES": "300",
            "TOWNHALL_LIMIT_STARTS": "0",
            "TOWNHALL_LIMIT_EXEMPT": "192.0.2.0/24, 2001:db8::/32",
            "TOWNHALL_PROXIES": "2",
        }
    )
    assert said.a_minute == A_MINUTE | {"pages": 300, "starts": 0}
    assert said.proxies == 2
    assert addresses.within(addresses.packed("192.0.2.77"), said.exempt)
    assert not addresses.within(addresses.packed("192.0.3.77"), said.exempt)
    usual = allowances_in({})
    assert addresses.within(addresses.packed("::1"), usual.exempt)
    assert usual.proxies == 0
    assert usual.warnings == []


def test_behind_proxies_of_which_nobody_said_how_many_nobody_is_limited_and_that_is_said():
    unsaid = allowances_in({"TOWNHALL_BEHIND_PROXY": "1"})
    assert unsaid.proxies is None
    [warning] = unsaid.warnings
    assert "nobody is limited" in warning
    assert "TOWNHALL_PROXIES" in warning
    none = {"TOWNHALL_BEHIND_PROXY": "1", "TOWNHALL_PROXIES": "0"}
    assert allowances_in(none).proxies is None
    for said in (none, {"TOWNHALL_BEHIND_PROXY": "1"}):
        with pytest.raises(ValueError, match="TOWNHALL_PROXIES how many"):
            allowances_in(said, reachable=True)
    assert allowances_in({}, reachable=True).proxies == 0
    assert allowances_in(none | {"TOWNHALL_PROXIES": "2"}, reachable=True).proxies == 2
    assert allowances_in({"TOWNHALL_BEHIND_PROXY": "1", "TOWNHALL_PROXIES": "1"}).warnings == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TOWNHALL_LIMIT_ANSWERS", "ten"),
        ("TOWNHALL_LIMIT_ANSWERS", "-1"),
        ("TOWNHALL_LIMIT_SUBMISSIONS", "1000001"),
        ("TOWNHALL_PROXIES", "10"),
        ("TOWNHALL_LIMIT_EXEMPT", "the library"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(name, text):
    with pytest.raises(ValueError, match=name):
        allowances_in({name: text})


def test_each_address_of_ours_is_the_kind_of_work_that_it_does():
    kinds = {}
    for door in _doors(get_resolver()):
        made = str(door.pattern).replace("<slug:service>", "a-service")
        path = "/" + made.replace("<slug:name>", "a-page").replace("<slug:item>", "1")
        assert middleware.kind_of("GET", path) == "pages"
        kinds[door.name] = middleware.kind_of("POST", path)
    assert {name for name, kind in kinds.items() if kind == "submissions"} == {"check"}
    begins = {name for name, kind in kinds.items() if kind == "starts"}
    takes_no_post = {"home", "theme", "accessibility", "cookies", "left"}
    assert begins - takes_no_post == {"start"}
    assert set(kinds.values()) <= set(A_MINUTE)


def _doors(resolver):
    for door in resolver.url_patterns:
        yield from _doors(door) if isinstance(door, URLResolver) else [door]


def asking(path="/", method="GET", allowed=None, table=None, now=A_DAY, **meta):
    request = RequestFactory().generic(method, path, **meta)
    return middleware.seconds_to_wait(request, allowed, table, now)


def test_each_kind_of_work_has_an_allowance_of_its_own_and_some_have_none():
    allowed = Allowances({"pages": 1, "answers": 1, "starts": 0, "submissions": 1}, 0, ())
    given = {"allowed": allowed, "table": Table(SECRET)}
    assert asking(**given) == 0
    assert asking(**given) == 60
    assert asking(**given, now=A_DAY + 59 * SECOND + 1) == 1
    assert asking("/a/b", "POST", **given) == 0
    assert asking("/a/check-answers", "POST", **given) == 0
    assert asking("/a/check-answers", "POST", **given) == 60
    assert [asking("/a", "POST", **given) for _ in range(3)] == [0, 0, 0]
    assert asking(**given, REMOTE_ADDR="192.0.2.1") == 0
    assert asking(**given, now=A_DAY + 60 * SECOND) == 0


def test_the_exempt_and_those_nobody_can_tell_apart_are_let_in():
    every = dict.fromkeys(A_MINUTE, 1)
    exempt = allowances_in({"TOWNHALL_LIMIT_EXEMPT": "192.0.2.0/24"}).exempt
    for allowed, meta in (
        (Allowances(every, 0, exempt), {"REMOTE_ADDR": "192.0.2.9"}),
        (Allowances(every, None, ()), {"REMOTE_ADDR": "10.0.0.1"}),
        (Allowances(every, 0, ()), {"REMOTE_ADDR": ""}),
    ):
        table = Table(SECRET)
        assert [asking(allowed=allowed, table=table, **meta) for _ in range(3)] == [0, 0, 0]
