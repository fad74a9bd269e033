"""Every read of published services that another room may make."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from townhall.definitions.models import Decision, Service, Version
from townhall.engine.form import Form, compile_form
from townhall.engine.load import definition_from_json, version_of
from townhall.engine.model import Available, Definition, Owner
from townhall.store.statements import Read

LONDON = ZoneInfo("Europe/London")
FORMS_KEPT = 512


class _Row(NamedTuple):
    """A service as it is stored, so far as its status depends on it; ``live`` is a hash."""

    slug: str
    live: str
    withdrawn: bool
    received: int


class UnknownVersion(Exception):
    """No version has this hash."""


class ChangedVersion(Exception):
    """A version's bytes are no longer those that were published."""


_SERVICE = Read(Service, _Row, "slug = %s", "slug")
_LISTED = Read(Service, _Row, "NOT withdrawn")


_STANDS = (
    "(SELECT live_id || ' ' || withdrawn{number} || ' ' || received "
    "FROM definitions_service WHERE slug = {slug})"
)


class Status(StrEnum):
    """Whether a person may begin: OPEN; or why not."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    FULL = "full"
    WITHDRAWN = "withdrawn"


class LiveService(NamedTuple):
    """A service as a person meets it now.

    ``form`` is the version that a new draft begins on. For WITHDRAWN it is the last that was live:
    its title and help still stand on the page that says so.
    """

    slug: str
    form: Form
    status: Status


class Stop(NamedTuple):
    """Nobody may go on with a draft on a version; ``reason`` is for the people it stops."""

    reason: str
    at: datetime


class Standing(NamedTuple):
    """How a service stands for who has begun: ``live`` is the hash of its live version.

    ``stop`` is why nobody may go on with a draft on one version of it, None when everybody may.
    """

    live: str
    withdrawn: bool
    stop: str | None

    def closed(self, at: datetime) -> bool:
        """Whether its days were over at that instant; one that is withdrawn counts none."""
        available = version_form(self.live).definition.available
        status = status_of(available, received=0, withdrawn=self.withdrawn, at=at)
        return status is Status.CLOSED


_STOP = Read(Decision, Stop, "version_id = %s AND stops_drafts ORDER BY id LIMIT 1", "version")


def live(slug: str, at: datetime) -> LiveService | None:
    """Give a service as it stands at that instant, in one query; None when there is none."""
    service = _SERVICE.first(slug)
    return None if service is None else _of(service, at)


def stands_of(slug: str) -> dict[str, str]:
    """Write the SQL, by vendor, of a value that another statement reads for ``living``.

    ``slug`` is SQL too: a request that reads a row of the service needs no second statement.
    """
    return {
        "sqlite": _STANDS.format(number="", slug=slug),
        "postgresql": _STANDS.format(number="::int", slug=slug),
    }


def living(slug: str, stands: str, at: datetime) -> LiveService:
    """Give what ``live`` gives, by what a statement has just read of ``stands_of``."""
    version, withdrawn, received = read_stands(stands)
    return _living(slug, version, received, withdrawn=withdrawn, at=at)


def read_stands(stands: str) -> tuple[str, bool, str]:
    """Read what a statement gave of ``stands_of``: the live version, withdrawn, how many came."""
    version, withdrawn, received = stands.split(" ")
    return version, withdrawn != "0", received


def published(at: datetime) -> list[LiveService]:
    """Give every service that is not withdrawn, by title: the home page."""
    found = [_of(service, at) for service in _LISTED.rows()]
    return sorted(found, key=lambda one: one.form.definition.title.casefold())


def stops(live: LiveService, version: str) -> Stop | None:
    """Give why drafts on a version of this service may not go on; None when they may."""
    return _stop(live.form.version, version, withdrawn=live.status is Status.WITHDRAWN)


def stopped(version: str) -> Stop | None:
    """Give why drafts on a version may not go on; None when they may (`withdraw --now`)."""
    return _STOP.first(version)


def standing(slug: str, version: str) -> Standing | None:
    """Say how a service and a version of it stand; None when there is no such service."""
    service = _SERVICE.first(slug)
    if service is None:
        return None
    return standing_of(service.live, version, withdrawn=service.withdrawn)


def standing_of(live: str, version: str, *, withdrawn: bool) -> Standing:
    """Say how a version stands in a service of which this is live, or was when it was withdrawn."""
    stop = _stop(live, version, withdrawn=withdrawn)
    return Standing(live, withdrawn, None if stop is None else stop.reason)


def _stop(live: str, version: str, *, withdrawn: bool) -> Stop | None:
    """Give what stops a version; of what is live nothing is asked.

    That was never stopped, since `publish` refuses it and `withdraw` takes it from being live.
    """
    return None if version == live and not withdrawn else stopped(version)


@lru_cache(maxsize=FORMS_KEPT)
def version_form(hash: str) -> Form:
    """Give a version ready to run. A version never changes, so it is read once for each process.

    The form goes by the hash under which it was published, whatever a later release of Townhall
    would write for it. Raises UnknownVersion, and ChangedVersion when the bytes are others.
    """
    stored = Version.objects.filter(hash=hash).values_list("canonical", flat=True).first()
    if stored is None:
        raise UnknownVersion(hash)
    if version_of(bytes(stored)) != hash:
        raise ChangedVersion(hash)
    return replace(compile_form(definition_from_json(bytes(stored))), version=hash)


def live_text(slug: str) -> str | None:
    """Give the live version in plain words, as it was shown at publish; None when there is none."""
    return (
        Service.objects.filter(slug=slug, withdrawn=False)
        .values_list("live__text", flat=True)
        .first()
    )


def live_definition(slug: str) -> Definition | None:
    """Give the definition that is live; None when there is none."""
    live = Service.objects.filter(slug=slug, withdrawn=False).values_list("live", flat=True).first()
    return version_form(live).definition if live else None


def owner_of(slug: str) -> Owner | None:
    """Give who answers for a service now; None when there is no such service or nobody does."""
    hash = Service.objects.filter(slug=slug).values_list("live", flat=True).first()
    return version_form(hash).definition.owner if hash else None


def versions(slug: str) -> list[str]:
    """Give the hashes of every version of a service, oldest first."""
    found = Version.objects.filter(service=slug).order_by("published_at", "hash")
    return list(found.values_list("hash", flat=True))


def status_of(available: Available, *, received: int, withdrawn: bool, at: datetime) -> Status:
    """Say whether a person may begin; ``from`` and ``to`` are London's days, both of them open."""
    if withdrawn:
        return Status.WITHDRAWN
    if available.from_ is not None or available.to is not None:
        today = at.astimezone(LONDON).date()
        if available.from_ is not None and today < available.from_:
            return Status.NOT_YET
        if available.to is not None and today > available.to:
            return Status.CLOSED
    if available.limit is not None and received >= available.limit:
        return Status.FULL
    return Status.OPEN


@lru_cache(maxsize=FORMS_KEPT)
def _always_open(slug: str, version: str) -> LiveService | None:
    """Give a service with a version that anybody may begin, whenever and however many have.

    None where days or a number limit that.
    """
    form = version_form(version)
    limits = form.definition.available
    if (limits.from_, limits.to, limits.limit) != (None, None, None):
        return None
    return LiveService(slug, form, Status.OPEN)


def _of(service: _Row, at: datetime) -> LiveService:
    slug, version, withdrawn, received = service
    return _living(slug, version, received, withdrawn=withdrawn, at=at)


def _living(
    slug: str, version: str, received: int | str, *, withdrawn: bool, at: datetime
) -> LiveService:
    always = None if withdrawn else _always_open(slug, version)
    if always is not None:
        return always
    form = version_form(version)
    available = form.definition.available
    status = status_of(available, received=int(received), withdrawn=withdrawn, at=at)
    return LiveService(slug, form, status)
