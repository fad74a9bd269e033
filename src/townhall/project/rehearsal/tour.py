"""Takes every example of every service through a rehearsal, one after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from townhall.definitions import queries
from townhall.definitions.files import rehearse_file
from townhall.engine.examples import run_example
from townhall.engine.faults import Fault, InvalidDefinition, Place
from townhall.engine.form import Form
from townhall.engine.library import Library
from townhall.engine.load import Loaded, load_service
from townhall.engine.model import Example
from townhall.project.rehearsal.browser import Browser
from townhall.project.rehearsal.serving import Rehearsal, opened
from townhall.project.rehearsal.walking import Walk, Walked
from townhall.proof.paths import ENDINGS, services_at

LONDON = ZoneInfo("Europe/London")
SAMPLES = Example(name="Nothing but sample answers")
"""What is walked where a service has no example: every answer is its kind's own sample."""

REMEDY = "Correct the example, or the pages and conditions that it goes through."


@dataclass(frozen=True)
class Leg:
    """One example as it went. ``messages``: how many the stand-in got of it."""

    example: str
    walked: Walked
    faults: tuple[Fault, ...]
    messages: int = 0


@dataclass(frozen=True)
class Stop:
    """One service: its legs, walked as they are read; ``refused`` says why nothing of it was."""

    file: Path
    service: str
    legs: Iterator[Leg]
    refused: str = ""


def files(names: Sequence[str]) -> list[Path]:
    """Give the files of services by their names or paths; of every service, where none is named.

    Raises InvalidDefinition with what there is no file for.
    """
    meant = [(name, _path(name)) for name in names]
    meant = meant or [(str(folder), folder) for folder in settings.SERVICES]
    missing = [name for name, path in meant if not path.exists()]
    every, empty = services_at(path for _, path in meant if path.exists())
    if every and not missing:
        return every
    where = ", ".join(str(folder) for folder in settings.SERVICES) or "any folder"
    words = f"There is no such file or folder, and no service of that name in {where}."
    remedy = "Check the name, and say with --services where the services are."
    nameless = missing if meant else ["services"]
    faults = (Fault("no-service", words, remedy, Place(name)) for name in nameless)
    raise InvalidDefinition((*faults, *empty))


def _path(name: str) -> Path:
    inside = [folder / f"{name}{ending}" for folder in settings.SERVICES for ending in ENDINGS]
    return next((path for path in (Path(name), *inside) if path.exists()), Path(name))


def tour(files: Sequence[Path], data: Path, *, at: datetime) -> Iterator[Stop]:
    """Rehearse each file and walk its examples, in a store that is made in ``data``.

    ``at`` is the clock of examples that fix none. Each service's legs have to be read before the
    next service is.
    """
    with opened(data, at=at) as rehearsal, closing(Browser(rehearsal.address)) as browser:
        for file in files:
            yield _stop(file, rehearsal, browser, at)


def _stop(file: Path, rehearsal: Rehearsal, browser: Browser, at: datetime) -> Stop:
    try:
        shelf = rehearsal.settle(file.parent)
    except InvalidDefinition as refused:
        return Stop(file, "", iter(()), "\n".join(str(fault) for fault in refused.faults))
    done = rehearse_file(file, at=at, library=shelf)
    service = queries.live(done.service, at)
    if done.refused or service is None:
        return Stop(file, done.service, iter(()), done.refused)
    guide = _Guide(load_service(file, shelf), service.form, shelf, rehearsal, browser, at)
    return Stop(file, done.service, guide.legs())


@dataclass(frozen=True)
class _Guide:
    loaded: Loaded
    form: Form
    shelf: Library
    rehearsal: Rehearsal
    browser: Browser
    at: datetime

    def legs(self) -> Iterator[Leg]:
        examples = self.form.definition.examples
        for number, example in enumerate(examples):
            yield self._leg(example, ("examples", number))
        if not examples:
            yield self._leg(SAMPLES, ())

    def _leg(self, example: Example, path: tuple[str | int, ...]) -> Leg:
        clock, before = self.rehearsal.clock, self.rehearsal.messages()
        clock.at = example.at.replace(tzinfo=LONDON) if example.at else self.at
        today = clock.at.astimezone(LONDON).date()
        run = run_example(self.form, example, self.shelf.fees, today=today)
        if not path:
            # Nobody has said where samples lead: only the pages and the engine have to agree.
            run = replace(run, failures=())
        self.browser.forget()
        walked = Walk(self.browser, self.form, run).go()
        undelivered = self.rehearsal.deliver(walked.reference) if walked.reference else []
        failures = [*walked.failures, *(f"it is not delivered to {one}" for one in undelivered)]
        faults = tuple(self._fault(example, words, path) for words in failures)
        return Leg(example.name, walked, faults, self.rehearsal.messages() - before)

    def _fault(self, example: Example, words: str, path: tuple[str | int, ...]) -> Fault:
        message = f"The example “{example.name}” fails: {words.rstrip('.')}."
        return Fault("example-fails", message, REMEDY, self.loaded.place(*path))
