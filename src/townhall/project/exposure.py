"""Why a server that others can reach must not be started, told by its environment alone.

Nothing here needs Django: the web process asks before it starts any of its own.
"""

from collections.abc import Mapping, Sequence

from townhall.project import secrets

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Addresses to listen at which only this machine reaches."""

OURS = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Names by which only this machine asks."""


def hosts(environ: Mapping[str, str]) -> list[str]:
    """The names by which people reach us: TOWNHALL_HOSTS, or those of this machine."""
    given = environ.get("TOWNHALL_HOSTS", "").replace(",", " ").split()
    return given or sorted(OURS)


def is_beyond_loopback(environ: Mapping[str, str]) -> bool:
    """Whether other people reach us by one of those names."""
    return not set(hosts(environ)) <= OURS


def refusals(host: str, environ: Mapping[str, str], *, beyond: bool) -> list[str]:
    """What to do before listening at ``host``; empty where nothing is wrong.

    ``beyond``: other people reach us by name; that the keys are fit for it the settings have seen.
    """
    if host not in LOOPBACK:
        named = [] if environ.get("TOWNHALL_HOSTS") else ["TOWNHALL_HOSTS"]
        if missing := named + secrets.unfit(environ):
            names = ", ".join(missing)
            return [f"other machines could reach {host}, so set {names} first (docs/running.md)."]
    if beyond and not is_named(environ):
        return ["other people can reach this server: name your folder of services with --services."]
    return []


def refusals_alone(host: str, environ: Mapping[str, str]) -> list[str]:
    """The same for a process that reads no settings of Django's, so it sees to the keys too."""
    try:
        secrets.read_keys(environ)
    except ValueError as reason:
        return [f"{reason}."]
    beyond = is_beyond_loopback(environ)
    if beyond and (missing := secrets.unfit(environ)):
        return [unfit_words(missing)]
    return refusals(host, environ, beyond=beyond)


def unfit_words(missing: Sequence[str]) -> str:
    """Say which secrets are to be set before other people can reach this server."""
    return (
        f"Other people can reach this server: set {' and '.join(missing)} to secrets of your own "
        "(docs/running.md says how to make them)."
    )


def is_named(environ: Mapping[str, str]) -> bool:
    """Whether somebody said which services to serve; the demonstration is for this machine only.

    Published over a council's own, its services would take their place.
    """
    return bool(environ.get("TOWNHALL_SERVICES"))
