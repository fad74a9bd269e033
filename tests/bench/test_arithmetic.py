"""What the bench makes of what it measured. This measures nothing, so it runs with every test."""

from __future__ import annotations

import json

import pytest

from tests.bench import floor, profile
from tests.bench.test_5_floor import grouped
from townhall.engine import load


def test_each_function_is_counted_for_its_package():
    files = {
        load.__file__: "townhall.engine",
        pytest.__file__: "pytest",
        json.__file__: "standard library",
        "<frozen importlib._bootstrap>": "standard library",
        "~": "C code",
        "<string>": "other",
        __file__: "other",
    }
    assert {file: profile.package(file) for file in files} == files


def test_libraries_count_as_one_and_rooms_apart():
    shares = {"django": 0.4, "townhall.ui": 0.3, "markupsafe": 0.125, "asgiref": 0.125}
    assert grouped(shares) == {"django": 0.4, "townhall.ui": 0.3, "libraries": 0.25}


def test_an_answer_is_whole_with_the_last_byte_of_its_body():
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nx: y\r\n\r\nok\n"
    lengths = range(len(answer) + 1)
    assert [length for length in lengths if floor.whole(answer[:length])] == [len(answer)]


def test_a_journey_has_seventeen_requests():
    assert floor.REQUESTS == 17
