"""What the law and good practice ask of every service: an owner, a notice and help."""

from __future__ import annotations

import re
from collections.abc import Iterator

from townhall.engine.council import Council
from townhall.engine.model import NOTED, Privacy, read_period
from townhall.engine.text import names
from townhall.proof.case import Case, Finding
from townhall.proof.show_parts import day

EVENTS = {
    "submitted": ("submitted", *NOTED),
    "unfinished": ("last_saved",),
}
_TIME = re.compile(r"\b(hours?|days?|weeks?|months?|today|tomorrow|at once)\b", re.IGNORECASE)
LISTED = ("partially compliant", "not compliant")
"""What the UK's model statement says of these is that the non-compliances are listed below."""
NEEDS_POWER = ("public task", "legal obligation")


def owner(case: Case) -> Iterator[Finding]:
    """Someone answers for the service and reads its words again by a date."""
    found = case.definition.owner
    if found is None:
        yield Finding(
            "missing-owner",
            (),
            "This service has no owner.",
            "Add `owner:` with the team, its email address and the date of the next review.",
        )
    elif found.review < case.today:
        yield Finding(
            "review-due",
            ("owner", "review"),
            f"The review of this service was due on {day(found.review)}.",
            "Read the service through, then set the date of the next review.",
            "note",
        )
    if not case.definition.reviewed:
        yield Finding(
            "not-reviewed",
            ("reviewed",),
            "Nobody has reviewed this service yet, so it cannot be published for real.",
            "Fill in owner, privacy and deliver, read every page, then remove `reviewed: false`.",
            "note",
        )


def help_given(case: Case) -> Iterator[Finding]:
    """A person can be reached in several ways (WCAG 2.2, 3.2.6); the council's help fills gaps."""
    own, shared = case.definition.help, case.council.help if case.council else None

    def has(name: str) -> bool:
        return bool(getattr(own, name, None) or getattr(shared, name, None))

    parts = {
        "phone": has("phone"),
        "hours": has("hours"),
        "relay": has("relay"),
        "email or letter": has("email") or has("letter"),
        "bsl": has("bsl"),
    }
    missing = [name for name, there in parts.items() if not there]
    if missing:
        yield Finding(
            "missing-help",
            ("help",) if own else (),
            f"The help has no {', '.join(missing)}.",
            "Add what is missing under `help:` here, or once for all services in council.yaml.",
        )


def council(case: Case) -> Iterator[Finding]:
    """The council's own settings are there, without which half a notice is missing."""
    if case.council is None:
        yield Finding(
            "no-council",
            (),
            "There is no council.yaml beside this file, so its help, its destinations and the "
            "controller in its privacy notice are not known.",
            "Check the service in the folder that holds your council.yaml.",
            "note",
        )
        return
    if not case.council.operator_email:
        yield Finding(
            "no-operator",
            (),
            "Nobody but this service’s owner is told when its answers cannot be delivered.",
            "Add `operator_email:` to council.yaml.",
            "note",
        )
    status = case.council.accessibility
    if status.status in LISTED and not status.known_problems:
        yield Finding(
            "no-known-problems",
            (),
            f"The accessibility statement says {status.status}, and that what is not is listed, "
            "but nothing is.",
            "Add `known_problems:` under `accessibility:` in council.yaml.",
            "note",
        )


def privacy(case: Case) -> Iterator[Finding]:
    """The privacy notice has every part (UK GDPR, Article 13)."""
    found = case.definition.privacy
    if found is None:
        yield Finding(
            "missing-privacy",
            (),
            "This service does not say why it may hold what people tell it.",
            "Add `privacy:` with purpose, basis, power, consequence, automated and retain.",
        )
        return
    if found.basis in NEEDS_POWER and not found.power:
        message = f"The basis is {found.basis}, so the notice must name the law."
        yield _part(message, "Add `power:` with the Act and section that lets the council do this.")
    if not found.consequence:
        message = "The notice must say what follows if someone does not answer."
        yield _part(message, "Add `consequence:` in a sentence.")
    if not found.automated:
        message = "The notice must say whether a computer alone decides anything."
        remedy = "Add `automated: none`, or say what is decided and how to ask a person."
        yield _part(message, remedy)
    if "must_answer" not in found.model_fields_set:
        message = "The notice must say whether people have to answer."
        yield _part(message, "Add `must_answer: false`, or `true` where a law or contract says so.")
    if case.council:
        yield from _council_parts(case, case.council)
    if found.basis == "legitimate interests":
        yield Finding(
            "basis",
            ("privacy", "basis"),
            "A council may not rely on legitimate interests for its public tasks "
            "(UK GDPR, Article 6(1)).",
            "Use `public task` with its power, or check with your data protection officer.",
            "note",
        )


def _council_parts(case: Case, council: Council) -> Iterator[Finding]:
    """What every notice takes from council.yaml (UK GDPR, Article 13(1)(a), (b), (e) and (f))."""
    bodies = {"controller": council.controller, "dpo": council.dpo}
    for key, body in bodies.items():
        if not (body.email or body.address or body.phone):
            who = "the controller" if key == "controller" else "the data protection officer"
            message = f"The notice must say how to reach {who}."
            yield _part(
                message, f"Add an `email:` or an `address:` under `{key}:` in council.yaml."
            )
    named = [council.destinations.get(one.to) for one in case.definition.deliver]
    countries = [one.country for one in council.processors]
    countries += [one.country for one in named if one is not None]
    if council.country is None and None in countries:
        message = "The notice must say in which country each recipient holds answers."
        remedy = "Add `country:` to council.yaml, and to each recipient in another country."
        yield _part(message, remedy)


def _part(message: str, remedy: str) -> Finding:
    return Finding("missing-privacy", ("privacy",), message, remedy)


def special_data(case: Case) -> Iterator[Finding]:
    """Special and offence data need conditions of their own (Articles 9 and 10; Schedule 1)."""
    found = case.definition.privacy
    if found is None:
        return
    special, offence = _asking(case, "special"), _asking(case, "offence")
    if special and not found.article9:
        yield Finding(
            "missing-article9",
            ("privacy",),
            f"{_list(special)} may hold special category data, with no Article 9 condition.",
            "Add `article9:` and `schedule1:` under `privacy:`. A text question counts as special "
            "until you say what it holds, for example `personal: none`.",
        )
    if offence and not found.article10:
        yield Finding(
            "missing-article10",
            ("privacy",),
            f"{_list(offence)} may hold offence data, with no Article 10 authority.",
            "Add `article10:` under `privacy:` with the law that allows it.",
        )
    if _needs_schedule1(found, special, offence) and not found.schedule1:
        yield Finding(
            "missing-schedule1",
            ("privacy",),
            f"{_list(special or offence)} may hold special or offence data, and no Schedule 1 "
            "condition is given.",
            "Add `schedule1:` under `privacy:` with the condition (Data Protection Act 2018).",
        )


def _needs_schedule1(found: Privacy, special: list[str], offence: list[str]) -> bool:
    consented = "explicit consent" in (found.article9 or "").casefold()
    return bool(offence) or bool(special and found.article9 and not consented)


def _asking(case: Case, sort: str) -> list[str]:
    return list(
        dict.fromkeys(
            place.question.id for place in case.placed if sort in case.classes(place.question)
        )
    )


def _list(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:3])
    more = len(names) - 3
    return f"{shown} and {more} more" if more > 0 else shown


def under_18s(case: Case) -> Iterator[Finding]:
    """A service that children may use says so, and its notice is then written for them."""
    asking = _asking(case, "child")
    if asking and "under_18" not in case.definition.audience.model_fields_set:
        yield Finding(
            "under-18",
            ("audience",),
            f"{_list(asking)} may hold a child’s data, and the service does not say whether people "
            "under 18 use it.",
            "Under `audience:` write `under_18: true`, and the notice is written for them, or "
            "`under_18: false`.",
            "note",
        )


def retention(case: Case) -> Iterator[Finding]:
    """Each period is counted from an event that this service has."""
    found = case.definition.privacy
    if found is None:
        return
    for name, events in EVENTS.items():
        typed = getattr(found.retain, name)
        period = read_period(typed)
        if period is None or period[2] not in events:
            yield Finding(
                "bad-period",
                ("privacy", "retain", name),
                f"“{typed}” is not a time to keep answers that Townhall can count.",
                f"Write for example `{'28 days' if name == 'unfinished' else '2 years'} after "
                f"{events[0]}`; it can count from {', '.join(events)}.",
            )
        elif period[2] in NOTED:
            yield _noted_by_hand(name, period[2])


def _noted_by_hand(name: str, event: str) -> Finding:
    """Until a room notes the event itself, what counts from it would be kept for ever unseen."""
    return Finding(
        "event-noted-by-hand",
        ("privacy", "retain", name),
        f"Nothing in Townhall notes `{event}` by itself yet: what people send is kept until "
        "somebody notes it for each.",
        f"Whenever it has happened, run `townhall retention event {event} REFERENCE --on "
        '2026-11-20 --reason "…"`, or count from submitted.',
        "note",
    )


def answer_time(case: Case) -> Iterator[Finding]:
    """The confirmation says by when the council answers."""
    found = case.definition.confirmation
    if not found.answer_by and not _TIME.search(found.next):
        yield Finding(
            "no-answer-time",
            ("confirmation",),
            "The confirmation does not say by when people will hear from you.",
            "Add `answer_by:` under `confirmation:`, for example `within 10 working days`.",
            "note",
        )


def told_to_residents(case: Case) -> Iterator[Finding]:
    """An acknowledgement holds no answer, so words that name one are left out of it."""
    if case.definition.acknowledge is None:
        return
    for name in ("next", "answer_by"):
        if names(getattr(case.definition.confirmation, name) or ""):
            yield Finding(
                "answer-in-message",
                ("confirmation", name),
                f"`{name}` names an answer, so the acknowledgement has to leave it out.",
                "Say it without the answer, and put words that name it under `content:`.",
                "note",
            )


def availability(case: Case) -> Iterator[Finding]:
    """The service opens before it closes, and has not closed already."""
    found = case.definition.available
    if found.from_ and found.to and found.from_ > found.to:
        yield Finding(
            "never-open",
            ("available",),
            f"The service closes on {day(found.to)}, before it opens on {day(found.from_)}.",
            "Correct one of the two dates.",
        )
    elif found.to and found.to < case.today:
        yield Finding(
            "closed",
            ("available", "to"),
            f"The service closed on {day(found.to)}.",
            "Change the date if it should be open.",
            "note",
        )
