"""The list page of a repeat: what was added, change and remove, and whether to add another."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from itertools import islice

from markupsafe import Markup

from townhall.engine.answers import Values
from townhall.engine.form import Loop
from townhall.engine.question import Question
from townhall.engine.route import Step
from townhall.engine.wording_names import capital
from townhall.runner.journey import Journey
from townhall.runner.screens import Asking
from townhall.ui.content import scrolling
from townhall.ui.drawn import Filled, Once
from townhall.ui.environment import component
from townhall.ui.page import PageView
from townhall.ui.summary import Answers, row
from townhall.ui.wording import Telling

ANOTHER = "another"
REMOVE = "remove"
YES, NO = "yes", "no"


def list_view(asking: Asking, *, failed: bool = False, removed: int = 0) -> PageView:
    """Give the list page; ``failed`` when neither yes nor no was chosen."""
    journey, tell = asking.journey, asking.tell
    loop = journey.form.loops[asking.visit.step.page]
    count = len(items_of(journey, loop))
    full = count >= loop.repeat.max
    sentence = _select_one(tell, loop, count) if failed else ""
    return PageView(
        "list",
        _heading(tell, loop, count),
        asking.frame,
        failed=failed,
        back=journey.back(asking.visit.step, change=asking.change),
        data={
            "errors": [{"text": sentence, "href": f"#{ANOTHER}"}] if failed else [],
            "status": _removed(tell, loop, removed),
            "items": _items(journey, loop, tell),
            "fields": _full(tell, loop) if full else _another(tell, loop, count, sentence),
            "action": journey.address(asking.visit.step),
            "change": asking.change,
        },
    )


def remove_view(asking: Asking, loop: Loop, item: str, *, failed: bool = False) -> PageView:
    """Give the page that asks whether to remove an item: opening an address changes nothing."""
    journey, tell = asking.journey, asking.tell
    name = f"{loop.repeat.item} {journey.number(loop, item)}"
    heading = tell.say("Are you sure you want to remove {item}?", item=name)
    sentence = tell.say("Select yes if you want to remove {item}", item=name) if failed else ""
    listing = Step(loop.repeat.id, listing=True)
    return PageView(
        "question",
        heading,
        asking.frame,
        failed=failed,
        back=journey.address(listing),
        data={
            "errors": [{"text": sentence, "href": f"#{REMOVE}"}] if failed else [],
            "fields": _yes_no(tell, REMOVE, heading, sentence, heading_level=True),
            "action": f"{journey.address(listing)}/{item}",
        },
    )


def items_of(journey: Journey, loop: Loop) -> list[tuple[str, Values]]:
    """Give each item's id and answers, in order."""
    held = journey.answers.items.get(loop.repeat.id, ())
    return [(item.id, item.values) for item in held]


def _heading(tell: Telling, loop: Loop, count: int) -> str:
    """The author's own title of the list, else how many there are."""
    if loop.repeat.items:
        return tell.title(loop.repeat.items)
    if not count:
        return tell.say("You have not added any {items}", items=loop.repeat.plural)
    name = loop.repeat.item if count == 1 else loop.repeat.plural
    return tell.say("You have added {count} {items}", count=count, items=name)


def _items(journey: Journey, loop: Loop, tell: Telling) -> Markup:
    drawn = _Items(journey, loop, tell)
    return drawn.table() if loop.repeat.show == "table" else drawn.cards()


_drawn = Filled()


class _Items:
    """The items of a list; all but what stands in them is drawn once."""

    def __init__(self, journey: Journey, loop: Loop, tell: Telling) -> None:
        self.journey, self.loop, self.tell = journey, loop, tell
        self.items = items_of(journey, loop)
        self.columns = [one for page in loop.pages for one in journey.form.leaves_of[page.page]]
        self.listing = journey.address(Step(loop.repeat.id, listing=True))
        self.key = (tell.form.version, tell.say.language, loop.repeat.id)
        pages = {page.page for page in loop.pages}
        steps = [step for step in journey.route.visits if step.page in pages]
        self.first = {step.item: step for step in reversed(steps)}

    def cards(self) -> Markup:
        """One for each item."""
        numbered = enumerate(self.items, start=1)
        cards = [self._card(id, number, values) for number, (id, values) in numbered]
        return Markup("\n").join(cards)

    def _card(self, id: str, number: int, values: Values) -> Markup:
        answers, asked = Answers(self.tell), [one for one in self.columns if one.id in values]
        key = (*self.key, id, number, self.first[id].page, *answers.add(asked, values))
        return _drawn.draw(key, answers.texts, partial(self._live_card, id, number, asked))

    def _live_card(
        self, id: str, number: int, asked: Sequence[Question], texts: Sequence[str]
    ) -> Markup:
        each = iter(texts)
        card = {
            "title": {"text": f"{capital(self.loop.repeat.item)} {number}"},
            "actions": {"items": self._actions(id)},
        }
        return component("summary-list", {"card": card, "rows": [row(one, each) for one in asked]})

    def _actions(self, id: str) -> list[dict[str, object]]:
        say = self.tell.say
        return [
            {"href": self.journey.address(self.first[id]), "text": say("Change")},
            {"href": f"{self.listing}/{id}", "text": say("Remove")},
        ]

    def table(self) -> Markup:
        """One row an item, and a last row with the sums that the author asked for."""
        if not self.items:
            return Markup()
        texts = [self.tell.plain(one.label) for one in self.columns]
        for _, values in self.items:
            texts += [self._shown(one, values.get(one.id)) for one in self.columns]
        if self.loop.repeat.total:
            texts += [self._sum(one) for one in self.columns]
        key = (*self.key, *[(id, self.first[id].page) for id, _ in self.items])
        table = _drawn.draw(key, texts, self._live_table)
        return scrolling(table, self.tell.plain(self.loop.repeat.plural))

    def _live_table(self, texts: Sequence[str]) -> Markup:
        item, across, each = capital(self.loop.repeat.item), len(self.columns), iter(texts)
        labels = list(islice(each, across))
        rows = [
            [
                _cell(str(number), item),
                *map(_cell, islice(each, across), labels),
                {"html": self._links(id, number)},
            ]
            for number, (id, _) in enumerate(self.items, start=1)
        ]
        if self.loop.repeat.total:
            total: dict[str, object] = {"text": self.tell.say("Total")}
            rows.append([total, *map(_cell, islice(each, across), labels), {"text": ""}])
        head = [{"text": one} for one in (item, *labels, self.tell.say("Actions"))]
        return component("table", {"head": head, "rows": rows, "firstCellIsHeader": True})

    def _links(self, id: str, number: int) -> Markup:
        link = Markup(
            '<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden"> {}</span></a>'
        )
        name = f"{self.loop.repeat.item} {number}"
        links = [link.format(one["href"], one["text"], name) for one in self._actions(id)]
        return Markup(" ").join(links)

    def _sum(self, question: Question) -> str:
        held = [values.get(question.id) for _, values in self.items]
        numbers = [value for value in held if isinstance(value, Decimal)]
        asked = question.id in self.loop.repeat.total and numbers
        return self._shown(question, sum(numbers, Decimal(0))) if asked else ""

    def _shown(self, question: Question, value: object) -> str:
        if value is None:
            return ""
        kind = self.journey.form.kind(question)
        return ", ".join(kind.show(question, value, self.tell.say.language))


def _cell(text: str, label: str) -> dict[str, object]:
    # A narrow window has no room for the row of headings: there the label stands in the cell.
    return {"text": text, "attributes": {"data-label": label}}


def _removed(tell: Telling, loop: Loop, number: int) -> str:
    name = f"{loop.repeat.item} {number}"
    return tell.say("You have removed {item}.", item=name) if number else ""


def _question(tell: Telling, loop: Loop, count: int) -> str:
    if count:
        return tell.say("Do you want to add another {item}?", item=loop.repeat.item)
    # Of "a" and "an", no rule knows which an author's word has: a unit, an hour.
    return tell.say("Do you want to add one?")


def _select_one(tell: Telling, loop: Loop, count: int) -> str:
    if count:
        return tell.say("Select yes if you want to add another {item}", item=loop.repeat.item)
    return tell.say("Select yes if you want to add one")


def _another(tell: Telling, loop: Loop, count: int, sentence: str) -> Markup:
    return _yes_no(tell, ANOTHER, _question(tell, loop, count), sentence)


def _full(tell: Telling, loop: Loop) -> Markup:
    if loop.repeat.min == loop.repeat.max:
        return Markup()
    words = tell.say("You cannot add more than {count}.", count=loop.repeat.max)
    return Markup('<p class="govuk-body">{}</p>').format(words)


def _yes_no(
    tell: Telling, name: str, question: str, sentence: str, *, heading_level: bool = False
) -> Markup:
    size = "l" if heading_level else "m"
    legend = {
        "text": question,
        "classes": f"govuk-fieldset__legend--{size}",
        "isPageHeading": heading_level,
    }
    params: dict[str, object] = {
        "name": name,
        "idPrefix": name,
        "classes": "govuk-radios--inline",
        "fieldset": {"legend": legend},
        "items": [{"value": YES, "text": tell.say("Yes")}, {"value": NO, "text": tell.say("No")}],
    }
    if sentence:
        params["errorMessage"] = {"text": sentence, "visuallyHiddenText": tell.say("Error")}
    key = (name, question, sentence, heading_level, tell.say.language)
    return _radios.get(key, partial(component, "radios", params))


_radios: Once[Markup] = Once(1_000)
"""They say an author's words and an item's number, and never an answer."""
