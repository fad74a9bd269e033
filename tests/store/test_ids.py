"""Ids that are made straight are Python's own in every way."""

import pickle
import uuid

from hypothesis import given
from hypothesis import strategies as st

from townhall.store.ids import new_id, uuid_of


@given(st.uuids())
def test_an_id_of_a_number_is_what_the_constructor_makes(id):
    made = uuid_of(id.int)
    assert made == id
    assert hash(made) == hash(id)
    assert (str(made), repr(made), made.is_safe) == (str(id), repr(id), id.is_safe)
    assert pickle.loads(pickle.dumps(made)) == id


def test_a_new_id_is_random_in_all_but_what_says_so():
    drawn = [new_id() for _ in range(500)]
    assert {(one.version, one.variant) for one in drawn} == {(4, uuid.RFC_4122)}
    both, either = (1 << 128) - 1, 0
    for one in drawn:
        both &= one.int
        either |= one.int
    assert (both ^ either).bit_count() == 122
