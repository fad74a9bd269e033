"""Every read of published services that another room may make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from townhall.definitions.models import Decision, Service, Version
from townhall.engine.form import Form, compile_form
from townhall.engine.load import definition_from_json, version_of
from townhall.engine.model import Available, Definition, Owner
from townhall.store.statements import Select

LONDON = ZoneInfo("Europe/London")
FORMS_KEPT = 512

_SERVICE = Select(Service, "slug = %s", "slug")
_STOP = Select(Decision, "version_id = %s AND stops_drafts ORDER BY id LIMIT 1", "version")


class UnknownVersion(Exception):
    """No version has this hash."""


class ChangedVersion(Exception):
    """A version's bytes are no longer those that were published."""


class Status(StrEnum):
    """Whether a person may begin: OPEN; or why not."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    FULL = "full"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class LiveService:
    """A service as a person meets it now.

    ``form`` is the version that a new draft begins on. For WITHDRAWN it is the last that was live:
    its title and help still stand on the page that says so.
    """

    slug: str
    form: Form
    status: Status


@dataclass(frozen=True)
class Stop:
    """Nobody may go on with a draft on a version; ``reason`` is for the people it stops."""

    reason: str
    at: datetime


def live(slug: str, at: datetime) -> LiveService | None:
    """Give a service as it stands at that instant, in one query; None when there is none."""
    service = _SERVICE.first(slug)
    return None if service is None else _living(service, at)


def statuses(slug: str, *instants: datetime) -> list[Status]:
    """Say how a service stands at each instant, in one query; none when there is no such service.

    What changed between them by a person's hand (a withdrawal, a full list) counts as now.
    """
    service = _SERVICE.first(slug)
    return [] if service is None else [_living(service, at).status for at in instants]


def published(at: datetime) -> list[LiveService]:
    """Give every service that is not withdrawn, by title: the home page."""
    services = Service.objects.filter(withdrawn=False)
    found = [_living(service, at) for service in services]
    return sorted(found, key=lambda one: one.form.definition.title.casefold())


def stops(live: LiveService, version: str) -> Stop | None:
    """Give why drafts on a version of this service may not go on; None when they may.

    What is live was never stopped, since `publish` refuses it and `withdraw` takes it from being
    live: then nothing is asked.
    """
    if version == live.form.version and live.status is not Status.WITHDRAWN:
        return None
    return stopped(version)


def stopped(version: str) -> Stop | None:
    """Give why drafts on a version may not go on; None when they may (`withdraw --now`)."""
    decision = _STOP.first(version)
    return None if decision is None else Stop(decision.reason, decision.at)


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


def status_of(available: Available, *, received: int, withdrawn: bool, today: date) -> Status:
    """Say whether a person may begin; ``from`` and ``to`` are both days on which it is open."""
    if withdrawn:
        return Status.WITHDRAWN
    if available.from_ is not None and today < available.from_:
        return Status.NOT_YET
    if available.to is not None and today > available.to:
        return Status.CLOSED
    if available.limit is not None and received >= available.limit:
        return Status.FULL
    return Status.OPEN


def _living(service: Service, at: datetime) -> LiveService:
    form = version_form(service.live_id)
    status = status_of(
        form.definition.available,
        received=service.received,
        withdrawn=service.withdrawn,
        today=at.astimezone(LONDON).date(),
    )
    return LiveService(service.slug, form, status)
