"""The source's pages as a graph that only goes forward: what leads where, and where it ends."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from townhall.importers.findings import Findings
from townhall.importers.source_form import ELSEWHERE, Link, SourceForm, SourcePage
from townhall.importers.tables import is_question

END = ":end"
"""Where a route comes to check answers."""


@dataclass(frozen=True)
class Way:
    """One way on: to a page's path, to END, or to a break; all of ``conditions`` must hold."""

    to: str
    place: str
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Break:
    """A branch that leads nowhere in the source; it ends on an honest page of its own."""

    key: str
    page: str


@dataclass
class Graph:
    """The pages that can be reached, in an order in which every way goes forward."""

    form: SourceForm
    order: list[SourcePage] = field(default_factory=list)
    ways: dict[str, tuple[Way, ...]] = field(default_factory=dict)
    breaks: dict[str, Break] = field(default_factory=dict)
    exits: set[str] = field(default_factory=set)

    def without(self, paths: set[str]) -> Graph:
        """Give the graph without some of its pages and the ways to them."""
        ways = {
            path: tuple(way for way in found if way.to not in paths)
            for path, found in self.ways.items()
            if path not in paths
        }
        order = [page for page in self.order if page.path not in paths]
        return replace(self, order=order, ways=ways, exits=self.exits - paths)

    def targets(self, path: str) -> list[str]:
        """Give the pages that a page may lead to."""
        known = {page.path for page in self.order}
        return [way.to for way in self.ways.get(path, ()) if way.to in known]


def is_exit(page: SourcePage) -> bool:
    """Whether the source shows the page without a way on, as an end."""
    return page.role == "terminal" or (
        not page.links
        and page.role != "summary"
        and not any(is_question(part) for part in page.components)
    )


def read_graph(form: SourceForm, findings: Findings) -> Graph:
    """Follow the source's links from its start; pages of the ordered dialect follow each other."""
    if form.dialect == "ordered":
        return _in_order(form)
    return _Builder(form, findings).build()


def _in_order(form: SourceForm) -> Graph:
    """Give a way from each page to every later one that can follow it."""
    pages = [page for page in form.pages if page.role != "summary"]
    exits = {page.path for page in pages if page.role == "terminal"}
    ways = {page.path: tuple(_after(pages[at + 1 :])) for at, page in enumerate(pages)}
    return Graph(form, pages, {**ways, **dict.fromkeys(exits, ())}, {}, exits)


def _after(pages: list[SourcePage]) -> Iterator[Way]:
    for page in pages:
        yield Way(page.path, page.place, (page.condition,) if page.condition else ())
        if not page.condition:
            return
    yield Way(END, "")


class _Builder:
    def __init__(self, form: SourceForm, findings: Findings) -> None:
        self.form = form
        self.findings = findings
        self.graph = Graph(form)
        self.pages = {}
        for page in reversed(form.pages):
            self.pages[page.path] = page
        self.numbers = {page.path: number for number, page in enumerate(form.pages)}

    def build(self) -> Graph:
        reached = self._reach()
        self._give_an_end()
        self._cut_cycles(reached)
        self._order(reached)
        if self.pages[self.form.start].controller.startswith("MagicLink"):
            self.findings.withheld(
                self.pages[self.form.start].place,
                "The form only signs people in, by a link in an email.",
                "Sign-in belongs to the old service.",
            )
            return self.graph
        for page in self.form.pages:
            if page.path not in reached and page.role != "gate":
                self._unreached(page)
        return self.graph

    def _unreached(self, page: SourcePage) -> None:
        if page.role != "summary":
            self.findings.fault(
                page.place,
                f"Nothing leads to the page `{page.path}`.",
                "No route from the start page reaches it.",
                "The page and its questions are left out.",
            )
        for link in page.links:
            if link.to not in self.pages and link.to != ELSEWHERE:
                self.findings.fault(
                    link.path,
                    f"The page `{page.path}` leads to `{link.to}`, which is not in the form.",
                    "Nothing leads to the page itself.",
                    "The page is left out.",
                )

    def _reach(self) -> set[str]:
        reached: set[str] = set()
        waiting = [self.form.start]
        while waiting:
            path = waiting.pop()
            if path in reached:
                continue
            reached.add(path)
            page = self.pages[path]
            self.graph.ways[path] = tuple(self._ways(page))
            waiting += [way.to for way in self.graph.ways[path] if way.to in self.pages]
        return reached

    def _ways(self, page: SourcePage) -> Iterator[Way]:
        if is_exit(page):
            self.graph.exits.add(page.path)
            return
        if page.role == "summary":
            yield Way(END, page.place)
            return
        for link in page.links:
            if link.condition and link.condition not in self.form.conditions:
                self._unknown_condition(page, link)
            elif link.condition:
                yield from self._through(page, link, (link.condition,))
        default = self._default(page)
        if default is None:
            yield self._otherwise(page)
        else:
            yield from self._through(page, default, ())

    def _default(self, page: SourcePage) -> Link | None:
        """Give the last way without a condition; one to a missing page if there is no other."""
        plain = [link for link in page.links if not link.condition]
        there = [link for link in plain if link.to in self.pages or link.to == ELSEWHERE]
        chosen = (there or plain)[-1] if plain else None
        for link in plain:
            if link is not chosen:
                self._passed_over(page, link)
        return chosen

    def _through(self, page: SourcePage, link: Link, conditions: tuple[str, ...]) -> Iterator[Way]:
        """Follow a link, past pages that only sign people in."""
        target = self.pages.get(link.to)
        if link.to == ELSEWHERE:
            yield self._break(page, "elsewhere", link.path, conditions)
        elif target is None:
            yield self._missing(page, link, conditions)
        elif target.role == "gate" and len(conditions) < 20:
            self.findings.withheld(
                target.place,
                f"The page `{target.path}` signs people in.",
                "Sign-in belongs to the old service.",
            )
            for onward in target.links:
                more = (onward.condition,) if onward.condition else ()
                yield from self._through(page, Link(onward.to, link.path), (*conditions, *more))
        elif target.role == "summary":
            yield Way(END, link.path, conditions)
        else:
            yield Way(link.to, link.path, conditions)

    def _otherwise(self, page: SourcePage) -> Way:
        """Where the source sends people when no condition holds: its summary, if it has one."""
        summary = self.pages.get("/summary")
        if summary is not None and page.links:
            return Way(END if summary.role == "summary" else summary.path, page.place)
        return self._break(page, "stuck", page.place)

    def _break(
        self, page: SourcePage, why: str, place: str, conditions: tuple[str, ...] = ()
    ) -> Way:
        key = f":{why}:{page.path}"
        self.graph.breaks[key] = Break(key, page.path)
        return Way(key, place, conditions)

    def _missing(self, page: SourcePage, link: Link, conditions: tuple[str, ...]) -> Way:
        key = f":missing:{link.to}"
        self.graph.breaks[key] = Break(key, page.path)
        when = " and ".join(f"“{self.form.conditions[name].display}”" for name in conditions)
        self.findings.fault(
            link.path,
            f"The page `{page.path}` leads to `{link.to}`, which is not in the form.",
            f"It goes there when {when} holds." if when else "It goes there whatever is answered.",
            "That branch ends on a page that says so.",
        )
        return Way(key, link.path, conditions)

    def _unknown_condition(self, page: SourcePage, link: Link) -> None:
        self.findings.fault(
            link.path,
            f"The way from `{page.path}` to `{link.to}` has a condition `{link.condition}`.",
            "The form has no such condition, so the source never takes that way.",
            "The way is left out.",
        )

    def _passed_over(self, page: SourcePage, link: Link) -> None:
        missing = ", which is not in the form," if link.to not in self.pages else ""
        self.findings.fault(
            link.path,
            f"The way from `{page.path}` to `{link.to}`{missing} is never taken.",
            "The page has more than one way on without a condition, and the source takes another.",
            "The way is left out.",
        )

    def _give_an_end(self) -> None:
        """Where no route can be finished, finish it where the source stops."""
        ways = self.graph.ways
        if any(way.to == END for found in ways.values() for way in found):
            return
        for path, found in ways.items():
            if len(found) == 1 and found[0].to == f":stuck:{path}" and not self.pages[path].links:
                ways[path] = (Way(END, found[0].place),)
                self.findings.fault(
                    self.pages[path].place,
                    f"The page `{path}` asks questions and has no way on.",
                    "Nobody can finish the form in the source.",
                    "Its answers come to check answers.",
                )

    def _cut_cycles(self, reached: set[str]) -> None:
        """Turn every way that leads back to a page already passed into a break."""
        done: set[str] = set()
        trail: list[str] = []
        stack: list[tuple[str, bool]] = [(self.form.start, False)]
        while stack:
            path, leaving = stack.pop()
            if leaving:
                trail.pop()
                done.add(path)
                continue
            if path in done or path in trail:
                continue
            trail.append(path)
            stack.append((path, True))
            self.graph.ways[path] = tuple(
                self._forward(path, way, trail) for way in self.graph.ways[path]
            )
            onward = [way.to for way in self.graph.ways[path] if way.to in reached]
            stack += [(to, False) for to in reversed(onward) if to not in done]

    def _forward(self, path: str, way: Way, trail: list[str]) -> Way:
        if way.to not in trail:
            return way
        self.findings.fault(
            way.place,
            f"The page `{path}` leads back to `{way.to}`.",
            "Our routes only go forward, so that nobody can go round for ever.",
            "That branch ends on a page that says so.",
        )
        return self._break(self.pages[path], "back", way.place, way.conditions)

    def _order(self, reached: set[str]) -> None:
        """Put pages after everything that leads to them, otherwise as the file has them."""
        waiting_for = dict.fromkeys(reached, 0)
        for path in reached:
            for to in {way.to for way in self.graph.ways[path]} & reached:
                waiting_for[to] += 1
        ready = [(self.numbers[path], path) for path, count in waiting_for.items() if not count]
        heapq.heapify(ready)
        while ready:
            _, path = heapq.heappop(ready)
            self.graph.order.append(self.pages[path])
            for to in {way.to for way in self.graph.ways[path]} & reached:
                waiting_for[to] -= 1
                if not waiting_for[to]:
                    heapq.heappush(ready, (self.numbers[to], to))
