"""What is wrong with a definition: where, why, and what the author can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Place:
    """A point in an author's file.

    ``line`` counts from 1; ``path`` is the way to the value in the definition's tree,
    for example ``("pages", 3, "questions", 0, "ask")``.
    """

    file: str
    line: int = 1
    path: Path = ()


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a definition.

    ``code`` is stable and documented; ``message`` says what is wrong in a sentence and
    ``remedy`` what to do. A fault of level ``note`` does not stop a publish.
    """

    code: str
    message: str
    remedy: str
    where: Place
    level: Literal["error", "note"] = "error"

    def __str__(self) -> str:
        """Say it as ``file:line: code: message remedy``, the form editors can jump to."""
        tail = f" {self.remedy}" if self.remedy else ""
        return f"{self.where.file}:{self.where.line}: {self.code}: {self.message}{tail}"


class EngineError(Exception):
    """The root of everything that the engine raises.

    EngineError
    ├── InvalidDefinition   a definition that is refused; carries its faults
    ├── BadOperand          the right side of a condition does not suit the question's kind
    └── CannotEvaluate      a type that the model should have refused; never turned into false
    """


class InvalidDefinition(EngineError):
    """A definition that is refused, with every fault found in it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Keep the faults; the message names the first."""
        super().__init__(str(faults[0]) if faults else "invalid definition")
        self.faults = faults


class CannotEvaluate(EngineError):
    """A condition met a value of a type that the model should have refused."""
