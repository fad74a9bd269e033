"""Finds references to what is not there, or not yet there when it is needed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from townhall.engine.conditions import Subject
from townhall.engine.faults import Path
from townhall.engine.model import Page
from townhall.proof.case import Case, Finding, Use
from townhall.proof.wordlists import placeholders


def did_you_mean(typed: str, known: Iterable[str], otherwise: str) -> str:
    """Suggest the known name that is nearest to what was typed, or say ``otherwise``."""
    close = difflib.get_close_matches(typed, sorted(known), 1, 0.6)
    return f"Did you mean `{close[0]}`?" if close else otherwise


def later_questions(case: Case) -> Iterator[Finding]:
    """A condition looks only at earlier pages; a rule and a way on, at their own page too."""
    for use in case.uses:
        seen: set[Subject] = set()
        for test in case.expanded(use.condition):
            if test.subject not in seen:
                seen.add(test.subject)
                yield from _too_late(case, use, test.subject)


def _too_late(case: Case, use: Use, subject: Subject) -> Iterator[Finding]:
    if subject.quantity != "value":
        last = case.repeats.get(subject.repeat, -1)
        if last >= use.before:
            yield _later(use, str(subject), case.pages[last].page)
        return
    places = case.places.get(subject.question, ())
    if not places:
        return
    if all(place.repeat and place.repeat != use.repeat for place in places):
        yield Finding(
            "inside-repeat",
            use.path,
            f"{use.what} looks at `{subject.question}`, which is asked once for each item of "
            f"`{places[0].repeat}` and so has no single answer here.",
            f"Ask about all of them: `count of {places[0].repeat}`, "
            f"`any {places[0].repeat}.{subject.question}` or `every …`.",
        )
    elif all(place.page >= use.before for place in places):
        first = places[0].page
        if first == use.before and use.path[:2] == ("pages", first) and use.path[2:3] != ("when",):
            yield _same_page(use, subject.question)
        else:
            yield _later(use, f"`{subject.question}`", case.pages[first].page)


def _later(use: Use, what: str, page: str) -> Finding:
    return Finding(
        "later-question",
        use.path,
        f"{use.what} depends on {what}, but that is asked later or at the same time, "
        f"on the page `{page}`.",
        "Move that page to before this one, or depend on something already asked.",
    )


def _same_page(use: Use, question: str) -> Finding:
    return Finding(
        "same-page",
        use.path,
        f"{use.what} depends on `{question}`, which is on the same page, so nobody has answered "
        "it when the page is shown.",
        "Put the question on an earlier page of its own.",
    )


def next_pages(case: Case) -> Iterator[Finding]:
    """``next`` names a page that exists and comes later, so that nobody goes round in circles."""
    for number, page in enumerate(case.pages):
        for at, branch in enumerate(page.next):
            path: Path = ("pages", number, "next", at, "go")
            target = case.page_numbers.get(branch.go)
            if target is None:
                remedy = did_you_mean(branch.go, case.page_numbers, "Use the id of a later page.")
                yield Finding("unknown-page", path, f"There is no page `{branch.go}`.", remedy)
            elif target <= number:
                yield Finding(
                    "backward-next",
                    path,
                    f"The page `{page.page}` sends people back to `{branch.go}`.",
                    "Go forward only: put the page that people go to after this one. "
                    "They can always use the Back link.",
                )
        if page.exit and page.next:
            yield Finding(
                "exit-goes-on",
                ("pages", number, "next"),
                f"The page `{page.page}` is an exit, so its `next` is never used.",
                "Remove `next`, or remove `exit`.",
            )


def sections(case: Case) -> Iterator[Finding]:
    """A page's section is one of those listed."""
    known = [section.section for section in case.definition.sections]
    for number, page in enumerate(case.pages):
        if page.section and page.section not in known:
            otherwise = f"Add it under `sections:`; there are: {', '.join(known) or 'none'}."
            yield Finding(
                "unknown-section",
                ("pages", number, "section"),
                f"There is no section `{page.section}`.",
                did_you_mean(page.section, known, otherwise),
            )


def named_questions(case: Case) -> Iterator[Finding]:
    """Questions that rules, fees, totals and the acknowledgement name."""
    for path, name, before in _named(case):
        yield from _unknown(case, path, name, before)
    acknowledge = case.definition.acknowledge
    places = case.places.get(acknowledge.to, ()) if acknowledge else ()
    if acknowledge and places and all(place.question.type != "email" for place in places):
        yield Finding(
            "not-an-email-question",
            ("acknowledge", "to"),
            f"The acknowledgement goes to `{acknowledge.to}`, which asks for no email address.",
            "Name a question of type email, or remove `acknowledge`.",
        )


def _named(case: Case) -> Iterator[tuple[Path, str, int]]:
    end = len(case.pages)
    for at, line in enumerate(case.definition.fee):
        if line.times and line.times not in case.repeats:
            yield ("fee", at, "times"), line.times, end
    if case.definition.acknowledge:
        yield ("acknowledge", "to"), case.definition.acknowledge.to, end
    for number, page in enumerate(case.pages):
        yield from _named_on_page(page, number)


def _named_on_page(page: Page, number: int) -> Iterator[tuple[Path, str, int]]:
    for at, rule in enumerate(page.rules):
        yield ("pages", number, "rules", at, "at"), rule.at, number + 1
    if page.repeat:
        for at, name in enumerate(page.repeat.total):
            yield ("pages", number, "repeat", "total", at), name, len(page.questions) + number + 1


def _unknown(case: Case, path: Path, name: str, before: int) -> Iterator[Finding]:
    places = case.places.get(name, ())
    if not places:
        remedy = did_you_mean(name, case.places, "Use the id of a question in this service.")
        yield Finding("unknown-question", path, f"There is no question `{name}`.", remedy)
    elif all(place.page >= before for place in places):
        page = case.pages[places[0].page].page
        yield Finding(
            "later-question",
            path,
            f"`{name}` is asked later, on the page `{page}`.",
            "Move that page to before this one, or name something already asked.",
        )


def limits(case: Case) -> Iterator[Finding]:
    """A limit that is another question's answer names one already asked, or on the same page."""
    for place in case.placed:
        for name in case.kind(place.question).references(place.question):
            yield from _unknown(case, place.path, name, place.page + 1)


_FILLED = ("sections", "check", "confirmation")
"""What is read after the answers; no answer is filled in before them, nor in a name or a notice."""


def answers_in_text(case: Case) -> Iterator[Finding]:
    """Text may name an earlier answer, as ``{{ nests }}``."""
    end = len(case.pages)
    for path, text in case.spoken:
        before = int(path[1]) if path[0] == "pages" else end if path[0] in _FILLED else 0
        for name in placeholders(text):
            yield from _in_text(case, path, name, before)


def _in_text(case: Case, path: Path, name: str, before: int) -> Iterator[Finding]:
    if name == "item.number":
        return
    places = case.places.get(name, ())
    if not places:
        remedy = did_you_mean(name, case.places, "Use the id of a question on an earlier page.")
        message = f"This text names the answer to `{name}`, and there is no such question."
        yield Finding("unknown-question", path, message, remedy)
    elif all(place.page >= before for place in places):
        yield Finding(
            "later-question",
            path,
            f"This text names the answer to `{name}`, which has not been given yet.",
            "Name an answer from an earlier page.",
        )


def conditions_used(case: Case) -> Iterator[Finding]:
    """A named condition that nothing uses is a leftover, or a spelling that missed."""
    used = {name for use in case.uses for name in case.names_in(use.condition)}
    for name in case.definition.conditions:
        if name not in used:
            yield Finding(
                "unused-condition",
                ("conditions", name),
                f"Nothing uses the condition `{name}`.",
                "Remove it, or use it as `when: " + name + "`.",
                "note",
            )
