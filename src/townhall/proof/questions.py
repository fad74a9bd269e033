"""Checks of single questions: settings, reasons, tokens, error words, prices and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from townhall.engine.faults import Path
from townhall.engine.model import PAYMENTS
from townhall.engine.problems import Code
from townhall.engine.question import Question
from townhall.proof.case import Case, Finding
from townhall.proof.references import did_you_mean
from townhall.proof.wordlists import AUTOCOMPLETE

_MARKDOWN_LINK = re.compile(r"\]\(\s*<?([^)\s>]{1,2000})")
_SAFE = ("https", "http", "mailto", "tel", "")
_OPTION_LIMIT = 30


def settings(case: Case) -> Iterator[Finding]:
    """What each kind finds wrong with its own settings, a pattern that RE2 refuses included."""
    for place in case.placed:
        for fault in case.kind(place.question).faults(place.question):
            yield Finding(
                fault.code.replace("_", "-"),
                place.path,
                f"`{place.question.id}`: {fault.message.rstrip('.')}.",
                f"{fault.remedy.rstrip('.')}.",
            )


def groups(case: Case) -> Iterator[Finding]:
    """A group holds questions, one level deep; its parts carry the conditions."""
    for number, page in enumerate(case.pages):
        for at, question in enumerate(page.questions):
            if not question.questions:
                continue
            path: Path = ("pages", number, "questions", at)
            if question.when is not None:
                yield Finding(
                    "group-condition",
                    (*path, "when"),
                    f"The group `{question.id}` has a `when`, which is never read.",
                    "Put the `when` on the page, or on each question in the group.",
                )
            if any(inner.questions for inner in question.questions):
                yield Finding(
                    "nested-group",
                    path,
                    f"The group `{question.id}` holds another group.",
                    "Put the inner questions straight into this group.",
                )


def reasons(case: Case) -> Iterator[Finding]:
    """No service insists on an email address or a phone number without saying why."""
    for place in case.placed:
        question = place.question
        if question.type in ("email", "phone") and question.required and not question.reason:
            what = "an email address" if question.type == "email" else "a phone number"
            yield Finding(
                "missing-reason",
                place.path,
                f"`{question.id}` insists on {what}, which some people do not have.",
                "Add `required: false`, or say in `reason:` why the service cannot do without it.",
            )


def autocomplete(case: Case) -> Iterator[Finding]:
    """A token is one that HTML has, and only for the person's own details (WCAG 2.2, 1.3.5)."""
    for place in case.placed:
        token = place.question.autocomplete
        if token is None:
            continue
        if token not in AUTOCOMPLETE:
            yield Finding(
                "unknown-autocomplete",
                (*place.path, "autocomplete"),
                f"`{token}` is not a token that browsers know.",
                did_you_mean(token, AUTOCOMPLETE, "Use for example name, email, tel or bday."),
            )
        elif "other_person" in place.question.personal:
            yield Finding(
                "autocomplete-of-another",
                (*place.path, "autocomplete"),
                f"`{place.question.id}` asks about someone else, but the browser would fill in the "
                "person’s own details.",
                "Remove `autocomplete`.",
            )


def errors(case: Case) -> Iterator[Finding]:
    """An author's error words are for a problem that the question can have."""
    every = {str(code) for code in Code}
    for place in case.placed:
        kind = case.kind(place.question)
        can = {str(code) for code in kind.codes} | {str(kind.missing(place.question).code), "rule"}
        for code in place.question.errors:
            if code.replace("-", "_") not in can:
                message = f"`{place.question.id}` never has the problem `{code}`."
                if code.replace("-", "_") not in every:
                    message = f"There is no problem `{code}`."
                yield Finding(
                    "unknown-problem",
                    (*place.path, "errors", code),
                    message,
                    did_you_mean(code, can, f"It may have: {', '.join(sorted(can))}."),
                )


def long_lists(case: Case) -> Iterator[Finding]:
    """Radios and checkboxes are for lists that people can take in at once."""
    for place in case.placed:
        count = len(place.question.offered)
        if place.question.type in ("radios", "checkboxes") and count > _OPTION_LIMIT:
            yield Finding(
                "many-options",
                place.path,
                f"`{place.question.id}` offers {count} options, which is a lot to read through.",
                "Group them with an earlier question, or make the type `select`.",
                "note",
            )


def many_questions(case: Case) -> Iterator[Finding]:
    """One thing on a page, under one heading: a long page is hard to finish and to correct."""
    for number, page in enumerate(case.pages):
        if page.content and page.questions and not page.title:
            yield Finding(
                "untitled-words",
                ("pages", number, "page"),
                f"The page `{page.page}` has words but no title, so its question is said twice.",
                "Add `title:`, which stands above the words.",
                "note",
            )
        if len(page.questions) > 12:
            yield Finding(
                "long-page",
                ("pages", number, "page"),
                f"The page `{page.page}` asks {len(page.questions)} questions.",
                "Ask one thing on a page, and at most a few that belong together.",
                "note",
            )


def prices(case: Case) -> Iterator[Finding]:
    """Each fee line names a price of the fee table, and counts by a number."""
    table = case.fees.prices
    for at, line in enumerate(case.definition.fee):
        if line.price not in table:
            otherwise = f"The fee table has: {', '.join(sorted(table)) or 'no price yet'}."
            yield Finding(
                "unknown-price",
                ("fee", at, "price"),
                f"There is no price `{line.price}` in the fee table.",
                did_you_mean(line.price, table, otherwise),
            )
        elif case.fees.price(line.price, case.today) is None:
            yield Finding(
                "no-price-today",
                ("fee", at, "price"),
                f"The price `{line.price}` is not in force yet.",
                "Give it an earlier `from` date in the fee table.",
            )
        yield from _times(case, ("fee", at, "times"), line.times)


def payment(case: Case) -> Iterator[Finding]:
    """A service with a fee says how it is paid, so that nobody thinks they have paid."""
    fee, said = case.definition.fee, case.definition.payment
    if fee and said is None:
        yield Finding(
            "missing-payment",
            ("fee",),
            "This service has a fee and does not say how it is paid.",
            f"Write `payment: {PAYMENTS[0]}`, and people are told that nothing is paid now. "
            "Townhall takes no payments yet.",
        )
    elif said is not None and not fee:
        yield Finding(
            "payment-without-fee",
            ("payment",),
            "This service says how a fee is paid, and it has no fee.",
            "Add the fee under `fee:`, or remove `payment:`.",
            "note",
        )


def _times(case: Case, path: Path, name: str | None) -> Iterator[Finding]:
    question: Question | None = case.question(name) if name else None
    if question is None:
        return
    kind = case.kind(question)
    if kind.ordering != "number":
        yield Finding(
            "times-not-a-number",
            path,
            f"The fee is multiplied by `{name}`, which is not a number.",
            "Name a question of type number.",
        )
    elif getattr(kind.settings(question), "decimals", 0):
        # A price is charged so many times: what is after the point would be charged to nobody.
        yield Finding(
            "times-not-a-number",
            path,
            f"The fee is multiplied by `{name}`, which may be answered with decimals.",
            "Name a question of type number that takes whole numbers only (no `decimals:`).",
        )


def links(case: Case) -> Iterator[Finding]:
    """Links go to web pages, email addresses and phone numbers; pictures come from the council."""
    for path, text in case.spoken:
        for url in _MARKDOWN_LINK.findall(text[:20_000]):
            yield from _link(path, url)
    for number, page in enumerate(case.pages):
        for at, content in enumerate(page.content):
            path = ("pages", number, "content", at)
            if content.link is not None:
                yield from _link((*path, "link", "url"), content.link.url)
            if content.image is not None and "//" in content.image.src:
                yield Finding(
                    "outside-image",
                    (*path, "image", "src"),
                    "This picture comes from another place, which would learn who is reading.",
                    "Put the picture on the council’s own server and give its path.",
                )


def _link(path: Path, url: str) -> Iterator[Finding]:
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        scheme = "?"
    if scheme not in _SAFE:
        yield Finding(
            "unsafe-link",
            path,
            "This link does not go to a web page, an email address or a phone number.",
            "Begin it with https://, mailto: or tel:.",
        )
