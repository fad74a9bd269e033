"""References: readable, unguessable, and wrong ones are caught."""

import math
import random
import secrets

from hypothesis import given
from hypothesis import strategies as st

from townhall.submissions.models import Submission
from townhall.submissions.references import ALPHABET, BODY, grouped, new_reference, read_reference

seeds = st.integers(0, 2**64)
LONGEST_KEPT = Submission._meta.get_field("reference").max_length


def made(seed: int) -> str:
    return new_reference(random.Random(seed).randrange)


def rehearsed(seed: int) -> str:
    return new_reference(random.Random(seed).randrange, test=True)


def plain(reference: str) -> str:
    return reference.replace("-", "")


def test_has_at_least_forty_random_bits():
    assert BODY * math.log2(len(ALPHABET)) >= 40


def test_alphabet_has_one_of_each_look_alike_family():
    for family in ("0OQD", "1ILJ", "2Z", "5S", "6G", "8B", "UV"):
        assert len(set(family) & set(ALPHABET)) <= 1, family
    assert not set(ALPHABET) & set("01OIL")


def test_is_printed_in_groups_of_four():
    groups = new_reference(secrets.randbelow).split("-")
    assert [len(group) for group in groups] == [4, 4, 4]


@given(seeds)
def test_reads_back_what_it_printed(seed):
    reference = made(seed)
    assert read_reference(reference) == reference
    assert read_reference(f"  {reference.lower().replace('-', ' ')} ") == reference
    assert read_reference(plain(reference)) == reference


@given(seeds, st.integers(0, BODY), st.sampled_from(ALPHABET))
def test_any_single_wrong_sign_is_caught(seed, index, sign):
    right = plain(made(seed))
    wrong = right[:index] + sign + right[index + 1 :]
    assert read_reference(wrong) == (made(seed) if wrong == right else None)


@given(seeds, st.integers(0, BODY - 1))
def test_any_swap_of_neighbours_is_caught(seed, index):
    right = plain(made(seed))
    swapped = right[:index] + right[index + 1] + right[index] + right[index + 2 :]
    assert read_reference(swapped) == (made(seed) if swapped == right else None)


@given(seeds)
def test_look_alikes_are_read_as_what_was_printed(seed):
    reference = made(seed)
    heard = reference.translate(str.maketrans("DJ2568V4F", "0LZSGBUAE"))
    assert read_reference(heard) == reference


@given(seeds)
def test_a_rehearsal_s_begins_test_and_is_read_as_it_is_heard(seed):
    reference = rehearsed(seed)
    assert reference.startswith("TEST-")
    assert len(reference) <= LONGEST_KEPT
    assert read_reference(reference) == reference
    assert read_reference(f" {reference.lower().replace('-', ' ')}") == reference
    assert read_reference(plain(reference)) == reference
    heard = reference.translate(str.maketrans("DJ2568V4F", "0LZSGBUAE"))
    assert read_reference(heard) == reference


@given(seeds)
def test_a_rehearsal_s_is_never_taken_for_a_live_one_nor_a_live_one_for_it(seed):
    test, live = rehearsed(seed), made(seed)
    assert read_reference(test.removeprefix("TEST-")) is None
    assert read_reference(f"TEST-{live}") is None
    assert not live.startswith("TEST")


@given(seeds, st.integers(0, BODY), st.sampled_from(ALPHABET))
def test_any_single_wrong_sign_of_a_rehearsal_s_is_caught(seed, index, sign):
    right = plain(rehearsed(seed)).removeprefix("TEST")
    wrong = right[:index] + sign + right[index + 1 :]
    assert read_reference(f"TEST{wrong}") == (rehearsed(seed) if wrong == right else None)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    found = read_reference(text)
    assert found is None or read_reference(found) == found


def test_refuses_a_flood():
    assert read_reference("7" * 10_000_000) is None


def test_refuses_signs_of_other_scripts():
    assert read_reference("٣٣٣٣-٣٣٣٣-٣٣٣٣") is None


def test_groups():
    assert grouped("ABCDEFGH") == "ABCD-EFGH"
