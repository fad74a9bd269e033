"""The named conditions of a definition, each under a name that an author can read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any as Anything

from townhall.engine.conditions import All, Any, Condition, Named, Not, as_plain
from townhall.importers.names import Names, identifier


@dataclass
class Registry:
    """Conditions used so far, by the name that they are given."""

    names: Names = field(default_factory=Names)
    conditions: dict[str, Condition] = field(default_factory=dict)
    _uses: dict[tuple[str, Condition], str] = field(default_factory=dict)

    def use(self, display: str, condition: Condition) -> object:
        """Give what stands after ``when:`` for a condition of the source; plain values."""
        if not isinstance(condition, All | Any | Not):
            return as_plain(condition)
        known = self._uses.get((display, condition))
        if known is None:
            known = self.names.give((display, condition), identifier(display, "condition"))
            self._uses[display, condition] = known
            self.conditions[known] = condition
        return as_plain(Named(known))

    def plain(self) -> dict[str, Anything]:
        """Give what stands under ``conditions:``."""
        return {name: as_plain(condition) for name, condition in self.conditions.items()}
