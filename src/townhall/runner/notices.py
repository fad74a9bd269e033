"""The privacy notice of a service, made from its definition and the council's settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from townhall.engine.council import Body, Council, Destination
from townhall.engine.kinds import KINDS
from townhall.engine.model import Definition, Privacy
from townhall.engine.question import Question, leaves
from townhall.ui.contacts import email_link, phone_link
from townhall.ui.page import Frame, PageView
from townhall.ui.words import Words


@dataclass(frozen=True)
class Part:
    """A heading with sentences, then points; of ``level`` 3 where it belongs to the part before."""

    heading: str
    lines: Sequence[str] = ()
    points: Sequence[str] = ()
    level: int = 2


def privacy_view(frame: Frame, definition: Definition, kept: Sequence[str]) -> PageView:
    """Give the notice: UK GDPR Articles 13 and 14, in the order that people ask."""
    say, privacy = frame.words, definition.privacy
    if privacy is None:
        lines = [
            say("This is a trial. Its privacy notice has not been written, so enter nothing real.")
        ]
        parts = [Part("", lines), *_who(frame.council, say)]
    else:
        parts = _parts(frame.council, definition, privacy, kept, say)
    return PageView("statement", say("How we use your information"), frame, data={"parts": parts})


def _parts(
    council: Council, definition: Definition, privacy: Privacy, kept: Sequence[str], say: Words
) -> list[Part]:
    return [
        Part("", [say("This notice is about “{title}”.", title=definition.title)]),
        *(_for_the_young(council, privacy, say) if definition.audience.under_18 else []),
        *_who(council, say),
        _why(privacy, say),
        _what(definition, say),
        _must(privacy, say),
        _recipients(council, definition, say),
        Part(say("How long we keep it"), kept),
        _automated(privacy, say),
        _rights(privacy, say),
        *_complaints(council, say),
    ]


def _for_the_young(council: Council, privacy: Privacy, say: Words) -> list[Part]:
    """Say what matters first, in words for children (UK GDPR, Article 12(1) and Recital 58)."""
    who = council.name
    lines = [
        say("If you are under 18, you can ask an adult you trust to read this with you."),
        say("We are {council}. When you fill in this form, you tell us things.", council=who),
        say("We use them for this: {purpose}.", purpose=privacy.purpose.rstrip(".")),
        say("We keep them safe, and we delete them when we do not need them any more."),
        say("You can ask us what we know about you, and tell us if any of it is wrong."),
        say("If something here worries you, tell us, or ask an adult to. “Get help” says how."),
        say("The rest of this page says the same in more detail."),
    ]
    return [Part(say("If you are under 18"), lines)]


def _who(council: Council, say: Words) -> list[Part]:
    return [
        Part(
            say("Who is responsible for it"),
            [
                escape(say("The controller is {who}.")).format(who=_body(council.controller)),
                escape(say("The data protection officer is {who}.")).format(who=_body(council.dpo)),
            ],
        )
    ]


def _body(body: Body) -> Markup:
    told: list[str] = [part for part in (body.name, body.address) if part]
    told += [email_link(body.email)] if body.email else []
    told += [phone_link(body.phone)] if body.phone else []
    return Markup(", ").join(told)


def _why(privacy: Privacy, say: Words) -> Part:
    lines = [
        say("We use it for this purpose: {purpose}.", purpose=privacy.purpose.rstrip(".")),
        say("Our lawful basis is: {basis} (UK GDPR Article 6).", basis=say(privacy.basis)),
    ]
    if privacy.power:
        lines.append(say("The law that lets us do this is: {power}.", power=privacy.power))
    more = {
        "The condition for sensitive information is: {rule} (UK GDPR Article 9).": privacy.article9,
        "We use information about offences under: {rule} (UK GDPR Article 10).": privacy.article10,
        "The condition in the Data Protection Act 2018, Schedule 1, is: {rule}.": privacy.schedule1,
    }
    return Part(
        say("Why we use it"),
        [*lines, *(say(words, rule=rule) for words, rule in more.items() if rule)],
    )


def _what(definition: Definition, say: Words) -> Part:
    asked = [one for page in definition.pages for one in leaves(page.questions)]
    told = dict.fromkeys(
        _told(one, name) for one in asked for name in one.classes if name != "none"
    )
    if not told:
        return Part(say("What we ask for"), [say("We do not ask for information about you.")])
    return Part(
        say("What we ask for"),
        [say("Some of the answers that you give us are:")],
        [say(words) for words in told],
    )


def _told(question: Question, name: str) -> str:
    """Say what an answer of this class is: only what is written is in a person's own words."""
    written = name == "special" and name in KINDS[question.type].personal
    return _WRITTEN if written else _CLASSES[name]


_WRITTEN = (
    "what you tell us in your own words, which may hold sensitive information, for example about"
    " your health"
)
_CLASSES = {
    "contact": "your name, address or how to contact you",
    "identifier": "details that identify you, such as your date of birth or a number",
    "financial": "details about money",
    "location": "where something is or where you live",
    "special": "sensitive information, for example about your health",
    "offence": "information about offences",
    "child": "information about children",
    "other_person": "information about other people",
}


def _must(privacy: Privacy, say: Words) -> Part:
    if privacy.must_answer:
        lines = [say("The law or a contract says that you must give us this information.")]
    else:
        lines = [say("You do not have to give us this information.")]
    return Part(
        say("If you do not tell us"), lines + ([privacy.consequence] if privacy.consequence else [])
    )


def _recipients(council: Council, definition: Definition, say: Words) -> Part:
    names = dict.fromkeys(delivery.to for delivery in definition.deliver)
    known = council.destinations
    # A literal address has no name for people: its place is what can be said of it.
    points = [
        _recipient(council, known[name], say) if name in known else _place(name) for name in names
    ]
    points += [
        say(
            "{name}, {country}. Why: {purpose}",
            name=one.name,
            purpose=one.purpose,
            country=council.country_of(one),
        )
        for one in council.processors
    ]
    lines = [say("We share it with:")] if points else [say("We do not share it with anyone else.")]
    return Part(say("Who we share it with"), lines, list(dict.fromkeys(points)))


def _recipient(council: Council, one: Destination, say: Words) -> str:
    return say(
        "{name}, {country}. Why: {purpose}",
        name=one.recipient,
        purpose=one.purpose,
        country=council.country_of(one),
    )


def _place(address: str) -> str:
    return (urlsplit(address).hostname or "") if "//" in address else address


def _automated(privacy: Privacy, say: Words) -> Part:
    if _decides(privacy):
        lines = [privacy.automated or "", say("You can ask for a person to look at the decision.")]
    else:
        lines = [say("No decision about you is made by a computer alone.")]
    return Part(say("Decisions made by computer"), lines)


def _decides(privacy: Privacy) -> bool:
    return bool(privacy.automated) and str(privacy.automated).strip().lower() not in ("none", "no")


_ALWAYS = (
    "to ask for a copy of what we hold about you",
    "to ask us to correct what is wrong",
    "to ask us to limit what we do with it",
)
_ERASE = "to ask us to delete it"
_OBJECT = "to object to what we do with it"
_MOVE = "to have it in a form that you can take elsewhere"
_WITHDRAW = "to change your mind: you can withdraw your consent at any time"
RIGHTS = {
    "consent": (*_ALWAYS, _ERASE, _MOVE, _WITHDRAW),
    "contract": (*_ALWAYS, _ERASE, _MOVE),
    "legal obligation": _ALWAYS,
    "vital interests": (*_ALWAYS, _ERASE),
    "public task": (*_ALWAYS, _OBJECT),
    "legitimate interests": (*_ALWAYS, _ERASE, _OBJECT),
}
"""The rights that each Article 6 basis gives (the ICO's guide to lawful basis)."""


def _rights(privacy: Privacy, say: Words) -> Part:
    rights = [say(right) for right in RIGHTS[privacy.basis]]
    if _decides(privacy):
        rights.append(say("not to be subject to a decision made by a computer alone"))
    lines = [say("The law gives you rights over this information. You have the right:")]
    return Part(say("Your rights"), lines, rights)


def _complaints(council: Council, say: Words) -> list[Part]:
    own = council.complaints or say("Contact the data protection officer, named above.")
    ico = say(
        "You can also complain to the Information Commissioner’s Office (ICO): phone 0303 123 1113,"
        " or write to Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF. Its website is"
        " ico.org.uk."
    )
    return [Part(say("How to complain"), [own, ico])]
