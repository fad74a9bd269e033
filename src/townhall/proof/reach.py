"""Finds pages, questions, options and ways on that nobody can meet, and dead ends."""

from __future__ import annotations

from collections.abc import Iterator

from townhall.engine.conditions import All, Condition, Not
from townhall.engine.faults import Path
from townhall.engine.model import Page
from townhall.proof.case import Case, Finding
from townhall.proof.logic import Logic, logic_of
from townhall.proof.routes import routes_of


def never_shown(case: Case) -> Iterator[Finding]:
    """Whatever stands under a condition that contradicts itself is never shown."""
    logic = logic_of(case)
    for use in case.uses:
        if use.path[-1] != "when":
            continue
        page = (
            case.pages[int(use.path[1])] if use.path[0] == "pages" and len(use.path) > 3 else None
        )
        if logic.never(use.condition):
            yield _never(use.path, use.what)
        elif page is not None and page.when is not None and logic.never(use.condition, page.when):
            yield _never(use.path, use.what, " where it stands")


def _never(path: Path, what: str, where: str = "") -> Finding:
    code = "never-shown"
    if len(path) == 3 and path[0] == "pages":
        code = "page-never-shown"
    elif "options" in path:
        code = "option-never-offered"
    elif "next" in path:
        code = "way-never-taken"
    return Finding(
        code,
        path,
        f"{what} has a condition that can never be true{where}: no set of answers meets it.",
        "Correct the condition, or remove what stands under it.",
    )


def jumped_over(case: Case) -> Iterator[Finding]:
    """A page that every way leads past is never shown."""
    routes = routes_of(case)
    for number, page in enumerate(case.pages):
        if not routes.arrives(number):
            yield Finding(
                "page-never-reached",
                ("pages", number, "page"),
                f"Nobody reaches the page `{page.page}`: every way through goes past it.",
                "Send people to it with `next`, or remove it.",
            )
    if case.pages and not routes.arrives(len(case.pages)):
        yield Finding(
            "no-way-to-finish",
            ("pages",),
            "Nobody can finish this service: every way through it ends on an exit page.",
            "Give at least one exit page a `when`, so that some people go on.",
        )


def ways_after_the_last(case: Case) -> Iterator[Finding]:
    """A way on that stands after one without a condition is never taken; the first match wins."""
    logic = logic_of(case)
    for number, page in enumerate(case.pages):
        taken: list[Condition] = []
        for at, branch in enumerate(page.next):
            path: Path = ("pages", number, "next", at)
            if logic.never(branch.when, *(Not(one) for one in taken)) and not _alone(
                logic, branch.when
            ):
                yield Finding(
                    "way-never-taken",
                    path,
                    f"The way on to `{branch.go}` is never taken: one above it always comes first.",
                    "Put it first, or remove it.",
                )
            if branch.when is None:
                yield from _ways_below(page, number, at)
                break
            taken.append(branch.when)


def _alone(logic: Logic, when: Condition | None) -> bool:
    return when is not None and logic.never(when)


def _ways_below(page: Page, number: int, last: int) -> Iterator[Finding]:
    for at in range(last + 1, len(page.next)):
        yield Finding(
            "way-never-taken",
            ("pages", number, "next", at),
            f"The way on to `{page.next[at].go}` is never taken: the one above has no condition, "
            "and the first that matches wins.",
            "Put the way without a condition last.",
        )


def options_left(case: Case) -> Iterator[Finding]:
    """A question that must be answered always has at least one option on offer."""
    logic = logic_of(case)
    for place in case.placed:
        question = place.question
        offered = question.offered
        if not question.required or not offered or any(option.when is None for option in offered):
            continue
        none = All(tuple(Not(option.when) for option in offered if option.when is not None))
        page = case.pages[place.page]
        if not logic.never(none, page.when, question.when):
            yield Finding(
                "no-option-left",
                place.path,
                f"`{question.id}` must be answered, and may be asked with no option on offer, so a "
                "person would be stuck.",
                "Leave one option without `when`, or give the question a `when`.",
            )


def empty_pages(case: Case) -> Iterator[Finding]:
    """A page has something to read or to answer."""
    for number, page in enumerate(case.pages):
        if not page.questions and not page.content and not page.exit:
            yield Finding(
                "empty-page",
                ("pages", number, "page"),
                f"The page `{page.page}` has nothing to read and nothing to answer.",
                "Add questions or content, or remove the page.",
            )
        elif page.questions and all(question.when for question in page.questions):
            yield from _nothing_asked(case, number, page)
        if page.exit and page.questions:
            yield Finding(
                "exit-asks",
                ("pages", number, "questions"),
                f"The page `{page.page}` is an exit, so its questions are never asked.",
                "Put the questions on a page before it.",
            )


def _nothing_asked(case: Case, number: int, page: Page) -> Iterator[Finding]:
    whens = [question.when for question in page.questions]
    none = All(tuple(Not(when) for when in whens if when is not None))
    if page.content or logic_of(case).never(none, page.when):
        return
    yield Finding(
        "page-may-be-empty",
        ("pages", number, "page"),
        f"Every question on the page `{page.page}` has a condition, so some people may see a page "
        "with nothing on it.",
        "Give the page a `when` too.",
        "note",
    )
