"""Honest ends: what someone is told who cannot go on, and what to do instead."""

from __future__ import annotations

from collections.abc import Sequence

from townhall.definitions.queries import LiveService, Status
from townhall.ui.page import Frame, PageView

Fields = Sequence[tuple[str, str]]


def message(
    frame: Frame,
    heading: str,
    lines: Sequence[str],
    *,
    links: Sequence[tuple[str, str]] = (),
    buttons: Sequence[dict[str, object]] = (),
    typed: Sequence[str] = (),
) -> PageView:
    """Give a page of a heading, some sentences, what was typed, and links as (address, words)."""
    linked = [{"href": href, "text": text} for href, text in links]
    return PageView(
        "message",
        heading,
        frame,
        data={
            "lines": list(lines),
            "typed": [line for text in typed for line in text.splitlines() if line.strip()],
            "links": linked,
            "buttons": list(buttons),
        },
    )


def closed_view(frame: Frame, live: LiveService, *, resume: str = "") -> PageView:
    """Give the page of a service that takes no new answers, and why."""
    say, title = frame.words, live.form.definition.title
    links = [("/", say("See all services"))]
    if resume:
        links.insert(0, (resume, say("Carry on with the answers you have started")))
    heading, line = _CLOSED[live.status]
    opens = live.form.definition.available.from_
    on = say.date(opens) if opens else ""
    lines = [
        say(line, title=title, date=on),
        say("You can still contact us. See “Get help” below."),
    ]
    return message(frame, say(heading, title=title), lines, links=links)


_CLOSED = {
    Status.NOT_YET: ("{title}: not open yet", "You can use this service from {date}."),
    Status.CLOSED: ("{title}: closed", "This service has closed."),
    Status.FULL: ("{title}: full", "This service has received as many answers as it can take."),
    Status.WITHDRAWN: ("{title}: not available", "This service is no longer available online."),
}


def stopped_view(frame: Frame, reason: str) -> PageView:
    """Give the page of a draft whose version was withdrawn at once."""
    say = frame.words
    lines = [
        say("We have stopped this service, so you cannot carry on with the answers you started."),
        *([reason] if reason else []),
        say("We have not sent your answers to anyone. Contact us and we will help."),
    ]
    return message(frame, say("You cannot carry on"), lines, links=[("/", say("See all services"))])


def lost_view(frame: Frame, typed: Sequence[str] = ()) -> PageView:
    """Give the page of a browser whose draft is not there, with what it has just sent."""
    say = frame.words
    lines = [
        say("We cannot find your answers on this computer."),
        say(
            "They may have been cleared, or deleted because you last used them a long time ago."
            " Or your browser may not let us keep a cookie."
        ),
    ]
    return message(
        frame,
        say("We cannot find your answers"),
        lines,
        links=[(frame.start, say("Start again"))],
        typed=typed,
    )


def late_view(frame: Frame, typed: Sequence[str]) -> PageView:
    """Give the page of a change that came in when the answers had been sent: it is not in them."""
    say = frame.words
    lines = [
        say("You had already sent your answers, so this change is not among them."),
        say("To correct what you sent, contact us and give your reference number."),
    ]
    return message(
        frame,
        say("What you have just sent was not added"),
        lines,
        links=[(f"{frame.start}/confirmation", say("See your reference number"))],
        typed=typed,
    )


def busy_view(frame: Frame, path: str, fields: Fields) -> PageView:
    """Give the page of a database that could not answer; what was typed is on it, to send again."""
    say = frame.words
    lines = [
        say("We could not save that just now. Everything you sent before is safe."),
        say("Wait a minute, then try again. If it happens again, contact us."),
    ]
    return message(
        frame,
        say("Sorry, there is a problem with the service"),
        lines,
        links=_way_back(frame, path) if fields else [(path, say("Try again"))],
        buttons=[_again(frame, path, fields)] if fields else [],
    )


def unpriced_view(frame: Frame, path: str) -> PageView:
    """Give the page of answers that nobody may send, as nobody could say what that costs."""
    say = frame.words
    return message(
        frame,
        say("We cannot work out what this costs"),
        [say("We have kept what you entered. Contact us and we will help.")],
        links=[(path, say("Try again"))],
    )


def too_many_view(frame: Frame, path: str, fields: Fields) -> PageView:
    """Give the page of an address that asked too often; what was typed is on it, to send again."""
    say = frame.words
    lines = [
        say(
            "Too many requests have come from your internet connection in a short time. You may"
            " share it with other people, for example in a library or on a mobile network."
        ),
        say("Everything you sent before is safe."),
    ]
    if fields:
        lines.append(say("What you typed is still here. Send it again to carry on."))
    lines.append(say("Wait a minute, then try again. If it happens again, contact us."))
    return message(
        frame,
        say("Wait a minute, then try again"),
        lines,
        links=_way_back(frame, path) if fields else [(_seen(path), say("Try again"))],
        buttons=[_again(frame, path, fields)] if fields else [],
    )


def unproven_view(frame: Frame, path: str, fields: Fields) -> PageView:
    """Give the page of a POST without a good CSRF token; ``fields`` only when it came from us."""
    say = frame.words
    lines = [
        say("We could not be sure that this page was sent by you, so we have not kept it."),
        say("This happens when cookies are turned off, or when the page was open for a long time."),
    ]
    if fields:
        lines.append(say("What you typed is still here. Send it again to carry on."))
    return message(
        frame,
        say("Send that page again"),
        lines,
        links=_way_back(frame, path) if fields else [("/", say("See all services"))],
        buttons=[_again(frame, path, fields)] if fields else [],
    )


def missing_view(frame: Frame) -> PageView:
    """Give the page of an address where nothing is."""
    say = frame.words
    lines = [
        say("If you typed the web address, check it is correct."),
        say("If you pasted the web address, check you copied all of it."),
    ]
    return message(frame, say("Page not found"), lines, links=[("/", say("See all services"))])


def forbidden_view(frame: Frame) -> PageView:
    """Give the page of something that may not be seen."""
    say = frame.words
    lines = [say("If you typed the web address, check it is correct.")]
    return message(
        frame, say("You cannot see this page"), lines, links=[("/", say("See all services"))]
    )


def unreadable_view(frame: Frame) -> PageView:
    """Give the page of a request that cannot be read, or is larger than any page of ours sends."""
    say = frame.words
    lines = [
        say("We could not read what your browser sent. It may be more than this page can take."),
        say("Go back and make your answer shorter. If it happens again, contact us."),
    ]
    return message(frame, say("We could not read that"), lines)


def foreign_view(frame: Frame) -> PageView:
    """Give the page of a request that came by a name which is not the council's."""
    say = frame.words
    lines = [
        say("You came here by a web address that we do not use."),
        say("Check the web address. If it is the one that we gave you, contact us."),
    ]
    return message(frame, say("This web address is not one of ours"), lines)


def wrong_method_view(frame: Frame) -> PageView:
    """Give the page of a method that we do not take."""
    say = frame.words
    lines = [say("This address cannot be used in that way.")]
    return message(frame, say("You cannot do that"), lines, links=[("/", say("See all services"))])


def broken_view(frame: Frame) -> PageView:
    """Give the page of a fault of ours."""
    say = frame.words
    lines = [
        say("Try again later. Everything you sent before is safe."),
        say("If you need an answer now, contact us."),
    ]
    return message(frame, say("Sorry, there is a problem with the service"), lines)


def leaving_view(frame: Frame) -> PageView:
    """Give the page that asks whether to clear the answers that this browser holds."""
    say = frame.words
    lines = [
        say("We will delete your answers in every form that you have not finished."),
        say("You cannot get them back. Forms that you have finished and sent stay with us."),
    ]
    words = say("Leave and clear my answers")
    button: dict[str, object] = {
        "action": "/leave",
        "text": words,
        "classes": "govuk-button--warning",
        "fields": (),
    }
    return message(
        frame,
        say("Do you want to clear your answers?"),
        lines,
        links=[("/", say("See all services"))],
        buttons=[button],
    )


def nothing_view(frame: Frame) -> PageView:
    """Give the page of someone who would clear answers in a browser that holds none."""
    say = frame.words
    lines = [say("Your browser holds no answers.")]
    return message(
        frame, say("There is nothing to clear"), lines, links=[("/", say("See all services"))]
    )


def left_view(frame: Frame) -> PageView:
    """Give the page after someone cleared their answers."""
    say = frame.words
    lines = [
        say("Nobody can see your answers on this computer any more."),
        say("Close the browser too if other people use this computer."),
    ]
    return message(
        frame, say("We have cleared your answers"), lines, links=[("/", say("See all services"))]
    )


def _way_back(frame: Frame, path: str) -> list[tuple[str, str]]:
    return [(_seen(path), frame.words("Go back without sending it again"))]


def _seen(path: str) -> str:
    # At these addresses there is nothing to see: they only take what is sent.
    return "/" if path.endswith(("/continue", "/language")) else path


def _again(frame: Frame, path: str, fields: Fields) -> dict[str, object]:
    return {"action": path, "text": frame.words("Try again"), "classes": "", "fields": fields}
