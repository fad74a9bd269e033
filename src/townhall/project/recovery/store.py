"""What a backup asks of a database, whichever it is."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from townhall.project.recovery.files import Watch
from townhall.project.recovery.manifest import Part

Rows = Sequence[tuple[str, ...]]

MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"
KEYS = """
    SELECT key_id FROM submissions_draft WHERE length(wrapped_key) > 0
    UNION SELECT key_id FROM submissions_submission WHERE length(wrapped_key) > 0
    ORDER BY 1
"""


@dataclass(frozen=True)
class Facts:
    """What is in a copy: the migrations it has had, and the ids of the keys that its rows need."""

    engine: str
    migrations: tuple[str, ...]
    keys: tuple[str, ...]


def facts(engine: str, ask: Callable[[str], Rows]) -> Facts:
    """Ask a copy, in words that every database understands."""
    return Facts(
        engine,
        tuple(f"{app}.{name}" for app, name in ask(MIGRATIONS)),
        tuple(name for (name,) in ask(KEYS)),
    )


class Store(ABC):
    """The database of the settings."""

    kind: ClassVar[Literal["sqlite", "postgresql"]]
    part: ClassVar[str]
    """The name of its copy in a backup."""

    @abstractmethod
    def size(self) -> int:
        """About how many bytes a copy takes."""

    @abstractmethod
    def copy(self, target: Path, watch: Watch) -> Facts:
        """Write all of it as it stands at one instant, while others go on writing.

        Raises Refused.
        """

    @abstractmethod
    def has_records(self) -> bool:
        """Whether a restore would find something in its way."""

    @abstractmethod
    def room(self, size: int) -> tuple[Path, int]:
        """The folder in which a restore of a copy of that size needs bytes, and how many."""

    @abstractmethod
    def incoming(
        self, backup: Path, part: Part, aside: str, watch: Watch
    ) -> AbstractContextManager[str]:
        """Put the copy in a backup in place: in the block, Django's connection is to what came.

        The copy is proven to be that part before anything is touched. What stood there is kept
        under the name ``aside``; gives where it will be, or "". When the block fails, everything
        is as it was. Raises Refused.
        """
