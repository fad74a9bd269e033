"""Where in an author's own file something came from, when a block or a pattern supplied it."""

from __future__ import annotations

from townhall.engine import source
from townhall.engine.faults import Place
from townhall.engine.library import Library
from townhall.engine.load import Loaded


def asked_again(loaded: Loaded) -> frozenset[str]:
    """Give the ids of the questions that the author placed with ``ask_again``."""
    if loaded.authored is None:
        return frozenset()
    return frozenset(
        scalar.value
        for path, scalar in source.scalars(loaded.authored)
        if path[-1:] == ("ask_again",) and scalar.value
    )


def used_at(loaded: Loaded, library: Library, file: str) -> Place:
    """Give the line of the author's file that uses the block or pattern in ``file``."""
    if loaded.authored is None:
        return Place(loaded.file)
    for path, scalar in source.scalars(loaded.authored):
        shelf = {"use": library.block, "pattern": library.pattern}.get(str(path[-1]))
        found = shelf(scalar.value or "") if shelf else None
        if found is not None and found.file == file:
            return Place(loaded.file, scalar.line)
    return Place(loaded.file)
