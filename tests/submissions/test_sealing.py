"""Sealing: opens only with its key, at its place, unchanged; keys rotate."""

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.submissions.sealing import (
    BadKeys,
    KeyRing,
    SealError,
    Wrapped,
    keyed_mark,
    place,
    seal,
    seal_json,
    unseal,
    unseal_json,
    write_key,
)

HERE = place("draft", "one")
THERE = place("draft", "two")


def ring(*names: str) -> KeyRing:
    return KeyRing.read(",".join(write_key(name) for name in names))


@given(st.binary(max_size=500))
def test_opens_what_it_sealed(clear):
    key = os.urandom(32)
    sealed = seal(key, clear, HERE)
    assert unseal(key, sealed, HERE) == clear
    assert len(clear) < 8 or clear not in sealed


@given(st.integers(0, 400))
def test_a_changed_byte_does_not_open(index):
    key = os.urandom(32)
    sealed = bytearray(seal(key, b"answer" * 50, HERE))
    sealed[index % len(sealed)] ^= 1
    with pytest.raises(SealError):
        unseal(key, bytes(sealed), HERE)


def test_another_place_or_key_does_not_open():
    key = os.urandom(32)
    sealed = seal(key, b"answer", HERE)
    with pytest.raises(SealError):
        unseal(key, sealed, THERE)
    with pytest.raises(SealError):
        unseal(os.urandom(32), sealed, HERE)


@pytest.mark.parametrize("sealed", [b"", b"short", b"\0" * 12, b"\0" * 28])
def test_rubbish_does_not_open(sealed):
    with pytest.raises(SealError):
        unseal(os.urandom(32), sealed, HERE)


@given(st.lists(st.text(), max_size=5), st.lists(st.text(), max_size=5))
def test_places_are_unambiguous(one, two):
    assert (place(*one) == place(*two)) == (one == two)


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.booleans()))
def test_json_survives(value):
    key = os.urandom(32)
    assert unseal_json(key, seal_json(key, value, HERE), HERE) == value


def test_data_key_is_bound_to_its_record():
    keys = ring("one")
    key, wrapped = keys.new_data_key(HERE)
    assert keys.unwrap(wrapped, HERE) == key
    with pytest.raises(SealError):
        keys.unwrap(wrapped, THERE)


def test_rotation_keeps_the_old_key_readable():
    old = write_key("old")
    key, wrapped = KeyRing.read(old).new_data_key(HERE)
    both = KeyRing.read(f"{write_key('new')},{old}")
    again = both.wrap(both.unwrap(wrapped, HERE), HERE)
    assert again.key_id == "new"
    assert both.unwrap(again, HERE) == both.unwrap(wrapped, HERE) == key


def test_a_wrapped_key_does_not_open_under_another_id():
    keys = ring("one", "two")
    _, wrapped = keys.new_data_key(HERE)
    with pytest.raises(SealError):
        keys.unwrap(Wrapped("two", wrapped.sealed), HERE)
    with pytest.raises(SealError):
        keys.unwrap(Wrapped("gone", wrapped.sealed), HERE)


@pytest.mark.parametrize(
    "text",
    ["", "one", "one:", ":AAAA", "one:!!!", "one:AAAA", "ké:AAAA", "x" * 41 + ":AAAA"],
)
def test_bad_keys_are_refused_without_printing_them(text):
    with pytest.raises(BadKeys) as caught:
        KeyRing.read(text)
    assert "AAAA" not in str(caught.value)


def test_a_name_may_not_stand_twice():
    with pytest.raises(BadKeys):
        ring("one", "one")


def test_the_ring_does_not_print_its_keys():
    text = write_key("one")
    secret = base64.b64decode(text.partition(":")[2])
    assert repr(secret) not in repr(KeyRing.read(text))
    assert "b'" not in repr(KeyRing.read(text))


def test_only_a_secret_key_is_safe():
    assert not KeyRing.demonstration().safe
    assert ring("one").safe


def test_marks_depend_on_key_and_text():
    marks = {keyed_mark(key, text) for key in (b"k1", b"k2") for text in ("a", "b")}
    assert len(marks) == 4
