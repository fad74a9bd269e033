"""Hands the tables of wiring.py down once Django is ready."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from townhall.engine import kinds
from townhall.outbox import fittings as outbox
from townhall.project.rehearsal.guard import stand_guard
from townhall.retention import keepers
from townhall.runner import fittings as runner
from townhall.submissions import fittings as submissions


class ProjectConfig(AppConfig):
    """The house as a whole; it has no records."""

    name = "townhall.project"
    label = "project"

    def ready(self) -> None:
        """Install every table. wiring.py names records, so it cannot be imported any earlier."""
        wiring = import_module("townhall.project.wiring")
        kinds.install(wiring.QUESTION_KINDS)
        outbox.install(wiring.OUTBOX)
        keepers.install(wiring.KEEPING_RULES)
        submissions.install(wiring.SUBMISSIONS)
        runner.install(wiring.RUNNER)
        if settings.REHEARSAL:
            stand_guard(settings.DATA)
