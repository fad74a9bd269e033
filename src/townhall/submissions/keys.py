"""The keys as the settings give them."""

from functools import lru_cache

from django.conf import settings

from townhall.submissions.sealing import KeyRing, keyed_mark


def ring() -> KeyRing:
    """Give the wrapping keys; the demonstration key where none is set (loopback only: settings).

    Raises BadKeys when the environment holds something that is not a list of keys.
    """
    return _read(str(settings.KEYS))


def address_keys() -> tuple[bytes, ...]:
    """Give the keys under which an address is counted, newest first; never those that seal.

    They come from TOWNHALL_ADDRESS_KEYS (same form), or else are derived from the wrapping keys.
    """
    given = str(settings.ADDRESS_KEYS)
    keys = _read(given) if given else ring()
    return tuple(
        keyed_mark(key, "townhall: count addresses").encode() for key in keys.keys.values()
    )


@lru_cache(maxsize=8)
def _read(text: str) -> KeyRing:
    return KeyRing.read(text) if text else KeyRing.demonstration()
