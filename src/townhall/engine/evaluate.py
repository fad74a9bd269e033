"""Whether a condition holds, given the answers that stand on the route."""

from __future__ import annotations

from datetime import date

from townhall.engine.conditions import Condition
from townhall.engine.form import Form
from townhall.engine.scope import Scope


def holds(condition: Condition | None, form: Form, scope: Scope, today: date) -> bool:
    """Say whether a condition holds; no condition always does.

    Raises CannotEvaluate when a value is of a type that the model should have refused.
    """
    return condition is None or form.decision(condition)(scope, today)
