"""The words of messages about a submission: to a destination, to the resident, to the owner."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from townhall.engine.council import Council
from townhall.engine.form import Form
from townhall.engine.model import Definition, Help
from townhall.engine.submitted import Line, Submitted, lines, scope_of
from townhall.engine.text import filled, filler, markdown_text, names

LONDON = ZoneInfo("Europe/London")
INDENT = "    "
_ADDRESS = re.compile(r"(?:https?://|mailto:|www\.)[^\s<>()]+", re.IGNORECASE)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ISOLATE, _END_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def when_in_words(at: datetime) -> str:
    """Say an instant as GOV.UK does: ``7 December 2026 at 9:05am``, in London."""
    here = at.astimezone(LONDON)
    half = "am" if here.hour < 12 else "pm"
    return f"{here.day} {here:%B %Y} at {here.hour % 12 or 12}:{here:%M}{half}"


def held_back(form: Form, classes: Collection[str]) -> set[str]:
    """Give the ids of the questions that a destination for these classes may not have."""
    allowed = {"none", *classes}
    return {id for id, question in form.questions.items() if set(question.classes) - allowed}


def submission_text(
    form: Form, submitted: Submitted, *, reference: str, at: datetime, leave_out: Collection[str]
) -> str:
    """Give a submission in plain text for a team's inbox: the lines of check answers.

    Every line of an answer after its first is set in, so that no answer can look like another line.
    What a destination may not have is named, so that nobody takes it for unanswered.
    """
    named, answered = _Named(form, submitted, leave_out), list(lines(form, submitted))
    parts = [
        form.definition.title,
        f"Reference: {reference}\nReceived: {when_in_words(at)}",
        *_sections(named, [line for line in answered if line.question.id not in leave_out]),
    ]
    kept_back = [named.label(line) for line in answered if line.question.id in leave_out]
    if kept_back:
        which = "; ".join(dict.fromkeys(kept_back))
        parts.append(f"Answered, but not sent here, which may not hold it: {which}")
    return "\n\n".join(parts) + "\n"


def acknowledgement_text(
    definition: Definition, council: Council, *, reference: str, at: datetime
) -> tuple[str, str]:
    """Give the subject and the words that a resident is sent.

    They hold nothing that anyone typed: the reference, the date, and the author's and the council's
    own words. What happens next is left out where it would name an answer, and an address that is
    not the council's own is taken out of it.
    """
    name = _public_name(definition)
    parts = [
        f"{council.name} has received what you sent.",
        f"{name}\nYour reference: {reference}\nReceived: {when_in_words(at)}",
    ]
    if not names(definition.confirmation.next):
        parts.append(f"What happens next\n{_own_links(definition.confirmation.next, council)}")
    answer_by = definition.confirmation.answer_by
    if answer_by and not names(answer_by):
        parts.append(f"We will answer {answer_by}.")
    parts.append(_help(definition.help, council))
    parts.append("Give your reference if you contact us. Nobody reads replies to this email.")
    return f"We have received what you sent: {reference}", "\n\n".join(parts) + "\n"


def trouble_text(rows: Iterable[tuple[str, str, str, datetime]]) -> tuple[str, str]:
    """Give the subject and words that an owner is sent about deliveries that fail.

    Each row is a reference, a destination, an error class and since when. No answers, no addresses.
    """
    told = [
        f"{reference or 'unknown'}  to {destination}  {error or 'not tried yet'}  "
        f"since {when_in_words(since)}"
        for reference, destination, error, since in rows
    ]
    count = "1 delivery is" if len(told) == 1 else f"{len(told)} deliveries are"
    words = (
        f"{count} not getting through. Nothing is lost: the answers are kept.\n\n"
        + "\n".join(told)
        + "\n\nPut right what is wrong, then send them again (townhall deliveries redrive), or "
        "discard them with a reason (townhall deliveries discard). "
        "This is said again every day until then.\n"
    )
    return f"{count} not getting through", words


@dataclass(frozen=True)
class _Named:
    """Fills an author's words for a team, with "…" for an answer that it may not have."""

    form: Form
    submitted: Submitted
    leave_out: Collection[str]

    def label(self, line: Line) -> str:
        """Give the short name of a question, within its own item."""
        return self.words(line.question.label, line.repeat, line.item)

    def words(self, text: str, repeat: str = "", number: int = 0) -> str:
        """Give words as one line, in which no answer can look like another."""
        if "{{" not in text:
            return text
        scope = scope_of(self.submitted)
        if repeat:
            item = self.submitted.items[repeat][number - 1]
            scope = replace(scope, inner=item, number=number)
        fill = filler(scope, self.form)
        return filled(text, lambda name: "…" if name in self.leave_out else _isolated(fill(name)))


def _sections(named: _Named, shown: Iterable[Line]) -> Iterator[str]:
    form = named.form
    titles = {one.section: named.words(one.title) for one in form.definition.sections}
    held: list[str] = []
    heading: object = None
    for line in shown:
        under = (titles.get(line.section or "", ""), line.repeat, line.item)
        if held and under != heading:
            yield "\n".join(held)
            held = []
        if not held:
            heading = under
            held += _heading(form, *under)
        held.append(f"{_ended(named.label(line))} {_set_in(line.shown)}")
    if held:
        yield "\n".join(held)


def _heading(form: Form, title: str, repeat: str, item: int) -> list[str]:
    if repeat:
        title = f"{form.loops[repeat].repeat.item} {item}"
    return [title.upper()] if title else []


def _set_in(shown: Iterable[str]) -> str:
    typed = [part for line in shown for part in line.splitlines() or [""]]
    return f"\n{INDENT}".join(_isolated(part) for part in typed)


def _isolated(text: str) -> str:
    """Keep an answer that turns the direction of writing from turning ours (UAX #9, isolates)."""
    plain = "".join(sign if unicodedata.category(sign) != "Cc" else " " for sign in text)
    return f"{_ISOLATE}{plain}{_END_ISOLATE}" if _BIDI & set(plain) else plain


def _ended(label: str) -> str:
    name = " ".join(label.split())
    return name if name.endswith(("?", ":")) else f"{name}:"


def _public_name(definition: Definition) -> str:
    given = definition.acknowledge
    return given.name if given and given.name else definition.title


def _own_links(text: str, council: Council) -> str:
    own = _host(council.website or "")

    def keep(found: re.Match[str]) -> str:
        host = _host(found[0])
        return found[0] if own and (host == own or host.endswith(f".{own}")) else ""

    return _ADDRESS.sub(keep, markdown_text(text)).replace(" ()", "")


def _host(address: str) -> str:
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.casefold().removeprefix("www.")


def _help(own: Help | None, council: Council) -> str:
    given = own.model_dump(exclude_none=True) if own else {}
    help = Help(**(council.help.model_dump(exclude_none=True) | given))
    ways = {
        "Phone": f"{help.phone}, {help.hours}" if help.phone and help.hours else help.phone,
        "Relay UK": help.relay,
        "Email": help.email,
        "Letter": help.letter,
        "British Sign Language": help.bsl,
    }
    return "\n".join(["Get help", *(_way(way, words) for way, words in ways.items() if words)])


def _way(name: str, words: str) -> str:
    """Name a way to get help, unless its own words already begin with that name."""
    return words if words.casefold().startswith(name.casefold()) else f"{name}: {words}"
