"""Whole pages compiled: a template drawn once for each shape of what it is given, then filled.

The shape of plain data is everything about it but its texts: which are empty, how long lists are,
which switches are on. A template may look at no more than that (it never compares or changes a
text), so pages of one shape differ in their texts alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from itertools import count
from typing import Any, Generic, TypeVar

from townhall.ui.slots import Kept, Slotted, cut, mark

T = TypeVar("T")

Draw = Callable[[Any], str]


class Unshaped(TypeError):
    """Something other than texts, numbers, switches, lists and mappings: it is drawn as it is."""


class Same(Generic[T]):
    """Stands in a key for one very object, whatever it holds."""

    __slots__ = ("one",)

    def __init__(self, one: T) -> None:
        """Hold the object, so that no other is ever taken for it."""
        self.one = one

    def __eq__(self, other: object) -> bool:
        """Whether it is that object."""
        return isinstance(other, Same) and self.one is other.one

    def __hash__(self) -> int:
        """Equal for that object."""
        return id(self.one)


class Pages(Kept[Slotted]):
    """The pages kept by one process."""

    def draw(self, fixed: Hashable, data: object, live: Draw) -> str:
        """Draw ``data`` as ``live`` would, which is called only for a shape not met before.

        ``fixed`` is what the page depends on as it is: its template, its language.
        """
        values: list[str] = []
        try:
            key = (fixed, _shape(data, values))
        except Unshaped:
            return live(data)
        found = self.get(key)
        if found is None:
            found = cut(live(marked(data)))
            self.keep(key, found)
        return found.fill(values)


def marked(data: object) -> Any:
    """Give data of the same shape with a mark in place of every text, in ``_shape``'s order."""
    return _marked(data, count())


def _shape(data: object, values: list[str]) -> Hashable:
    """Give the shape of data, and put its texts into ``values``.

    Asked of everything on a page, so by plain type first (abstract classes are slow to ask), and
    texts in a dict, which are most of it, are taken without a call.
    """
    if type(data) is dict:
        shape: list[Hashable] = []
        for name in data:
            one = data[name]
            if type(one) is str and one:
                values += (one,)
                shape += (name, str)
            else:
                shape += (name, _shape(one, values))
        return tuple(shape)
    if type(data) is list or type(data) is tuple:
        return (list, *[_shape(one, values) for one in data])
    if data is None or data is True or data is False:
        return data
    return _other_shape(data, values)


def _other_shape(data: object, values: list[str]) -> Hashable:
    if isinstance(data, str):
        if not data:
            return ""
        values.append(data)
        # No object of its own: a key is as long as what somebody posted.
        return type(data)
    if isinstance(data, Mapping):
        return _shape(dict(data), values)
    if isinstance(data, list | tuple):
        return _shape(list(data), values)
    if isinstance(data, int):
        return (int, data)
    raise Unshaped(type(data).__name__)


def _marked(data: object, numbers: Iterator[int]) -> object:
    if isinstance(data, str):
        return type(data)(mark(next(numbers))) if data else data
    if isinstance(data, Mapping):
        return {name: _marked(one, numbers) for name, one in data.items()}
    if isinstance(data, list | tuple):
        return [_marked(one, numbers) for one in data]
    return data
