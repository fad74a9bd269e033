"""References that a person can read out over the phone, like ``7KD4-M2HX-9RTF``."""

from __future__ import annotations

from collections.abc import Callable

ALPHABET = "23456789CDFHJKMNPRTVWXY"
"""Twenty-three signs, one from each family that looks alike (0OQD, 1ILJ, 2Z, 5S, 6G, 8B, UV, 4A,
EF); with no vowel left, no reference is a word. Twenty-three is prime: see ``_check``."""

BODY = 11
"""Random signs in a reference: 11 of 23 are 49.7 bits, over the 40 that acceptance.md asks for."""

GROUP = 4
_READ_AS = str.maketrans("0OQ1ILZSGBUAE", "DDDJJJ2568V4F")
_LONGEST_TYPED = 100

Draw = Callable[[int], int]
"""Gives a whole number from 0 up to but not including its argument, as secrets.randbelow does."""


def new_reference(draw: Draw) -> str:
    """Make a reference of eleven random signs and a check sign, in groups of four."""
    body = "".join(ALPHABET[draw(len(ALPHABET))] for _ in range(BODY))
    return grouped(body + _check(body))


def grouped(plain: str) -> str:
    """Print in groups of four with hyphens."""
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))


def read_reference(text: str) -> str | None:
    """Read what a person typed or said: any case, spaces and hyphens anywhere, common mix-ups.

    Gives the reference as printed, or None when the check sign does not agree.
    """
    if len(text) > _LONGEST_TYPED:
        return None
    plain = "".join(sign for sign in text.upper() if sign.isalnum()).translate(_READ_AS)
    if len(plain) != BODY + 1 or any(sign not in ALPHABET for sign in plain):
        return None
    return grouped(plain) if plain[-1] == _check(plain[:-1]) else None


def _check(body: str) -> str:
    """Give the check sign, which makes the weighted sum of all twelve signs 0 modulo 23.

    The weights 12 down to 1 all differ and none is 0 modulo the prime, so one wrong sign, or two
    different signs that change places, always changes the sum (as in ISBN-10, ISO 2108).
    """
    weights = range(BODY + 1, 1, -1)
    total = sum(w * ALPHABET.index(sign) for w, sign in zip(weights, body, strict=True))
    return ALPHABET[-total % len(ALPHABET)]
