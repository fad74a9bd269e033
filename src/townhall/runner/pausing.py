"""Time-out: what someone sees who comes back, and the one answer they repeat (acceptance.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from townhall.engine.answers import Scope
from townhall.engine.kinds.base import Context
from townhall.engine.model import Page
from townhall.engine.problems import Problem
from townhall.engine.wording_names import capital
from townhall.runner.ends import message
from townhall.runner.journey import Journey
from townhall.submissions.locks import Challenge, Lock
from townhall.ui.page import Frame, PageView
from townhall.ui.questions import Drawing, Sheet
from townhall.ui.wording import Telling

Raw = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Repeated:
    """What came of repeating an answer: a value to compare, or what is wrong with it."""

    value: object
    problems: tuple[Problem, ...]
    raw: Raw


def time_out_view(frame: Frame, journey: Journey, tried: Repeated | None = None) -> PageView:
    """Give the page for a draft's lock: one press, one answer repeated, or the help contact."""
    lock, challenge = journey.opened.lock, journey.opened.challenge
    if lock is Lock.PAUSED:
        return _paused(frame, journey)
    if lock is Lock.BARRED or challenge is None:
        return _barred(frame)
    return _locked(frame, journey, challenge, tried)


def read_repeated(journey: Journey, raw: Raw) -> Repeated:
    """Type what was sent in answer to the challenge."""
    challenge = journey.opened.challenge
    if challenge is None:
        return Repeated(None, (), raw)
    question = journey.form.question(challenge.question)
    kind = journey.form.kind(question)
    found = kind.parse(question, raw, Context(journey.today))
    if found is None:
        return Repeated(None, (kind.missing(question),), raw)
    return (
        Repeated(None, tuple(found), raw) if isinstance(found, list) else Repeated(found, (), raw)
    )


def _paused(frame: Frame, journey: Journey) -> PageView:
    say = frame.words
    lines = [say("You did nothing for a long time. We have kept everything you sent.")]
    action = f"/{journey.service}/continue"
    button: dict[str, object] = {
        "action": action,
        "text": say("Carry on"),
        "classes": "",
        "fields": (),
    }
    return message(frame, say("Your page was paused"), lines, buttons=[button])


def _barred(frame: Frame) -> PageView:
    say = frame.words
    lines = [
        say("To protect your answers, you cannot open them on this computer any more."),
        say("Contact us and we will help. You can also start again."),
    ]
    return message(
        frame, say("Your answers are locked"), lines, links=[(frame.start, say("Start again"))]
    )


def _locked(
    frame: Frame, journey: Journey, challenge: Challenge, tried: Repeated | None
) -> PageView:
    say = frame.words
    drawing = _drawing(journey, challenge, tried, Telling(journey.form, Scope(), say))
    errors = drawing.errors()
    if tried is not None and not tried.problems:
        wrong = say("That is not the answer you gave. Check it and try again")
        errors = [{"text": wrong, "href": f"#{drawing.fields()[0].id}"}]
    lines = [
        say("You did nothing for a long time, so we locked your answers. We kept what you sent."),
        say("Give this answer again so that we know it is you. You can try 5 times."),
    ]
    which = _item(journey, challenge)
    words = Markup("").join(Markup('<p class="govuk-body">{}</p>').format(line) for line in lines)
    return PageView(
        "question",
        say("Your answers are locked"),
        frame,
        failed=bool(errors),
        data={
            "errors": errors,
            "titled": True,
            "content": words + which,
            "fields": drawing.html(),
            "action": f"/{journey.service}/continue",
            "button": say("Carry on"),
        },
    )


def _drawing(
    journey: Journey, challenge: Challenge, tried: Repeated | None, tell: Telling
) -> Drawing:
    """Draw the question as it was asked, with "…" for what its words hold of other answers."""
    form, asked = journey.form, journey.form.question(challenge.question)
    said = {"ask": tell.title(asked.ask), "required": True}
    if asked.hint:
        said["hint"] = tell.title(asked.hint)
    question = asked.model_copy(update=said)
    page = Page(page="continue", title="continue", questions=(question,))
    problems = tried.problems if tried else ()
    return Drawing(form, Sheet(page, (question,), tried.raw if tried else {}, problems), tell)


def _item(journey: Journey, challenge: Challenge) -> Markup:
    """Say "Person 2" where an item's answer is asked for."""
    if not challenge.item:
        return Markup("")
    loop = journey.form.loops[challenge.repeat]
    name = f"{capital(loop.repeat.item)} {journey.number(loop, challenge.item)}"
    return Markup('<p class="govuk-body"><strong>{}</strong></p>').format(name)
