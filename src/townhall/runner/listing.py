"""The list page of a repeat: what was added, change and remove, and whether to add another."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

from townhall.engine.answers import Values
from townhall.engine.form import Loop
from townhall.engine.question import Question
from townhall.engine.route import Step
from townhall.runner.journey import Journey
from townhall.runner.screens import Asking
from townhall.ui.content import scrolling
from townhall.ui.environment import component
from townhall.ui.page import PageView
from townhall.ui.summary import row
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


def _article(tell: Telling, item: str) -> str:
    # Welsh has no word for "a".
    if tell.say.language != "en":
        return item
    return f"{'an' if item[:1].lower() in 'aeiou' else 'a'} {item}"


def _items(journey: Journey, loop: Loop, tell: Telling) -> Markup:
    if loop.repeat.show == "table":
        return _table(journey, loop, tell)
    return Markup("\n").join(
        _card(journey, loop, tell, id, values) for id, values in items_of(journey, loop)
    )


def _card(journey: Journey, loop: Loop, tell: Telling, id: str, values: Values) -> Markup:
    name = f"{loop.repeat.item} {journey.number(loop, id)}"
    rows = [row(tell, one, values.get(one.id), "") for one in _columns(journey, loop, values)]
    card = {
        "title": {"text": name[:1].upper() + name[1:]},
        "actions": {"items": _actions(journey, loop, tell, id)},
    }
    return component("summary-list", {"card": card, "rows": rows})


def _actions(journey: Journey, loop: Loop, tell: Telling, id: str) -> list[dict[str, object]]:
    first = next(step for step in journey.route.visits if step.item == id and _within(loop, step))
    listing = journey.address(Step(loop.repeat.id, listing=True))
    return [
        {"href": journey.address(first), "text": tell.say("Change")},
        {"href": f"{listing}/{id}", "text": tell.say("Remove")},
    ]


def _within(loop: Loop, step: Step) -> bool:
    return any(page.page == step.page for page in loop.pages)


def _columns(journey: Journey, loop: Loop, values: Values | None = None) -> list[Question]:
    found = [one for page in loop.pages for one in journey.form.leaves_of[page.page]]
    return [one for one in found if values is None or one.id in values]


def _table(journey: Journey, loop: Loop, tell: Telling) -> Markup:
    """One row an item, and a last row with the sums that the author asked for."""
    items = items_of(journey, loop)
    columns = _columns(journey, loop)
    if not items:
        return Markup()
    head = [{"text": loop.repeat.item.capitalize()}]
    head += [{"text": tell.plain(one.label)} for one in columns] + [{"text": tell.say("Actions")}]
    rows = [_table_row(journey, loop, tell, id, values) for id, values in items]
    if loop.repeat.total:
        rows.append(_total(journey, loop, tell, columns))
    table = component("table", {"head": head, "rows": rows, "firstCellIsHeader": True})
    return scrolling(table, tell.plain(loop.repeat.plural))


def _table_row(
    journey: Journey, loop: Loop, tell: Telling, id: str, values: Values
) -> list[dict[str, object]]:
    number = str(journey.number(loop, id))
    cells = [_cell(number, loop.repeat.item.capitalize())]
    cells += [
        _cell(_shown(journey, one, values.get(one.id)), tell.plain(one.label))
        for one in _columns(journey, loop)
    ]
    name = f"{loop.repeat.item} {journey.number(loop, id)}"
    links = [
        Markup(
            '<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden"> {}</span></a>'
        ).format(action["href"], action["text"], name)
        for action in _actions(journey, loop, tell, id)
    ]
    return [*cells, {"html": Markup(" ").join(links)}]


def _cell(text: str, label: str) -> dict[str, object]:
    # A narrow window has no room for the row of headings: there the label stands in the cell.
    return {"text": text, "attributes": {"data-label": label}}


def _total(
    journey: Journey, loop: Loop, tell: Telling, columns: list[Question]
) -> list[dict[str, object]]:
    cells: list[dict[str, object]] = [{"text": tell.say("Total")}]
    for one in columns:
        held = [values.get(one.id) for _, values in items_of(journey, loop)]
        numbers = [value for value in held if isinstance(value, Decimal)]
        asked = one.id in loop.repeat.total and numbers
        said = _shown(journey, one, sum(numbers, Decimal(0))) if asked else ""
        cells.append(_cell(said, tell.plain(one.label)))
    return [*cells, {"text": ""}]


def _shown(journey: Journey, question: Question, value: object) -> str:
    if value is None:
        return ""
    return ", ".join(journey.form.kind(question).show(question, value))


def _removed(tell: Telling, loop: Loop, number: int) -> str:
    name = f"{loop.repeat.item} {number}"
    return tell.say("You have removed {item}.", item=name) if number else ""


def _question(tell: Telling, loop: Loop, count: int) -> str:
    item = loop.repeat.item
    if count:
        return tell.say("Do you want to add another {item}?", item=item)
    return tell.say("Do you want to add {item}?", item=_article(tell, item))


def _select_one(tell: Telling, loop: Loop, count: int) -> str:
    item = loop.repeat.item
    if count:
        return tell.say("Select yes if you want to add another {item}", item=item)
    return tell.say("Select yes if you want to add {item}", item=_article(tell, item))


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
    return component("radios", params)
