"""What is drawn once and given again: a process's cache, never a record, dropped at any time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from markupsafe import Markup

from townhall.ui.slots import Kept, Slotted, cut, mark

T = TypeVar("T")
_NOTHING: Any = object()
"""Stands for what was not made yet; what was made may be None."""


class Once(Generic[T]):
    """Things that hold nothing of a person, each made once; ``most`` are kept."""

    def __init__(self, most: int) -> None:
        """Begin with none."""
        self._most = most
        self._kept: dict[Hashable, T] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give what was made for ``key``, which tells apart everything that it depends on."""
        found: T = self._kept.get(key, _NOTHING)
        if found is _NOTHING:
            found = make()
            if len(self._kept) >= self._most:
                self._kept.clear()
            self._kept[key] = found
        return found

    def forget(self) -> None:
        """Drop them all."""
        self._kept.clear()

    def __len__(self) -> int:
        """Count the things that are kept."""
        return len(self._kept)


class Filled(Kept[Slotted]):
    """Fragments with a slot for each text that is a person's own."""

    def draw(
        self, key: Hashable, values: Sequence[str], live: Callable[[Sequence[str]], str]
    ) -> Markup:
        """Draw ``values`` as ``live`` would, which is called only for what was not met before.

        Text is escaped, Markup put in as it is.
        ``key`` is everything that the fragment depends on besides the values: of those, how many
        there are and which are empty. ``live`` may escape them and put them somewhere, and no more.
        """
        blank = tuple([not value for value in values]) if "" in values else len(values)
        found = self.get((key, blank))
        if found is None:
            marks = [mark(at) if value else "" for at, value in enumerate(values)]
            found = cut(live(marks))
            self.keep((key, blank), found)
        return Markup(found.fill(values))  # noqa: S704 - our templates drew it; values are escaped
