"""One service, one file: of two with one name residents would be served the one read last."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from townhall.engine import source
from townhall.engine.faults import Fault, InvalidDefinition, Place
from townhall.engine.load import Loaded


def twins(files: Iterable[Path]) -> list[Fault]:
    """Give a fault for each file that describes a service that one before it describes."""
    return _faults(word for file in files if (word := _name_in(file)))


def twins_of(loaded: Iterable[Loaded]) -> list[Fault]:
    """Give the same of files that were read already; a fault of another sort hides no name."""
    trees = (one.authored for one in loaded)
    words = (tree.items.get("service") for tree in trees if isinstance(tree, source.Mapping))
    return _faults(word for word in words if isinstance(word, source.Scalar))


def _name_in(file: Path) -> source.Scalar | None:
    try:
        text = source.text_in(file)
    except InvalidDefinition:
        return None  # It is refused for that, when it is read for itself.
    return source.first_word(text, str(file), "service")


def _faults(words: Iterable[source.Scalar]) -> list[Fault]:
    first: dict[str, source.Scalar] = {}
    found = []
    for word in words:
        before = first.setdefault(word.value or "", word)
        # One file may be named by two paths, as a link and as itself.
        if word.value and Path(before.file).resolve() != Path(word.file).resolve():
            found.append(_fault(before, word))
    return found


def _fault(before: source.Scalar, word: source.Scalar) -> Fault:
    return Fault(
        "duplicate-service",
        f"{before.file}:{before.line} is `service: {word.value}` too, and residents can be served "
        "only one of the two.",
        "Give one of them another `service:`, or move its file out of the folder.",
        Place(word.file, word.line, ("service",)),
    )
