"""Check answers: every answer on the route in its sections, each with its way back."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from markupsafe import Markup, escape

from townhall.engine.answers import Values
from townhall.engine.form import Form
from townhall.engine.kinds import KINDS
from townhall.engine.question import Question
from townhall.engine.route import Route, Step, Visit
from townhall.engine.wording_names import capital, lower_first
from townhall.ui.drawn import Filled, Once
from townhall.ui.environment import fragment
from townhall.ui.wording import Telling

Address = Callable[[Step], str]
Rows = list[dict[str, object]]


def summary_html(route: Route, tell: Telling, address: Address) -> Markup:
    """Draw the answers in route order; ``address`` is where one is changed.

    Two people who were asked the same see the same but for their answers: so all else is drawn
    once for each way through a version, in each language.
    """
    answers = Answers(tell)
    titles = _personal.get(tell.form.version, partial(_personal_titles, tell.form))
    answers.texts += [tell.plain(title) for title in titles]
    key: list[Hashable] = [tell.form.version, tell.say.language]
    for step, visit in route.visits.items():
        key.append((step.page, step.item, step.listing))
        if step.listing:
            answers.texts += _list_texts(route, tell, step)
        else:
            key += answers.add(visit.asked, visit.values)
    return _summaries.draw(tuple(key), answers.texts, partial(_live, route, tell, address))


_summaries = Filled()


class Answers:
    """The texts of a list that may be a person's own, in the order in which rows take them."""

    def __init__(self, tell: Telling) -> None:
        """Begin with none."""
        self.tell, self.nothing = tell, tell.say("Not provided")
        self.texts: list[str] = []

    def add(self, asked: Iterable[Question], held: Values) -> list[str]:
        """Put in the answers to some questions, and say which they are."""
        ids: list[str] = []
        for question in asked:
            id, label = question.id, question.label
            # Not by its id: a question that is asked again has words of its own in each place.
            if "{{" in label:
                name = self.tell.plain(label)
                self.texts += name, lower_first(name)
            self.texts.append(self._answer(question, held.get(id)))
            ids.append(id)
        return ids

    def _answer(self, question: Question, value: object) -> str:
        """An answer's text; one of several lines as HTML. One that was not given says so."""
        if value is None:
            return self.nothing
        lines = KINDS[question.type].show(question, value, self.tell.say.language)
        if len(lines) == 1:
            return lines[0]
        html = Markup("<br>".join([escape(line) for line in lines]))  # noqa: S704 - each is escaped
        return html or self.nothing


_personal: Once[tuple[str, ...]] = Once(1_000)


def _personal_titles(form: Form) -> tuple[str, ...]:
    """Give the titles of sections in which an answer stands."""
    return tuple([one.title for one in form.definition.sections if "{{" in one.title])


def row(
    question: Question, texts: Iterator[str], *, href: str = "", change: str = ""
) -> dict[str, object]:
    """Make one row: the question's short name, its answer, and ``change`` where there is a way."""
    name = question.label
    name, inside = (next(texts), next(texts)) if "{{" in name else (name, lower_first(name))
    made: dict[str, object] = {"key": {"text": name}, "value": {"html": escape(next(texts))}}
    if href:
        link = {"href": href, "text": change, "visuallyHiddenText": inside}
        made["actions"] = {"items": [link]}
    return made


def _list_texts(route: Route, tell: Telling, step: Step) -> tuple[str, ...]:
    repeat = tell.form.loops[step.page].repeat
    count, name = len(route.scope.repeats.get(repeat.id, ())), tell.plain(repeat.plural)
    said = tell.say("{count} added", count=count) if count else tell.say("None")
    return capital(name), said, lower_first(name)


def _live(route: Route, tell: Telling, address: Address, texts: Sequence[str]) -> Markup:
    groups = _Summary(route, tell, address, iter(texts)).groups()
    return fragment("summary", groups=[(one.title, one.params) for one in groups])


@dataclass
class _Group:
    """Answers that stand together: under a section's title, or on the card of one item."""

    title: str
    card: str = ""
    rows: Rows = field(default_factory=list)
    level: int = 2

    @property
    def params(self) -> dict[str, object]:
        """What the summary list macro takes."""
        if not self.card:
            return {"rows": self.rows, "classes": "govuk-!-margin-bottom-9"}
        title = {"text": self.card, "headingLevel": self.level}
        return {"rows": self.rows, "card": {"title": title}}


class _Summary:
    def __init__(self, route: Route, tell: Telling, address: Address, texts: Iterator[str]) -> None:
        self.route, self.tell, self.address, self.texts = route, tell, address, texts
        self.form: Form = tell.form
        self.change = tell.say("Change")
        self.titles = {
            one.section: next(texts) if "{{" in one.title else one.title
            for one in self.form.definition.sections
        }
        self.section = ""
        self.numbers: dict[str, int] = {}
        self.seen: set[tuple[str, str]] = set()

    def groups(self) -> Iterator[_Group]:
        """Walk the route: a change of section or of item begins a group."""
        group = _Group("")
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

    def _begin(self, step: Step) -> _Group:
        section, repeat, _ = self._key(step)
        title = self.titles.get(section, "") if section != self.section else ""
        self.section = section
        if not repeat:
            return _Group(title)
        number = self.numbers[repeat] = self.numbers.get(repeat, 0) + 1
        name = capital(self.form.loops[repeat].repeat.item)
        return _Group(title, f"{name} {number}", level=3 if self.titles else 2)

    def _rows(self, step: Step, visit: Visit) -> Rows:
        if step.listing:
            return [self._list_row(step)]
        rows = []
        for question in visit.asked:
            href = "" if question.type == "computed" else self._change(step, question)
            made = row(question, self.texts, href=href, change=self.change)
            if (step.item, question.id) not in self.seen:
                self.seen.add((step.item, question.id))
                rows.append(made)
        return rows

    def _change(self, step: Step, question: Question) -> str:
        kind = self.form.kind(question)
        control = next(iter(kind.parts(question)), question.id)
        return f"{self.address(step)}?change=1#{control}"

    def _list_row(self, step: Step) -> dict[str, object]:
        name, said, hidden = next(self.texts), next(self.texts), next(self.texts)
        href = f"{self.address(step)}?change=1"
        change = {"href": href, "text": self.change, "visuallyHiddenText": hidden}
        return {
            "key": {"text": name},
            "value": {"text": said},
            "actions": {"items": [change]},
        }
