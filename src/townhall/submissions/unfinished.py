"""When a draft that nobody sends is kept no longer, by its version's own rule."""

from __future__ import annotations

from datetime import datetime

from townhall.engine.form import Form
from townhall.retention.periods import read_due

UNLESS_SAID = "28 days after last_saved"


def rule_of(form: Form) -> str:
    """Give the rule by which a version keeps unfinished drafts; one without any has the default."""
    privacy = form.definition.privacy
    return privacy.retain.unfinished if privacy else UNLESS_SAID


def due_at(form: Form, *, started: datetime, last_saved: datetime) -> datetime | None:
    """Give the instant at which an unfinished draft goes; None when it is never known to be due."""
    return read_due(rule_of(form), {"started": started, "last_saved": last_saved})
