"""Every change to what is published."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from townhall.audit.actions import record
from townhall.definitions.models import Decision, Service, Version
from townhall.definitions.queries import Standing, read_stands, standing_of
from townhall.engine.faults import Fault
from townhall.engine.load import canonical, definition_from_json, version_of
from townhall.engine.model import Definition
from townhall.proof.renames import Reworded, reworded
from townhall.store.statements import Change

_TAKEN = (
    "UPDATE definitions_service SET received = received + 1 "
    'WHERE slug = %s AND ("limit" IS NULL OR received < "limit")'
)
_TAKE = Change(Service, _TAKEN, "slug")
_TAKE_AND_SAY = Change(Service, f"{_TAKEN} RETURNING live_id, withdrawn", "slug")


@dataclass(frozen=True)
class Candidate:
    """A definition that someone wants to publish, with all that was found out about it.

    ``text`` is the service in plain words; ``made_ids`` is Loaded.made_ids; ``new_options`` names
    (``question.option``) those that the author says are new, not others reworded; ``over`` is the
    version that was live when the author looked (None: none was; "": do not ask).
    """

    definition: Definition
    text: str
    faults: tuple[Fault, ...] = ()
    made_ids: frozenset[tuple[str, str]] = frozenset()
    new_options: Collection[str] = field(default=())
    over: str | None = ""


class RefusedPublish(Exception):
    """A definition was not published; the message says why, in words for its author."""


class Faulty(RefusedPublish):
    """It has faults."""


class NotReviewed(RefusedPublish):
    """It was imported, or made from a pattern, and nobody has reviewed it."""


class Unsafe(RefusedPublish):
    """This very version was withdrawn with --now."""


class Overtaken(RefusedPublish):
    """Someone else published meanwhile."""


class StaysWithdrawn(RefusedPublish):
    """It is withdrawn, and nobody has asked for it to be live again."""


class MustSay(RefusedPublish):
    """Words of options changed: the author has to say whether each is renamed or new."""

    def __init__(self, options: list[Reworded]) -> None:
        """Ask about each."""
        super().__init__("\n".join(_question(option) for option in options))
        self.options = options


class UnknownService(Exception):
    """No service has this name."""


@transaction.atomic
def publish(
    candidate: Candidate,
    *,
    by: str,
    at: datetime,
    demonstration: bool = False,
    revive: bool = True,
) -> bool:
    """Make a definition live; False when that very version is live already.

    Drafts keep the version they began on. With ``revive`` a withdrawn service is live again: only
    a person decides that. Raises RefusedPublish.
    """
    definition = candidate.definition
    _refuse_unproven(candidate, demonstration=demonstration)
    stored = canonical(definition)
    hash = version_of(stored)
    service = Service.objects.select_for_update().filter(slug=definition.service).first()
    if service is not None and service.live_id == hash and not service.withdrawn:
        return False
    _refuse_withdrawn(service, revive=revive)
    _refuse_overtaken(candidate, service)
    _refuse_unsafe(hash)
    _refuse_reworded(candidate, service)
    version = Version(
        hash=hash,
        service=definition.service,
        canonical=stored,
        text=candidate.text,
        published_at=at,
        published_by=by,
    )
    Version.objects.bulk_create([version], ignore_conflicts=True)
    _go_live(service, definition, hash)
    Decision.objects.create(
        service=definition.service, kind=Decision.Kind.PUBLISHED, version_id=hash, at=at, by=by
    )
    record("publish", which=f"{definition.service} {hash}", who=by, at=at)
    return True


@transaction.atomic
def withdraw(slug: str, *, by: str, at: datetime, reason: str = "", now: bool = False) -> int:
    """Let nobody begin a service; with ``now`` let nobody go on with a draft of it either.

    ``reason`` is told to the people whom ``now`` stops. Gives how many versions were stopped.
    Raises UnknownService.
    """
    service = Service.objects.select_for_update().filter(slug=slug).first()
    if service is None:
        raise UnknownService(slug)
    stopped = _versions_to_stop(slug) if now else []
    if service.withdrawn and not stopped:
        return 0
    Service.objects.filter(pk=slug).update(withdrawn=True)
    Decision.objects.bulk_create(
        Decision(
            service=slug,
            kind=Decision.Kind.WITHDRAWN,
            version_id=hash,
            stops_drafts=now,
            reason=reason,
            at=at,
            by=by,
        )
        for hash in stopped or [service.live_id]
    )
    record("withdraw", which=slug, who=by, at=at, reason=reason, detail={"now": now})
    return len(stopped)


def take_place(slug: str, version: str, stands: str | None = None) -> Standing | None:
    """Count one more received; None when the limit is reached. Part of the caller's transaction.

    One statement compares and counts, so that however many arrive at once the limit holds. How the
    service and that version of it stand is said too, for the caller to undo it. ``stands`` is what
    this transaction has read of ``stands_of`` where nobody else can have written since (SQLite);
    else the statement says it, which takes three times as long there.

    What stops the version is asked after that: on PostgreSQL a statement that waited for the
    service, which someone was just withdrawing, sees the decisions as they stood before it waited.
    """
    if stands is not None:
        live, withdrawn, _ = read_stands(stands)
        taken = _TAKE.run(slug) > 0
        return standing_of(live, version, withdrawn=withdrawn) if taken else None
    row = _TAKE_AND_SAY.row(slug)
    return None if row is None else standing_of(row[0], version, withdrawn=bool(row[1]))


def _refuse_unproven(candidate: Candidate, *, demonstration: bool) -> None:
    errors = [fault for fault in candidate.faults if fault.level == "error"]
    if errors:
        raise Faulty("\n".join(str(fault) for fault in errors))
    if not candidate.definition.reviewed and not demonstration:
        raise NotReviewed(
            f"{candidate.definition.service} is marked `reviewed: false`. "
            "Fill in its owner, privacy and destinations and remove that line, "
            "or publish it in demonstration mode."
        )


def _refuse_withdrawn(service: Service | None, *, revive: bool) -> None:
    if service is not None and service.withdrawn and not revive:
        raise StaysWithdrawn(f"{service.slug} is withdrawn.")


def _refuse_overtaken(candidate: Candidate, service: Service | None) -> None:
    live = service.live_id if service is not None and not service.withdrawn else None
    if candidate.over not in ("", live):
        raise _overtaken(candidate.definition.service)


def _overtaken(service: str) -> Overtaken:
    return Overtaken(
        f"Someone else published {service} meanwhile. "
        "Look at what changed (`townhall show SERVICE --against live`), then publish again."
    )


def _refuse_unsafe(hash: str) -> None:
    if Decision.objects.filter(version=hash, stops_drafts=True).exists():
        raise Unsafe(
            "This very version was withdrawn as unsafe (`withdraw --now`). "
            "Change what was wrong with it and publish that."
        )


def _refuse_reworded(candidate: Candidate, service: Service | None) -> None:
    if service is None:
        return
    live = definition_from_json(bytes(service.live.canonical))
    found = [
        option
        for option in reworded(live, candidate.definition, candidate.made_ids)
        if option.name not in candidate.new_options
    ]
    if found:
        raise MustSay(found)


def _question(option: Reworded) -> str:
    gone = " or ".join(f"“{say}” (id: {id})" for id, say in option.gone)
    first = option.gone[0][0]
    return (
        f"{option.question}: is “{option.say}” a new option, or {gone} in other words? "
        f"If renamed, write {{id: {first}, say: {option.say}}}; "
        f"if new, publish with --new {option.name}."
    )


def _go_live(service: Service | None, definition: Definition, hash: str) -> None:
    """Point the service at a version; its count begins again when its opening date changes."""
    opens, limit = definition.available.from_, definition.available.limit
    live = {"live_id": hash, "withdrawn": False, "limit": limit, "opens": opens}
    if service is None:
        _, created = Service.objects.get_or_create(slug=definition.service, defaults=live)
        if not created:
            raise _overtaken(definition.service)
        return
    if service.opens != opens:
        live["received"] = 0
    Service.objects.filter(pk=service.pk).update(**live)


def _versions_to_stop(slug: str) -> list[str]:
    stopped = Decision.objects.filter(service=slug, stops_drafts=True).values("version")
    left = Version.objects.filter(service=slug).exclude(hash__in=stopped)
    return list(left.order_by("published_at", "hash").values_list("hash", flat=True))
