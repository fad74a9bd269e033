"""Check answers: every answer on the route in its sections, each with its way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from townhall.engine.form import Form
from townhall.engine.question import Question
from townhall.engine.route import Route, Step, Visit
from townhall.engine.wording_names import lower_first
from townhall.ui.wording import Telling

Address = Callable[[Step], str]
Rows = list[dict[str, object]]


@dataclass
class Group:
    """Answers that stand together: under a section's title, or on the card of one item."""

    title: str
    card: str = ""
    rows: Rows = field(default_factory=list)
    level: int = 2

    @property
    def shown(self) -> dict[str, object]:
        """What the template reads."""
        return {"title": self.title, "params": self.params}

    @property
    def params(self) -> dict[str, object]:
        """What the summary list macro takes."""
        if not self.card:
            return {"rows": self.rows, "classes": "govuk-!-margin-bottom-9"}
        title = {"text": self.card, "headingLevel": self.level}
        return {"rows": self.rows, "card": {"title": title}}


def summary_groups(route: Route, tell: Telling, address: Address) -> list[dict[str, object]]:
    """Give the groups in route order, each a title and the summary list's parameters.

    ``address`` is where an answer is changed.
    """
    return [group.shown for group in _Summary(route, tell, address).groups()]


def answer_html(lines: list[str], say_nothing: str) -> Markup:
    """Join an answer's lines; an answer that was not given says so."""
    return Markup("<br>").join(escape(line) for line in lines) if lines else escape(say_nothing)


def row(tell: Telling, question: Question, value: object, href: str) -> dict[str, object]:
    """Make one row: the question's short name, its answer, and Change."""
    kind = tell.form.kind(question)
    lines = [] if value is None else kind.show(question, value, tell.say.language)
    name = tell.plain(question.label)
    made: dict[str, object] = {
        "key": {"text": name},
        "value": {"html": answer_html(lines, tell.say("Not provided"))},
    }
    if href:
        change = {"href": href, "text": tell.say("Change"), "visuallyHiddenText": lower_first(name)}
        made["actions"] = {"items": [change]}
    return made


class _Summary:
    def __init__(self, route: Route, tell: Telling, address: Address) -> None:
        self.route, self.tell, self.address = route, tell, address
        self.form: Form = tell.form
        self.titles = {one.section: one.title for one in self.form.definition.sections}
        self.section = ""
        self.numbers: dict[str, int] = {}
        self.seen: set[tuple[str, str]] = set()

    def groups(self) -> Iterator[Group]:
        """Walk the route: a change of section or of item begins a group."""
        group = Group("")
        for step, visit in self.route.visits.items():
            key = self._key(step)
            if not group.rows or key != self._at:
                if group.rows:
                    yield group
                group = self._begin(step)
                self._at = key
            group.rows += self._rows(step, visit)
        if group.rows:
            yield group

    _at: tuple[str, str, str] = ("", "", "")

    def _key(self, step: Step) -> tuple[str, str, str]:
        if step.listing:
            return self._section_of(self.form.loops[step.page].pages[0].page), "", ""
        loop = self.form.loop_of(step.page)
        return self._section_of(step.page), loop.repeat.id if loop else "", step.item

    def _section_of(self, page: str) -> str:
        return self.form.pages_by_id[page].section or ""

    def _begin(self, step: Step) -> Group:
        section, repeat, _ = self._key(step)
        title = self.tell.plain(self.titles.get(section, "")) if section != self.section else ""
        self.section = section
        if not repeat:
            return Group(title)
        number = self.numbers[repeat] = self.numbers.get(repeat, 0) + 1
        name = self.form.loops[repeat].repeat.item
        return Group(title, f"{name[:1].upper()}{name[1:]} {number}", level=3 if self.titles else 2)

    def _rows(self, step: Step, visit: Visit) -> Rows:
        if step.listing:
            return [self._list_row(step)]
        rows = []
        for question in visit.asked:
            if (step.item, question.id) in self.seen:
                continue
            self.seen.add((step.item, question.id))
            href = "" if question.type == "computed" else self._change(step, question)
            rows.append(row(self.tell, question, visit.values.get(question.id), href))
        return rows

    def _change(self, step: Step, question: Question) -> str:
        kind = self.form.kind(question)
        control = next(iter(kind.parts(question)), question.id)
        return f"{self.address(step)}?change=1#{control}"

    def _list_row(self, step: Step) -> dict[str, object]:
        repeat = self.form.loops[step.page].repeat
        count = sum(1 for one in self.route.scope.repeats.get(repeat.id, ()))
        name = self.tell.plain(repeat.plural)
        change = {
            "href": f"{self.address(step)}?change=1",
            "text": self.tell.say("Change"),
            "visuallyHiddenText": lower_first(name),
        }
        words = self.tell.say("{count} added", count=count) if count else self.tell.say("None")
        return {
            "key": {"text": f"{name[:1].upper()}{name[1:]}"},
            "value": {"text": words},
            "actions": {"items": [change]},
        }
