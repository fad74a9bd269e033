"""Walks one example through the real pages, and says where they are not as the engine has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from townhall.engine.answers import unmarked
from townhall.engine.examples import Run
from townhall.engine.form import Form
from townhall.engine.route import Step
from townhall.project.rehearsal import pages
from townhall.project.rehearsal.browser import Browser
from townhall.project.rehearsal.pages import PAGE_FORM, Fields, Page
from townhall.submissions.references import TEST

NOTICE = "Rehearsal: nothing is sent"
CHECK, SENT = "check-answers", "confirmation"
ANOTHER, YES, NO = "another", "yes", "no"
SPARE = 10


@dataclass(frozen=True)
class Walked:
    """How one example went: the pages met, where it ended, and each way in which that is wrong.

    ``visited``: page ids in order, each once, without lists. ``shown``: how many pages were shown.
    ``exit``: the exit page it ended on. ``fee``: the total on check answers. ``reference``: under
    what its answers were received. ``problems``: what the last page says is wrong.
    """

    visited: tuple[str, ...]
    shown: int
    exit: str | None
    fee: Decimal | None
    reference: str
    problems: tuple[str, ...]
    failures: tuple[str, ...]


class Walk:
    """One person at a browser, with an example's answers in their hand."""

    def __init__(self, browser: Browser, form: Form, run: Run) -> None:
        """`run`: the example as the engine went through it, whose answers are sent again."""
        self.browser, self.form, self.run = browser, form, run
        self.visited: dict[str, None] = {}
        self.items: dict[str, set[str]] = {}
        self.failures: list[str] = []
        self.shown = 0
        self.fee: Decimal | None = None
        self.reference = ""

    def go(self) -> Walked:
        """Walk from the start page to confirmation, an exit, or the first page with problems."""
        start = f"/{self.form.definition.service}"
        page = self._met(self.browser.open(start))
        begin = page.form(action=start)
        if begin is None:
            self.failures.append(f"nobody can start it: the page says “{page.heading}”")
            return self._told(page)
        page = self._met(self.browser.send(begin, {}))
        for _ in range(SPARE + 4 * len(self.run.typed)):
            after = self._onward(page)
            if after is None:
                break
            page = after
        else:
            self.failures.append(f"it does not end: it is on {page.path} still")
        self.failures += self._differences(page)
        return self._told(page)

    def _onward(self, page: Page) -> Page | None:
        """Send what belongs into the page; None where there is no way on."""
        name, item = page.place
        form = page.form(id=PAGE_FORM)
        if self.failures or page.errors or form is None:
            return None
        if name == CHECK:
            self.fee = _total(page)
        answers = self._answers(name, item, form)
        return None if answers is None else self._met(self.browser.send(form, answers))

    def _met(self, page: Page) -> Page:
        """Note a page, and what no page may be."""
        self.shown += 1
        name, item = page.place
        if page.status != 200:
            self.failures.append(f"{page.path} answers {page.status}, “{page.heading}”")
        elif NOTICE not in page.words:
            self.failures.append(f"{page.path} does not say “{NOTICE}”")
        if name == SENT:
            self._note_reference(page)
        elif name in self.form.pages_by_id:
            self.visited[name] = None
            self._note_item(name, item)
        return page

    def _note_reference(self, page: Page) -> None:
        self.reference = page.by_id("reference")
        if not self.reference.startswith(f"{TEST}-"):
            self.failures.append(f"the reference {self.reference} does not begin {TEST}")

    def _note_item(self, name: str, item: str) -> None:
        loop = self.form.loop_of(name)
        if loop is not None:
            self.items.setdefault(loop.repeat.id, set()).add(item)

    def _answers(self, name: str, item: str, form: pages.Form) -> Fields | None:
        if name == CHECK:
            return {}
        if name in self.form.loops:
            return self._another(name, form)
        typed = self.run.typed.get(Step(name, unmarked(item)))
        if typed is None:
            self.failures.append(f"it comes to {name}, where its answers do not lead")
            return None
        if unknown := set(typed) - form.names:
            self.failures.append(f"{name} has no box for {', '.join(sorted(unknown))}")
            return None
        return {box: list(texts) for box, texts in typed.items()}

    def _another(self, repeat: str, form: pages.Form) -> Fields:
        """Add items until there are as many as the example gives."""
        if ANOTHER not in form.names:
            return {}
        wanted = len(self.run.answers.items.get(repeat, ()))
        return {ANOTHER: [YES if len(self.items.get(repeat, ())) < wanted else NO]}

    def _exit(self, page: Page) -> str | None:
        name, _ = page.place
        known = self.form.pages_by_id.get(name)
        return name if known and known.exit else None

    def _differences(self, page: Page) -> Iterable[str]:
        """Say where the pages are not what the engine made of the same answers."""
        if self.failures:
            return
        run = self.run
        visited = tuple(self.visited)
        if visited != run.visited:
            yield f"its pages are {_listed(visited)}, not {_listed(run.visited)}"
        wanted = run.route.exit.page if run.route.exit else None
        if self._exit(page) != wanted:
            yield f"it ends on {page.path}, not on the exit page {wanted}"
        if run.route.complete != bool(self.reference):
            yield f"it ends on {page.path} (“{page.heading}”)"
        if run.route.complete and (self.fee or 0) != (run.fee or 0):
            yield f"check answers shows a fee of £{self.fee or 0:.2f}, not £{run.fee or 0:.2f}"
        yield from self._about_problems(page)

    def _about_problems(self, page: Page) -> Iterable[str]:
        at_fault = {self._asked_at(link) for _, link in page.errors}
        wanted = {problem.question for problem in self.run.problems}
        if at_fault != wanted:
            yield f"the page finds fault with {_listed(at_fault)}, not with {_listed(wanted)}"

    def _asked_at(self, link: str) -> str:
        """The question whose control an error links to."""
        control = link.removeprefix("#")
        for id, question in self.form.questions.items():
            if control == id or control in self.form.kind(question).parts(question):
                return id
        return link

    def _told(self, page: Page) -> Walked:
        return Walked(
            tuple(self.visited),
            self.shown,
            self._exit(page),
            self.fee,
            self.reference,
            tuple(words for words, _ in page.errors),
            (*self.run.failures, *self.failures),
        )


def _total(page: Page) -> Decimal | None:
    """The sum in a table's row "Total", where check answers has one."""
    found = [row[-1] for row in page.rows if len(row) > 1 and row[0] == "Total"]
    try:
        return Decimal(found[0].removeprefix("£").replace(",", "")) if found else None
    except InvalidOperation:
        return None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
