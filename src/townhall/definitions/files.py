"""From files to live services: read, prove, put into words, publish."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from townhall.definitions import queries
from townhall.definitions.actions import (
    Candidate,
    Faulty,
    RefusedPublish,
    StaysWithdrawn,
    publish,
)
from townhall.engine.faults import Fault, InvalidDefinition
from townhall.engine.library import Library
from townhall.engine.model import Available
from townhall.proof.check import prove
from townhall.proof.show import plain_words

REHEARSAL = "rehearsal"
"""Who makes a file live in a rehearsal."""

FAILING = "example-fails"


@dataclass(frozen=True)
class Published:
    """What became of one file: ``changed`` is False where that very version was live already.

    ``refused`` is why it was not published, in words for its author; "" when it was.
    ``withdrawn``: the service is withdrawn and was left so.
    """

    file: Path
    service: str
    changed: bool
    refused: str = ""
    withdrawn: bool = False


def publish_file(
    file: Path,
    *,
    by: str,
    at: datetime,
    new_options: Collection[str] = (),
    library: Library | None = None,
    revive: bool = True,
) -> Published:
    """Prove one file and make it live; a file that is refused changes nothing.

    Without ``revive`` a service that is withdrawn stays so, whatever its file holds now.
    The folder's council.yaml, or else the library's, says whether this is a demonstration. Raises
    nothing at the author.
    """
    try:
        library = (library or Library.shipped()).with_folder(file.parent)
        candidate = read_candidate(file, library, at=at)
        council = library.council
        changed = publish(
            replace(candidate, new_options=new_options),
            by=by,
            at=at,
            demonstration=council is not None and council.demonstration,
            revive=revive,
        )
    except StaysWithdrawn:
        return Published(file, candidate.definition.service, changed=False, withdrawn=True)
    except InvalidDefinition as refused:
        return Published(file, "", changed=False, refused=_said(refused.faults))
    except RefusedPublish as refused:
        return Published(file, "", changed=False, refused=str(refused))
    return Published(file, candidate.definition.service, changed=changed)


def rehearse_file(file: Path, *, at: datetime, library: Library) -> Published:
    """Prove one file as a draft and make it live in a rehearsal; raises nothing at the author.

    What a reviewer has still to fill in does not stop it, nor an example that fails: a walk shows
    where. Anybody may begin it now, however many and whenever it says that it is open.
    """
    try:
        shelf = library.with_folder(file.parent).demonstrated()
        candidate = read_candidate(file, shelf, at=at, draft=True)
        service = candidate.definition.model_copy(update={"available": Available()})
        found = tuple(fault for fault in candidate.faults if fault.code != FAILING)
        # Nobody is half-way through an earlier version, so no option need be told from another.
        others = {f"{question}.{option}" for question, option in candidate.made_ids}
        candidate = replace(candidate, definition=service, faults=found, new_options=others)
        changed = publish(candidate, by=REHEARSAL, at=at, demonstration=True)
    except InvalidDefinition as refused:
        return Published(file, "", changed=False, refused=_said(refused.faults))
    except RefusedPublish as refused:
        return Published(file, "", changed=False, refused=str(refused))
    return Published(file, service.service, changed=changed)


def read_candidate(file: Path, library: Library, *, at: datetime, draft: bool = False) -> Candidate:
    """Read and prove a file. Raises Faulty where it holds no definition at all.

    ``draft``: nobody has reviewed it, whatever it says of itself.
    """
    today = at.astimezone(queries.LONDON).date()
    report = prove(file, library, today=today, draft=draft)
    definition = report.loaded.definition
    if definition is None:
        raise Faulty(_said(report.faults))
    return Candidate(
        definition,
        plain_words(definition, library),
        report.faults,
        report.loaded.made_ids,
        over=_live_version(definition.service, at),
    )


def _live_version(service: str, at: datetime) -> str | None:
    """Give the version that is live while the author's file is being proved."""
    found = queries.live(service, at)
    if found is None or found.status is queries.Status.WITHDRAWN:
        return None
    return found.form.version


def _said(faults: Iterable[Fault]) -> str:
    return "\n".join(str(fault) for fault in faults if fault.level == "error")
