"""The accessibility statement, with the UK model's required wording, and the cookies page."""

from __future__ import annotations

from django.conf import settings

from townhall.engine.council import Accessibility, Council
from townhall.runner import cookies
from townhall.runner.notices import Part
from townhall.ui.contacts import email_link, phone_link
from townhall.ui.environment import component
from townhall.ui.page import Frame, PageView
from townhall.ui.words import Words

LAW = (
    "the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations"
    " 2018"
)


def accessibility_view(frame: Frame) -> PageView:
    """Give the statement. Its status is what a named person set, and never what a tool found."""
    say, council = frame.words, frame.council
    status = council.accessibility
    parts = [
        Part(
            "",
            [
                say(
                    "This statement applies to the online services of {council}.",
                    council=council.name,
                )
            ],
        ),
        _how(council, say),
        _contact(council, say),
        _enforcement(say),
        _technical(council, say),
        Part(say("Compliance status"), [_compliance(status, say)]),
        *(_not_accessible(status, say) if status.known_problems else []),
        _prepared(status, say),
    ]
    heading = say("Accessibility statement")
    return PageView("statement", heading, frame, listed=True, data={"parts": parts})


def cookies_view(frame: Frame) -> PageView:
    """Name the only cookies there are: the law asks for no consent to these (PECR, reg. 6(4))."""
    say = frame.words
    lines = [
        say("Cookies are small files that a website keeps on your computer."),
        say("We use only cookies that these services need to work, so we do not ask you to agree."),
        say("We keep nothing that follows what you do, here or on other websites."),
    ]
    rows = [
        (f"{cookies.DRAFT}…", say("Finds the answers you have started, one for each service")),
        (settings.CSRF_COOKIE_NAME, say("Makes sure that what we receive was sent by you")),
        (cookies.LANGUAGE, say("Remembers the language you chose")),
    ]
    ends = say("Each goes when you close your browser, or when you leave and clear your answers.")
    listed = [{"key": {"text": name}, "value": {"text": what}} for name, what in rows]
    table = component("summary-list", {"rows": listed})
    data = {"parts": [Part("", lines), Part(say("The cookies we use"), [ends])], "table": table}
    return PageView("statement", say("Cookies"), frame, listed=True, data=data)


def _how(council: Council, say: Words) -> Part:
    if _assessed(council.accessibility) == "not yet assessed":
        return Part(
            say("How accessible this website is"),
            [say("We have not yet had this website assessed, so we make no claim about it.")],
        )
    return Part(
        say("How accessible this website is"),
        [
            say(
                "We want as many people as possible to be able to use this website, so you should"
                " be able to:"
            )
        ],
        [
            say("change colours, contrast levels and fonts using browser or device settings"),
            say("zoom in up to 400% without the text spilling off the screen"),
            say("navigate the website using a keyboard or speech recognition software"),
            say("use the website with a screen reader"),
        ],
    )


def _contact(council: Council, say: Words) -> Part:
    email = council.accessibility.contact_email or council.help.email
    phone = council.accessibility.contact_phone or council.help.phone
    reached = [email_link(email)] if email else []
    reached += [phone_link(phone)] if phone else []
    return Part(
        say("Feedback and contact information"),
        [
            say(
                "If you find any problems not listed on this page, think we are not meeting"
                " accessibility requirements, or need information in a different format like"
                " accessible PDF, large print, easy read, audio recording or braille, contact us:"
            )
        ],
        reached,
    )


def _enforcement(say: Words) -> Part:
    return Part(
        say("Enforcement procedure"),
        [
            say(
                "The Equality and Human Rights Commission (EHRC) is responsible for enforcing {law}"
                " (the ‘accessibility regulations’). If you are not happy with how we respond to"
                " your complaint, contact the Equality Advisory and Support Service (EASS).",
                law=LAW,
            )
        ],
    )


def _technical(council: Council, say: Words) -> Part:
    return Part(
        say("Technical information about this website’s accessibility"),
        [
            say(
                "{council} is committed to making its website accessible, in accordance with"
                " {law}.",
                council=council.name,
                law=LAW,
            )
        ],
    )


_STATUS = {
    "not yet assessed": "The status of this website is: not yet assessed.",
    "fully compliant": "This website is fully compliant with the Web Content Accessibility"
    " Guidelines version 2.2 AA standard.",
    "partially compliant": "This website is partially compliant with the Web Content Accessibility"
    " Guidelines version 2.2 AA standard, due to the non-compliances listed below.",
    "not compliant": "This website is not compliant with the Web Content Accessibility Guidelines"
    " version 2.2 AA standard. The non-compliances are listed below.",
}


def _compliance(status: Accessibility, say: Words) -> str:
    """Say the status; one that no named person set, with a date, counts as not yet assessed."""
    return say(_STATUS[_assessed(status)])


def _assessed(status: Accessibility) -> str:
    return status.status if status.set_by and status.tested else "not yet assessed"


def _not_accessible(status: Accessibility, say: Words) -> list[Part]:
    """List what is known, under the headings of the UK's model statement."""
    reasons = say("The content listed below is non-accessible for the following reasons.")
    problems = list(status.known_problems)
    return [
        Part(say("Non-accessible content"), [reasons]),
        Part(say("Non-compliance with the accessibility regulations"), (), problems, level=3),
    ]


def _prepared(status: Accessibility, say: Words) -> Part:
    lines = []
    if status.prepared:
        lines.append(say("This statement was prepared on {date}.", date=status.prepared))
    if status.reviewed:
        lines.append(say("It was last reviewed on {date}.", date=status.reviewed))
    if status.tested:
        lines.append(say("This website was last tested on {date}.", date=status.tested))
    if status.set_by and status.tested:
        lines.append(say("Its status was set by {name}.", name=status.set_by))
    unset = say("No date has been set, because nobody has assessed this website yet.")
    return Part(say("Preparation of this accessibility statement"), lines or [unset])
