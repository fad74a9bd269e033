"""Authenticated encryption: a data key for each record, wrapped by a key from the environment."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os import urandom
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import PydanticSerializationError, to_json

KEY_BYTES = 32
NONCE_BYTES = 12
DEMONSTRATION = "demonstration"
_DEMONSTRATION_KEY = hashlib.sha256(b"townhall demonstration key: protects nothing").digest()

Randomness = Callable[[int], bytes]
_written = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
"""What a new key may be called: as ``read`` takes it, and a shell and systemd leave it."""


class SealError(Exception):
    """A record could not be opened: wrong key, wrong place, or changed bytes. Says nothing more."""


class BadKeys(ValueError):
    """The keys in the environment cannot be read. The message never holds key material."""


@dataclass(frozen=True)
class Wrapped:
    """A data key as it is stored: which key wraps it, and the wrapped bytes."""

    key_id: str
    sealed: bytes


class Key:
    """A key that is used again and again: to make its cipher takes longer than to seal a page."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        """``key`` is in clear. ValueError when it is of another length than a key."""
        self._cipher = AESGCM(key)

    def seal(self, clear: bytes, place: bytes, random: Randomness = urandom) -> bytes:
        """Encrypt bytes so that they open only at ``place``: nonce, ciphertext and tag in one."""
        nonce = random(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, clear, place)

    def unseal(self, sealed: bytes, place: bytes) -> bytes:
        """Decrypt what ``seal`` gave, at the same place; raises SealError."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
        except (InvalidTag, ValueError):
            raise SealError("A sealed record could not be opened.") from None


@dataclass(frozen=True)
class KeyRing:
    """The wrapping keys by id; the first is current, the rest are only for reading.

    Each is 32 bytes for AES-256-GCM (NIST SP 800-38D; 96-bit random nonces).
    """

    keys: Mapping[str, bytes] = field(repr=False)
    current: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Read ``id:base64,id2:base64``, current key first; raises BadKeys."""
        keys: dict[str, bytes] = {}
        for number, entry in enumerate(text.split(","), start=1):
            name, _, encoded = entry.strip().partition(":")
            if not name or not name.isascii() or len(name) > 40 or name in keys:
                raise BadKeys(f"Key {number} needs an id of its own: id:base64.")
            keys[name] = _decode(encoded, number)
        return cls(keys, next(iter(keys)))

    @classmethod
    def demonstration(cls) -> Self:
        """Give the key that everyone knows: for demonstrations on one's own machine only."""
        return cls({DEMONSTRATION: _DEMONSTRATION_KEY}, DEMONSTRATION)

    @property
    def safe(self) -> bool:
        """Whether the current key is a secret: not the one that is printed in this file."""
        return _DEMONSTRATION_KEY not in self.keys.values()

    def new_data_key(self, place: bytes, random: Randomness = urandom) -> tuple[bytes, Wrapped]:
        """Make a data key for the record at ``place``; give it in clear and wrapped."""
        key = random(KEY_BYTES)
        return key, self.wrap(key, place, random)

    def wrap(self, data_key: bytes, place: bytes, random: Randomness = urandom) -> Wrapped:
        """Wrap a data key under the current key, bound to its record."""
        sealed = self._ready[self.current].seal(data_key, _wrap_place(self.current, place), random)
        return Wrapped(self.current, sealed)

    def unwrap(self, wrapped: Wrapped, place: bytes) -> bytes:
        """Give a data key back in clear; raises SealError.

        Where the key of that id does not open it, the others are tried: two keys that were once
        used under one id can only be held under two.
        """
        key = self._ready.get(wrapped.key_id)
        if key is None:
            raise SealError("The key that wrapped this record is not in the environment.")
        within = _wrap_place(wrapped.key_id, place)
        for one in (key, *(other for other in self._ready.values() if other is not key)):
            try:
                return one.unseal(wrapped.sealed, within)
            except SealError:
                continue
        raise SealError("No key in the environment opens this record.")

    def is_under_current(self, wrapped: Wrapped, place: bytes) -> bool:
        """Whether the current key alone opens a data key, so that no other is needed for it."""
        if wrapped.key_id != self.current:
            return False
        try:
            self._ready[self.current].unseal(wrapped.sealed, _wrap_place(self.current, place))
        except SealError:
            return False
        return True

    @cached_property
    def _ready(self) -> dict[str, Key]:
        return {id: Key(key) for id, key in self.keys.items()}


def seal(key: bytes, clear: bytes, place: bytes, random: Randomness = urandom) -> bytes:
    """Seal with a key that is used once."""
    return Key(key).seal(clear, place, random)


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """Unseal with a key that is used once; raises SealError."""
    return Key(key).unseal(sealed, place)


def seal_json(key: bytes, value: object, place: bytes, random: Randomness = urandom) -> bytes:
    """Seal plain JSON values."""
    return seal(key, json_of(value), place, random)


def unseal_json(key: bytes, sealed: bytes, place: bytes) -> object:
    """Open plain JSON values; raises SealError."""
    return json_in(unseal(key, sealed, place))


def json_of(value: object) -> bytes:
    """Write plain JSON values, in any order and in a third of the time."""
    try:
        return to_json(value)
    except PydanticSerializationError:
        # Half of a surrogate pair is no UTF-8: json writes its number.
        return _written(value).encode()


def json_in(clear: bytes) -> object:
    """Read plain JSON values."""
    # As text: of bytes json would first work out which encoding of Unicode they are in.
    opened: object = json.loads(clear.decode())
    return opened


def place(*parts: str) -> bytes:
    """Name a place unambiguously, as associated data: each part with its length before it.

    The place of more parts is the places of its parts, one after the other.
    """
    return b"".join([b"%d:%s," % (len(part), part) for part in map(str.encode, parts)])


def keyed_mark(key: bytes, text: str) -> str:
    """Give the keyed HMAC-SHA256 of some text, for equality and limits without the text itself."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def write_key(name: str, random: Randomness = urandom) -> str:
    """Make one entry for the environment: ``id:base64`` of a new 256-bit key."""
    return f"{name}:{b64encode(random(KEY_BYTES)).decode()}"


def _wrap_place(key_id: str, bound: bytes) -> bytes:
    return place("data-key", key_id) + bound


def _decode(encoded: str, number: int) -> bytes:
    try:
        key = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BadKeys(f"Key {number} is not base64.") from None
    if len(key) != KEY_BYTES:
        raise BadKeys(f"Key {number} is {len(key)} bytes; it needs {KEY_BYTES}.")
    return key
