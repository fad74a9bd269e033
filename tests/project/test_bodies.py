"""How much of what is sent is held at once."""

from contextlib import ExitStack

from hypothesis import given
from hypothesis import strategies as st

from townhall.project.bodies import OWN, SHARED, Room
from townhall.project.web import CONNECTIONS

MANY = 4
coming = st.lists(st.tuples(st.integers(0, MANY - 1), st.integers(0, 50)), max_size=60)


@given(coming)
def test_no_more_is_held_than_there_is_room_for_and_all_of_it_is_given_back(pieces):
    room = Room(shared=100, own=10)
    with ExitStack() as stack:
        bodies = [stack.enter_context(room.body()) for _ in range(MANY)]
        for which, much in pieces:
            bodies[which].add(b"a" * much)
            assert sum(len(body._held) for body in bodies) <= 100 + MANY * 10
            assert room.left >= 0
        for which, body in enumerate(bodies):
            come = sum(much for one, much in pieces if one == which)
            assert body.come == come
            assert len(body.whole()) == (0 if body.refused else come)
            assert not (body.refused and come <= 10)
    assert room.left == 100


def test_a_page_of_answers_is_taken_however_much_others_have_sent():
    room = Room()
    with ExitStack() as stack:
        while room.left:
            stack.enter_context(room.body()).add(b"a" * min(1_000_000, OWN + room.left))
        with room.body() as large:
            large.add(b"a" * OWN)
            large.add(b"a")
            assert large.refused
        with room.body() as page:
            page.add(b"a" * OWN)
            assert not page.refused
            assert len(page.whole()) == OWN
    assert room.left == SHARED


def test_a_body_that_is_there_keeps_its_room_until_it_is_answered():
    room = Room(shared=100, own=10)
    with room.body() as body:
        body.add(b"a" * 60)
        body.whole()
        assert room.left == 50
    assert room.left == 100


def test_all_that_may_be_held_is_some_sixty_megabytes_a_process():
    assert 60_000_000 < SHARED + CONNECTIONS * OWN < 68_000_000
