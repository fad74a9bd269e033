"""Looks at what the environment and council.yaml say: what is unsafe, or cannot be meant."""

import os
from collections.abc import Iterable, Iterator

from django.conf import settings

from townhall.engine.council import Council
from townhall.engine.faults import InvalidDefinition
from townhall.project import house, together
from townhall.project.doctor.findings import Asked, Finding, bad, ok, warn
from townhall.submissions import keys
from townhall.submissions.sealing import BadKeys

CHECK = "settings"


def look_at_settings(asked: Asked) -> Iterable[Finding]:
    """Who may reach us, what they may learn, and whether what they send goes anywhere."""
    found = [*_doors(), *_processes(), *_council()]
    found += [warn(CHECK, f"{words[:1].upper()}{words[1:]}", "") for words in _limits()]
    return found or [ok(CHECK, _who_reaches_us())]


def _who_reaches_us() -> str:
    names = ", ".join(settings.ALLOWED_HOSTS)
    if not settings.BEYOND_LOOPBACK:
        return f"Only this machine is answered ({names})."
    return f"People reach us as {names}, by TLS."


def _doors() -> Iterator[Finding]:
    if settings.DEBUG:
        yield bad(
            CHECK,
            "DEBUG is on: an error page shows answers and settings to whoever meets it.",
            "Take DEBUG out of your settings and start again.",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield bad(
            CHECK,
            "TOWNHALL_HOSTS takes every name, so links in pages can be made to lead elsewhere.",
            "Name the hosts that people use, divided by commas.",
        )
    if settings.BEYOND_LOOPBACK and not settings.BEHIND_PROXY:
        yield warn(
            CHECK,
            "Nothing says that a proxy ends TLS; without one, each page sends people to https for "
            "ever.",
            "Set TOWNHALL_BEHIND_PROXY=yes where your proxy sets X-Forwarded-Proto itself.",
        )


def _processes() -> Iterator[Finding]:
    several = os.environ.get("TOWNHALL_WEB_PROCESSES", "1") != "1"
    if several and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield warn(
            CHECK,
            "Several web processes share one SQLite file, which one at a time can write.",
            "Set TOWNHALL_WEB_PROCESSES to 1, or move to PostgreSQL (docs/running.md).",
        )
    if os.environ.get("TOWNHALL_LOG_LEVEL", "").upper() == "DEBUG":
        yield warn(
            CHECK, "Logs are at DEBUG: they fill the disk.", "Take TOWNHALL_LOG_LEVEL=DEBUG out."
        )
    try:
        together.seconds_to_drain()
    except ValueError as reason:
        yield bad(CHECK, f"{reason}.", "Mend it: the server does not start with it.")


def _limits() -> list[str]:
    return list(settings.ALLOWANCES.warnings)


def _council() -> Iterator[Finding]:
    try:
        council = house.council()
    except house.NoCouncil:
        yield bad(
            CHECK,
            "There is no council.yaml in the folders of services, so no page can be shown.",
            "Name its folder with TOWNHALL_SERVICES, as the server does.",
        )
    except InvalidDefinition:
        yield bad(
            CHECK,
            "council.yaml or another settings file cannot be read, so no page can be shown.",
            "`townhall check` says which line is wrong.",
        )
    else:
        yield from _where_answers_go(council)


def _where_answers_go(council: Council) -> Iterator[Finding]:
    asked_live = os.environ.get("TOWNHALL_LIVE") == "yes"
    if asked_live and council.demonstration:
        yield warn(
            CHECK,
            "TOWNHALL_LIVE=yes, but council.yaml says `demonstration: true`: nothing is sent.",
            "Set `demonstration: false` where real people use this; else take TOWNHALL_LIVE out.",
        )
    if not asked_live and not council.demonstration:
        level = bad if settings.BEYOND_LOOPBACK else warn
        yield level(
            CHECK,
            "This is no demonstration, yet nothing is sent: what people send is filed on this "
            "machine.",
            "Set TOWNHALL_LIVE=yes, as the server has it (docs/running.md).",
        )
    if not council.demonstration and council.operator_email is None:
        yield warn(
            CHECK,
            "council.yaml has no `operator_email`: nobody is told when a delivery fails.",
            "Name an address that somebody reads.",
        )


def look_at_the_key(asked: Asked) -> Iterable[Finding]:
    """Whether new answers can be sealed, and by a key that is a secret."""
    try:
        ring = keys.ring()
    except BadKeys as reason:
        return [
            bad(
                "keys",
                f"TOWNHALL_KEYS cannot be read, so nothing can be taken or opened. {reason}",
                "Set it to what the server had; `townhall keys new` shows the form of one.",
            )
        ]
    if ring.safe:
        return [ok("keys", f"New answers are sealed with the key “{ring.current}”.")]
    if settings.BEYOND_LOOPBACK:
        return [
            bad(
                "keys",
                "Answers are sealed with the demonstration key, which everyone knows.",
                "Set TOWNHALL_KEYS to a key of your own (docs/running.md), first in the list.",
            )
        ]
    return [ok("keys", "The demonstration key is in use: only this machine can reach us.")]
