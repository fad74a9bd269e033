"""Writes the ways between pages: file order where that is enough, and `next` where it is not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from townhall.engine.conditions import Condition
from townhall.engine.model import CHECK_ANSWERS
from townhall.importers.book import Asked
from townhall.importers.exhaustive import covers
from townhall.importers.graph import END, Break, Way
from townhall.importers.logic import ALWAYS, NEVER, all_of
from townhall.importers.pages import Made, Pages
from townhall.importers.source_form import SourcePage
from townhall.importers.standing import At

Plain = dict[str, Any]

_SORRY = (
    "Part of this form is missing, so we cannot take your answers online. This is our mistake, not"
    " yours. Nothing that you entered has been sent."
)
_WHY = {
    "missing": "points to a page that does not exist",
    "stuck": "has no way on from here",
    "back": "goes back to an earlier page",
    "elsewhere": "goes on to another website",
}


@dataclass(frozen=True)
class Branch:
    """One way on, translated: under what condition, and to what."""

    condition: Condition
    to: str
    name: str = ""


@dataclass
class Routes:
    """Joins pages into one service."""

    pages: Pages
    made: dict[str, Made]
    ends: dict[str, str] = field(default_factory=dict)

    def unreached(self) -> set[str]:
        """Give the pages that no answers can reach, because of conditions that never hold."""
        if self.pages.form.dialect == "ordered":
            return {page.path for page in self._shown_pages() if self._page_when(page) == NEVER}
        return set(self.made) - self._reached({path: self._branches(path) for path in self.made})

    def write(self) -> list[Plain]:
        """Give all pages in file order, with their ways on."""
        if self.pages.form.dialect == "ordered":
            return self._in_order()
        branches = {path: self._branches(path) for path in self.made}
        breaks = [self._end(key) for key in self._broken(branches)]
        order = list(self.made.values())
        following = self._following(order, breaks)
        for one in order:
            self._join(one, branches[one.path], following)
        return [page for one in order for page in one.pages] + breaks

    # Pages that follow each other, each under its own condition

    def _in_order(self) -> list[Plain]:
        found: list[Plain] = []
        for page in self._shown_pages():
            when = self._page_when(page)
            found += [self._shown(one, page, when) for one in self.made[page.path].pages]
        return found

    def _shown_pages(self) -> list[SourcePage]:
        return [page for page in self.pages.graph.order if page.path in self.made]

    def _page_when(self, page: SourcePage) -> Condition:
        """Give a page's condition; the source shows its first page whatever it says."""
        if not page.condition or page is self.pages.graph.order[0]:
            return ALWAYS
        if page.condition not in self.pages.form.conditions:
            self.pages.findings.fault(
                page.place,
                f"The page `{page.path}` has a condition that is not in the form.",
                "The source always shows it.",
                "It is always shown.",
            )
            return ALWAYS
        return self.pages.truth(page.path, own=False).named(page.condition)

    def _shown(self, found: Plain, page: SourcePage, when: Condition) -> Plain:
        if when == ALWAYS or "when" in found:
            return found
        display = self.pages.form.conditions[page.condition].display
        under: Plain = {"when": self.pages.registry.use(display, when)}
        before: Plain = {key: found[key] for key in ("page", "title", "section") if key in found}
        return {**before, **under, **found}

    # Pages joined by links

    def _branches(self, path: str) -> list[Branch]:
        """Give a page's ways on; the last is for everybody else."""
        truth = self.pages.truth(path, own=True)
        found: list[Branch] = []
        ways = self.pages.graph.ways[path]
        for at, way in enumerate(ways):
            condition = all_of(*(truth.named(name) for name in way.conditions))
            if condition == NEVER:
                self._never_taken(path, way)
                continue
            if at == len(ways) - 1 and not way.conditions and self._leave_nobody(path, found, way):
                found[-1] = replace(found[-1], condition=ALWAYS)
                break
            found.append(Branch(condition, way.to, self._display(way)))
            if condition == ALWAYS:
                break
        return found

    def _display(self, way: Way) -> str:
        return " and ".join(self.pages.form.conditions[name].display for name in way.conditions)

    def _never_taken(self, path: str, way: Way) -> None:
        self.pages.findings.fault(
            way.place,
            f"The way from `{path}` to `{way.to}` is never taken.",
            f"Its condition “{self._display(way)}” cannot hold there.",
            "The way is left out.",
        )

    def _leave_nobody(self, path: str, found: list[Branch], way: Way) -> bool:
        """Whether the last way stands only because the source has none, and is not needed."""
        given = any(not link.condition for link in self._page(path).links)
        if given or not found:
            return False
        if covers([one.condition for one in found], self._certain(path)):
            return True
        if way.to in self.pages.graph.breaks:
            self._nowhere(path)
        else:
            self.pages.findings.note(
                self._page(path).place,
                f"The page `{path}` says no way on for people who meet none of its conditions.",
                "The source sends them to its summary.",
                "They come to check answers.",
            )
        return False

    def _nowhere(self, path: str) -> None:
        self.pages.findings.fault(
            self._page(path).place,
            f"The page `{path}` leads nowhere for people who meet none of its conditions.",
            "It has no way on without a condition, and the form has no summary page.",
            "They come to a page that says so.",
        )

    def _certain(self, path: str) -> dict[str, Asked]:
        standing = At(self.pages.map, path, own=True)
        asked = self.pages.book.asked.values()
        return {one.id: one for one in asked if one.required and one.values and standing.met(one)}

    def _page(self, path: str) -> SourcePage:
        return next(page for page in self.pages.form.pages if page.path == path)

    def _reached(self, branches: dict[str, list[Branch]]) -> set[str]:
        reached: set[str] = set()
        waiting = list(self.made)[:1]
        while waiting:
            path = waiting.pop()
            if path not in reached:
                reached.add(path)
                waiting += [one.to for one in branches[path] if one.to in self.made]
        return reached

    def _broken(self, branches: dict[str, list[Branch]]) -> list[str]:
        found = [one.to for path in self.made for one in branches[path]]
        return list(dict.fromkeys(key for key in found if key in self.pages.graph.breaks))

    def _end(self, key: str) -> Plain:
        """Give the honest page on which a broken branch ends."""
        broken: Break = self.pages.graph.breaks[key]
        why = key.split(":")[1]
        id = self.pages.names.give(key, "cannot-continue")
        if why == "stuck" and not self._page(broken.page).links:
            self._nowhere(broken.page)
        self.ends[key] = id
        return {
            "page": id,
            "exit": "You cannot continue online",
            "content": [
                {"text": _SORRY},
                {"text": f"The form that this was imported from {_WHY[why]}."},
            ],
        }

    def _following(self, order: list[Made], breaks: list[Plain]) -> dict[str, str]:
        """Give the page that follows each in the file; check answers follows the last."""
        ids = [page["page"] for one in order for page in one.pages] + [
            page["page"] for page in breaks
        ]
        return dict(zip(ids, [*ids[1:], CHECK_ANSWERS], strict=True))

    def _join(self, one: Made, branches: list[Branch], following: dict[str, str]) -> None:
        if "exit" in one.pages[0]:
            return
        written = [self._written(branch) for branch in branches]
        last = one.pages[-1]
        if len(written) == 1 and set(written[0]) == {"go"}:
            if following[last["page"]] != written[0]["go"]:
                last["next"] = written[0]["go"]
                self._past_asides(one, written)
            return
        last["next"] = written
        self._past_asides(one, written)

    def _past_asides(self, one: Made, written: list[Plain]) -> None:
        """Where a follow-up may be passed over, the page before it needs the same ways on."""
        if len(one.pages) > 1 and "when" in one.pages[-1]:
            followed = one.pages[-1]
            one.pages[-2]["next"] = [{"when": followed["when"], "go": followed["page"]}, *written]

    def _written(self, branch: Branch) -> Plain:
        go = self._target(branch.to)
        if branch.condition == ALWAYS:
            return {"go": go}
        return {"when": self.pages.registry.use(branch.name, branch.condition), "go": go}

    def _target(self, to: str) -> str:
        if to == END:
            return CHECK_ANSWERS
        return self.ends[to] if to in self.ends else self.made[to].first
