"""Where answers go: to registered destinations that may hold them, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from townhall.engine.council import Destination
from townhall.engine.model import Delivery
from townhall.proof.case import Case, Finding
from townhall.proof.logic import Logic, logic_of
from townhall.proof.references import did_you_mean


def deliveries(case: Case) -> Iterator[Finding]:
    """Each delivery names a destination of the council's, or an address that its list allows."""
    destinations = case.council.destinations if case.council else {}
    for at, delivery in enumerate(case.definition.deliver):
        if "@" in delivery.to or "//" in delivery.to:
            yield from _literal(case, at, delivery.to)
        elif case.council is not None and delivery.to not in destinations:
            known = sorted(destinations)
            otherwise = f"The council has: {', '.join(known) or 'none yet'}."
            yield Finding(
                "unknown-destination",
                ("deliver", at, "to"),
                f"There is no destination `{delivery.to}`.",
                did_you_mean(delivery.to, known, otherwise),
            )
    if not case.definition.deliver:
        yield Finding(
            "no-delivery",
            (),
            "Answers to this service are sent to nobody.",
            "Add `deliver:` with a destination from council.yaml.",
            "note",
        )


def _literal(case: Case, at: int, address: str) -> Iterator[Finding]:
    if "//" in address:
        where, name = _host(address), "hosts"
        places = case.council.hosts if case.council and address.startswith("https://") else ()
    else:
        where, name = address.rpartition("@")[2].casefold(), "mail_domains"
        places = case.council.mail_domains if case.council else ()
    if where not in {place.casefold() for place in places}:
        yield Finding(
            "address-not-allowed",
            ("deliver", at, "to"),
            f"`{where}` is not on the list of places that answers may go.",
            "Name a destination from council.yaml. Only the council’s operator can add "
            f"a place to `{name}` there, and a web address begins https://.",
        )


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def classes(case: Case) -> Iterator[Finding]:
    """Each answer that a destination receives is of a class that it may hold."""
    logic = logic_of(case)
    for at, delivery in enumerate(case.definition.deliver):
        destination = case.council.destinations.get(delivery.to) if case.council else None
        if destination is not None:
            yield from _classes(case, logic, at, delivery, destination)


def _classes(
    case: Case, logic: Logic, at: int, delivery: Delivery, destination: Destination
) -> Iterator[Finding]:
    refused: dict[str, list[str]] = {}
    for place in case.placed:
        over = [
            one for one in case.classes(place.question) if one not in (*destination.classes, "none")
        ]
        page = case.pages[place.page]
        if over and not logic.never(delivery.when, page.when, place.question.when):
            for name in over:
                refused.setdefault(name, []).append(place.question.id)
    for name, questions in refused.items():
        asked = ", ".join(f"`{one}`" for one in dict.fromkeys(questions))
        yield Finding(
            "class-not-allowed",
            ("deliver", at, "to"),
            f"`{delivery.to}` may not hold {name.replace('_', ' ')} data, which {asked} may hold.",
            "Send the answers elsewhere, correct `personal` on the question, or ask the operator "
            "to allow this class in council.yaml.",
        )
