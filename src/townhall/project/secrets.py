"""The two secrets that a server which others can reach must have of its own."""

from collections.abc import Mapping

from townhall.submissions.sealing import BadKeys, KeyRing

# Known to everyone who can read this file, so only ever used where nobody else can reach it.
DEMONSTRATION_SECRET = "demonstration-only-" + "townhall" * 5
SHORTEST = 50
SHORTEST_TOKEN = 20


def read_keys(environ: Mapping[str, str]) -> None:
    """See that sealing keys, where there are any, can be read.

    Raises ValueError naming the setting; its message holds no part of a key.
    """
    for name in ("TOWNHALL_KEYS", "TOWNHALL_ADDRESS_KEYS"):
        if not environ.get(name):
            continue
        try:
            KeyRing.read(environ[name])
        except BadKeys as reason:
            raise ValueError(
                f"{name}: {reason} Write each key as id:base64 of 32 random bytes, as"
                " `townhall keys new 2026a` prints it, with commas between them"
            ) from None


def unfit(environ: Mapping[str, str]) -> list[str]:
    """The names of the secrets that are missing, too short, or known to everyone.

    Raises BadKeys where TOWNHALL_KEYS cannot be read; its message holds no part of a key.
    """
    found = []
    secret = environ.get("TOWNHALL_SECRET_KEY", "")
    if len(secret) < SHORTEST or secret == DEMONSTRATION_SECRET:
        found.append("TOWNHALL_SECRET_KEY")
    keys = environ.get("TOWNHALL_KEYS", "")
    if not keys or not KeyRing.read(keys).safe:
        found.append("TOWNHALL_KEYS")
    return found


def token(name: str, environ: Mapping[str, str]) -> str:
    """Give a token that opens a door; "" where it is not set, and the door stays shut.

    Raises ValueError for one that could be guessed.
    """
    given = environ.get(name, "")
    if given and len(given) < SHORTEST_TOKEN:
        raise ValueError(f"{name} needs {SHORTEST_TOKEN} or more random characters")
    return given
