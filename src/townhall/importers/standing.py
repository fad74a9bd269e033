"""What is known of earlier answers at each page of a form that only goes forward."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from townhall.importers.book import Asked
from townhall.importers.graph import Graph


@dataclass(frozen=True)
class Map:
    """Where each page stands, and which pages nobody can go round."""

    graph: Graph

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Give each page's place in the order."""
        return {page.path: number for number, page in enumerate(self.graph.order)}

    @cached_property
    def _round(self) -> dict[frozenset[str], frozenset[str]]:
        return {}

    def reached_round(self, pages: frozenset[str]) -> frozenset[str]:
        """Give the pages that can be reached without passing any of ``pages``."""
        if pages not in self._round:
            self._round[pages] = self._walk_round(pages)
        return self._round[pages]

    def _walk_round(self, pages: frozenset[str]) -> frozenset[str]:
        start = self.graph.order[0].path
        reached, waiting = set(), [start]
        while waiting:
            path = waiting.pop()
            if path not in reached:
                reached.add(path)
                if path not in pages:
                    waiting += self.graph.targets(path)
        return frozenset(reached)


@dataclass(frozen=True)
class At:
    """A place at a page: its own answers count where ``own`` says that it has been sent."""

    map: Map
    path: str
    own: bool = True

    def visible(self, asked: Asked) -> bool:
        """Whether it can have been asked by then."""
        here = self.map.numbers[self.path]
        numbers = [self.map.numbers[page] for page in asked.pages if page in self.map.numbers]
        return any(number < here or (self.own and number == here) for number in numbers)

    def met(self, asked: Asked) -> bool:
        """Whether it has surely been asked by then, if not answered."""
        if asked.aside or asked.repeated:
            return False
        if self.path in asked.pages:
            return self.own
        return self.path not in self.map.reached_round(frozenset(asked.pages))
