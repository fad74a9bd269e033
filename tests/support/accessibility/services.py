"""Meets every state of every page of a service, going by what its definition says.

The author's own examples lead the way, so each page that an example reaches is met as it first
appears, as it is refused when it is sent empty or with nonsense, and filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bs4 import Tag

from tests.support.accessibility.recorder import Recorder
from tests.support.accessibility.states import State
from townhall.engine.answers import unmarked
from townhall.engine.form import Form, compile_form
from townhall.engine.kinds.base import Context
from townhall.engine.model import Definition, Example
from townhall.engine.question import Question

MOST_PAGES = 120
MOST_ITEMS = 2
CHECK = "check-answers"
NONSENSE = "%"
WRITTEN = "input[type=text], input[type=email], input[type=tel], input[type=url], textarea"
NOBODY = Example(name="Samples", answers={})

Lapse = Callable[[], None]


def service_states(
    address: str, definition: Definition, *, today: date, lapse: Lapse | None = None
) -> list[State]:
    """Every state of a service that is being served; ``lapse`` makes the server's drafts idle."""
    form = compile_form(definition)
    kept: dict[str, State] = {}
    tried: set[str] = set()
    for example in definition.examples or (NOBODY,):
        with Recorder(address, definition.service) as recorder:
            recorder.states = kept
            visit = _Visit(recorder, form, example, today)
            visit.tried = tried
            visit.go()
    for language in definition.languages[1:]:
        with Recorder(address, definition.service) as recorder:
            _translated(recorder, form, language, today)
            for state in recorder.states.values():
                name = f"{state.name} in {language}"
                kept[name] = replace(state, name=name)
    if lapse is not None:
        with Recorder(address, definition.service) as recorder:
            recorder.states = kept
            _left_alone(recorder, definition.service, lapse)
    return list(kept.values())


class _Visit:
    """One example, walked from the start page to its end."""

    def __init__(self, recorder: Recorder, form: Form, example: Example, today: date) -> None:
        self.recorder, self.form, self.today = recorder, form, today
        self.given, self.fails = example.answers, example.fails
        # The server's clock is the real one: an example's dates move with its day.
        self.late = today - example.at.date() if example.at else timedelta()
        self.removed: set[str] = set()
        # What was sent wrongly before, in this visit or an earlier one: once is enough.
        self.tried: set[str] = set()
        self.service = form.definition.service

    def go(self) -> None:
        at = self.recorder
        at.open(f"/{self.service}").keep("start")
        if at.page.select_one(f"main form[action='/{self.service}']") is None:
            return
        if self._once("privacy"):
            at.open(f"/{self.service}/privacy").keep("privacy")
        at.start(self.service)
        for _ in range(MOST_PAGES):
            here, item = (*at.path.split("/")[2:], "")[:2]
            if here == CHECK:
                self._send()
                return
            if at.page.select_one("form#page-form") is None:
                at.keep(f"{here} exit")
                return
            self._answer(here, item)
            if at.failed:
                return
        raise AssertionError(f"{self.service}: no end after {MOST_PAGES} pages")

    # ── Pages of questions ──────────────────────────────────────────────────

    def _answer(self, here: str, item: str) -> None:
        at, path = self.recorder, self.recorder.path
        at.keep(here)
        self._wrongly(here, path)
        if here in self.form.loops:
            self._list(here, path)
            return
        for given in (self.given, _moved(self.given, self.late), {}):
            at.send(self._filled(here, item, given))
            if not at.failed:
                return
            if self.fails:
                at.keep(f"{here} sent wrongly")
                return
        raise AssertionError(f"{path}: {at.page.select_one('.govuk-error-summary')}")

    def _wrongly(self, here: str, path: str) -> None:
        """Send it empty, and with nonsense in its boxes; then stand before it again."""
        at, fields = self.recorder, _fields(self.recorder.page)
        boxes = [box["name"] for box in self.recorder.page.select(f"#page-form :is({WRITTEN})")]
        for name, sent in (
            (f"{here} sent empty", dict.fromkeys(fields)),
            (f"{here} sent with nonsense", dict.fromkeys(fields) | dict.fromkeys(boxes, NONSENSE)),
        ):
            if (name.endswith("nonsense") and not boxes) or not self._once(name):
                continue
            at.send(sent)
            if at.failed:
                at.keep(name)
            at.open(path)

    def _filled(self, here: str, item: str, given: Mapping[str, Any]) -> dict[str, object]:
        if item:
            wanted = given.get(self.form.loops[self._loop(here)].repeat.id, [])
            number = int(unmarked(item))
            given = wanted[number - 1] if number <= len(wanted) else {}
        sent: dict[str, object] = {}
        for question in self.form.leaves_of[here]:
            sent |= self._typed(question, given)
        fields = _fields(self.recorder.page)
        return {name: value for name, value in sent.items() if name in fields}

    def _loop(self, here: str) -> str:
        loop = self.form.loop_of(here)
        assert loop is not None
        return loop.repeat.id

    def _typed(self, question: Question, given: Mapping[str, Any]) -> dict[str, list[str]]:
        kind = self.form.kind(question)
        if question.type == "computed":
            return {}
        if question.id in given:
            return kind.as_posted(question, given[question.id])
        return kind.refill(question, kind.sample(question, Context(self.today)))

    # ── Lists ───────────────────────────────────────────────────────────────

    def _list(self, here: str, path: str) -> None:
        """Add until there are two, take one away, and finish."""
        at, repeat = self.recorder, self.form.loops[here].repeat
        have = len({link["href"] for link in self._links("Remove")})
        wanted = min(max(len(self.given.get(here, [])), MOST_ITEMS), repeat.max)
        if have:
            at.keep(f"{here} with {min(have, MOST_ITEMS)}")
        if have > max(repeat.min, 1) and here not in self.removed:
            self._remove(here, path)
            return
        if not at.page.select("#page-form [name=another]"):
            at.send()
            return
        more = have < (repeat.min if here in self.removed else wanted)
        at.send({"another": "yes" if more else "no"})

    def _remove(self, here: str, path: str) -> None:
        at = self.recorder
        self.removed.add(here)
        at.open(str(self._links("Remove")[-1]["href"])).keep(f"{here} about to remove")
        at.send({"remove": None}).keep(f"{here} about to remove, sent empty")
        at.send({"remove": "yes"}).keep(f"{here} after removing")
        at.open(path)

    # ── The end ─────────────────────────────────────────────────────────────

    def _send(self) -> None:
        at = self.recorder
        at.keep("check answers")
        for path in dict.fromkeys(str(link["href"]) for link in self._links("Change")):
            name = f"{path.partition('?')[0].split('/')[2]} filled in"
            if self._once(name):
                at.open(path).keep(name)
        if self._once("begun"):
            at.open(f"/{self.service}").keep("start with answers begun")
        at.open(f"/{self.service}/{CHECK}")
        if at.page.select_one("#page-form [name=declaration]"):
            at.send({"declaration": None}).keep("check answers sent empty")
        at.send({"declaration": "yes"} if at.page.select("#page-form [name=declaration]") else {})
        assert at.path.endswith("/confirmation"), f"{at.path}: {at.page.h1}"
        at.keep("confirmation")

    def _once(self, name: str) -> bool:
        """Whether this is the first time; true is said only once for a name."""
        first = name not in self.tried
        self.tried.add(name)
        return first

    def _links(self, words: str) -> list[Tag]:
        return [
            link for link in self.recorder.page.select("main a[href]") if words in link.get_text()
        ]


def _moved(given: Mapping[str, Any], by: timedelta) -> dict[str, Any]:
    """The same answers with their dates so much later."""
    return {name: _later(value, by) for name, value in given.items()}


def _later(value: Any, by: timedelta) -> Any:
    if isinstance(value, list):
        return [_moved(one, by) if isinstance(one, Mapping) else one for one in value]
    try:
        return (date.fromisoformat(str(value)) + by).isoformat()
    except ValueError:
        return value


def _fields(page: Tag) -> list[str]:
    own = {"csrfmiddlewaretoken", "_change"}
    names = dict.fromkeys(str(field["name"]) for field in page.select("#page-form [name]"))
    return [name for name in names if name not in own]


def _translated(recorder: Recorder, form: Form, language: str, today: date) -> None:
    """The first example once more, in another language."""
    recorder.open(f"/{form.definition.service}")
    token = recorder.page.select_one("[name=csrfmiddlewaretoken]")
    assert token is not None
    fields = {"language": language, "here": recorder.path, "csrfmiddlewaretoken": token["value"]}
    recorder.post("/language", fields)
    _Visit(recorder, form, (form.definition.examples or (NOBODY,))[0], today).go()


def _left_alone(recorder: Recorder, service: str, lapse: Lapse) -> None:
    """Someone who began, and came back after the page had locked."""
    if recorder.open(f"/{service}").page.select_one(f"main form[action='/{service}']") is None:
        return
    recorder.start(service)
    begun = recorder.path
    lapse()
    recorder.open(begun).keep("time-out")
    assert recorder.path == f"/{service}/time-out", f"{service}: not locked: {recorder.path}"
