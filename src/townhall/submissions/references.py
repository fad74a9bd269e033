"""References that a person can read out over the phone, like ``7KD4-M2HX-9RTF``.

A rehearsal's begin ``TEST-`` and have another check sign: without its beginning such a reference is
no live one, and a live one is none of a rehearsal's with that put before it.
"""

from __future__ import annotations

from collections.abc import Callable

ALPHABET = "23456789CDFHJKMNPRTVWXY"
"""Twenty-three signs, one from each family that looks alike (0OQD, 1ILJ, 2Z, 5S, 6G, 8B, UV, 4A,
EF); with no vowel left, no reference is a word. Twenty-three is prime: see ``_check``."""

BODY = 11
"""Random signs in a reference: 11 of 23 are 49.7 bits, over the 40 that acceptance.md asks for."""

GROUP = 4
_SIGNS = len(ALPHABET)
_BODIES = _SIGNS**BODY
_WEIGHTS = range(BODY + 1, 1, -1)
_WORTH = {sign: worth for worth, sign in enumerate(ALPHABET)}
_READ_AS = str.maketrans("0OQ1ILZSGBUAE", "DDDJJJ2568V4F")
_LONGEST_TYPED = 100
TEST = "TEST"
_TEST_AS_READ = TEST.translate(_READ_AS)

Draw = Callable[[int], int]
"""Gives a whole number from 0 up to but not including its argument, as secrets.randbelow does."""


def new_reference(draw: Draw, *, test: bool = False) -> str:
    """Make a reference of eleven random signs and a check sign, in groups of four.

    ``test``: one of a rehearsal.
    """
    drawn, signs, total = draw(_BODIES), "", 0
    for weight in _WEIGHTS:
        drawn, worth = divmod(drawn, _SIGNS)
        signs += ALPHABET[worth]
        total += weight * worth
    return _printed(signs + _closing(total, test=test), test=test)


def grouped(plain: str) -> str:
    """Print in groups of four with hyphens."""
    return "-".join([plain[start : start + GROUP] for start in range(0, len(plain), GROUP)])


def read_reference(text: str) -> str | None:
    """Read what a person typed or said: any case, spaces and hyphens anywhere, common mix-ups.

    Gives the reference as printed, or None when the check sign does not agree.
    """
    if len(text) > _LONGEST_TYPED:
        return None
    plain = "".join(sign for sign in text.upper() if sign.isalnum()).translate(_READ_AS)
    test = len(plain) > BODY + 1 and plain.startswith(_TEST_AS_READ)
    signs = plain.removeprefix(_TEST_AS_READ) if test else plain
    if len(signs) != BODY + 1 or any(sign not in ALPHABET for sign in signs):
        return None
    return _printed(signs, test=test) if signs[-1] == _check(signs[:-1], test=test) else None


def _printed(signs: str, *, test: bool) -> str:
    return f"{TEST}-{grouped(signs)}" if test else grouped(signs)


def _check(body: str, *, test: bool) -> str:
    """Give the check sign: the weighted sum of all twelve signs is 0 modulo 23, or 1 for a test.

    The weights 12 down to 1 all differ and none is 0 modulo the prime, so one wrong sign, or two
    different signs that change places, always changes the sum (as in ISBN-10, ISO 2108).
    """
    weighed = zip(_WEIGHTS, body, strict=True)
    return _closing(sum(weight * _WORTH[sign] for weight, sign in weighed), test=test)


def _closing(total: int, *, test: bool) -> str:
    return ALPHABET[(int(test) - total) % _SIGNS]
