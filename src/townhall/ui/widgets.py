"""One function for each question kind: from a question to its official component."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup

from townhall.engine.kinds.base import Choice
from townhall.ui.compiled import draw_compiled
from townhall.ui.environment import component, fragment
from townhall.ui.field import Field

Widget = Callable[[Field], Markup]
Params = dict[str, object]


def draw(field: Field) -> Markup:
    """Draw a question, by the macros the first time that its state is met."""
    return draw_compiled(field, live)


def live(field: Field) -> Markup:
    """Draw a question by the widget of its kind; KeyError names a kind that nobody draws."""
    return WIDGETS[field.kind.name](field)


def install(widgets: Mapping[str, Widget]) -> None:
    """Add the widgets that a room brings with its own kinds (called once, by wiring)."""
    for name in widgets:
        if name in WIDGETS:
            raise ValueError(f"a widget for {name!r} is already there; pick another name")
    WIDGETS.update(widgets)


def boxed(**fixed: object) -> Widget:
    """Make the widget of a kind that is one box: ``fixed`` are the macro's own parameters."""

    def widget(field: Field) -> Markup:
        own = _setting_params(field, fixed)
        return component("input", _control(field) | {"value": field.text()} | dict(fixed) | own)

    return widget


def long_text(field: Field) -> Markup:
    """A text area, with GOV.UK's count where the author set a limit."""
    typed = field.text()
    # A browser drops the first line break after <textarea>, so one that was typed needs another.
    value = f"\n{typed}" if typed.startswith(("\n", "\r")) else typed
    params = _control(field) | {"value": value, "rows": 5}
    words, characters = _setting(field, "max_words"), _setting(field, "max_length")
    if words:
        return component("character-count", params | {"maxwords": words} | _counts(field, "words"))
    if characters:
        limit: Params = {"maxlength": characters}
        return component("character-count", params | limit | _counts(field, "characters"))
    return component("textarea", params)


def radios(field: Field) -> Markup:
    """One of a few options; two short ones stand side by side where the author says so."""
    chosen = field.text()
    items = [_item(choice, checked=choice.id == chosen) for choice in field.choices]
    inline = field.kind.name == "yes-no" or bool(_setting(field, "inline"))
    classes = "govuk-radios--inline" if inline else ""
    return component("radios", _grouped(field) | {"items": items, "classes": classes})


def checkboxes(field: Field) -> Markup:
    """Any of several options; an exclusive one clears the others where JavaScript runs."""
    chosen = set(field.texts())
    items = [
        _item(choice, checked=choice.id in chosen)
        | ({"behaviour": "exclusive"} if choice.exclusive else {})
        for choice in field.choices
    ]
    return component("checkboxes", _grouped(field) | {"items": items})


def select(field: Field) -> Markup:
    """One of many options, with nothing chosen until the person chooses."""
    chosen = field.text()
    blank: Params = {"value": "", "text": field.words("Choose one"), "selected": not chosen}
    items = [
        {"value": choice.id, "text": choice.say, "selected": choice.id == chosen}
        for choice in field.choices
        if not choice.divider
    ]
    return component("select", _control(field) | {"items": [blank, *items]})


def declaration(field: Field) -> Markup:
    """One box to tick; the words that are agreed to are its label, so no legend repeats them."""
    items = [_item(choice, checked=field.text() == choice.id) for choice in field.choices]
    params = field.common | {"idPrefix": field.id, "name": field.id, "items": items}
    return component("checkboxes", params)


def name(field: Field) -> Markup:
    """One box, or first and last names where the author's system needs them apart."""
    whole = field.kind.part_names(field.question) == ("",)
    return _one_name(field) if whole else _name_parts(field)


def parts_of_date(field: Field) -> Markup:
    """Day, month and year boxes; only the wrong one is marked."""
    labels = {"day": "Day", "month": "Month", "year": "Year", "hour": "Hour", "minute": "Minute"}
    items = [
        {
            "name": field.kind.field(field.question, part),
            "id": field.kind.field(field.question, part),
            "label": field.words(labels.get(part, part)),
            "value": field.text(part),
            "classes": _width(part) + (" govuk-input--error" if field.marks(part) else ""),
            "autocomplete": _autocomplete(field, part),
            # "March" may be typed as well as 3, so a telephone keypad would shut people out.
            "inputmode": "text" if part == "month" else "numeric",
        }
        for part in field.kind.part_names(field.question)
    ]
    params = field.common | {"id": field.question.id, "items": items, "fieldset": _fieldset(field)}
    return component("date-input", params)


def boxes(labels: Mapping[str, tuple[str, str]]) -> Widget:
    """Make the widget of a kind with several boxes: part → (label, classes), in a fieldset."""

    def widget(field: Field) -> Markup:
        inner = [_part_box(field, part, labels) for part in field.kind.part_names(field.question)]
        return _in_fieldset(field, Markup("\n").join(inner))

    return widget


def group(field: Field) -> Markup:
    """Several questions under one legend."""
    return _in_fieldset(field, Markup("\n").join(draw(inner) for inner in field.inside))


def shown(field: Field) -> Markup:
    """A computed answer, once there is one: words, and nothing to fill in."""
    if not (field.texts() or field.heading):
        return Markup()
    return fragment("shown", field=field)


def _part_box(field: Field, part: str, labels: Mapping[str, tuple[str, str]]) -> Markup:
    label, classes = labels.get(part, (part.replace("_", " ").capitalize(), ""))
    name = field.kind.field(field.question, part)
    params: Params = {
        "id": name,
        "name": name,
        "label": {"text": field.words(label)},
        "classes": classes,
        "value": field.text(part),
        "autocomplete": _autocomplete(field, part),
    }
    own = [m.message for m in field.mistakes if part in m.parts]
    if own:
        text = Markup("<br>").join(own)
        params["errorMessage"] = {"html": text, "visuallyHiddenText": field.words("Error")}
    return component("input", params)


def _in_fieldset(field: Field, inner: Markup) -> Markup:
    """Wrap controls in a fieldset; a problem of the whole question stands above them."""
    whole = [m.message for m in field.mistakes if not m.parts]
    return fragment("fieldset", field=field, inner=inner, whole=whole)


def _control(field: Field) -> Params:
    return field.common | {
        "id": field.id,
        "name": field.id,
        "label": field.label,
        "autocomplete": _autocomplete(field, ""),
    }


def _grouped(field: Field) -> Params:
    return field.common | {
        "idPrefix": field.id,
        "name": field.id,
        "fieldset": _fieldset(field),
    }


def _fieldset(field: Field) -> Params:
    return {"legend": field.legend}


def _item(choice: Choice, *, checked: bool) -> Params:
    if choice.divider:
        return {"divider": choice.divider}
    item: Params = {"value": choice.id, "text": choice.say, "checked": checked}
    if choice.hint:
        item["hint"] = {"text": choice.hint}
    return item


def _autocomplete(field: Field, part: str) -> str | None:
    own = field.question.autocomplete if not part else None
    return own or field.kind.autocomplete(field.question, part) or None


def _setting(field: Field, name: str) -> object:
    return getattr(field.question.settings, name, None)


def _setting_params(field: Field, fixed: Mapping[str, object]) -> Params:
    """What the author set on the question: a prefix, a suffix."""
    given: Params = {}
    for name in ("prefix", "suffix"):
        if value := _setting(field, name):
            given[name] = {"text": value}
    return given


def _counts(field: Field, unit: str) -> Params:
    """GOV.UK's counting sentences in the page's language (English is the component's own)."""
    if field.words.language == "en":
        return {}
    one = unit.removesuffix("s")
    sentences = {
        "UnderLimitText": {"one": f"You have %{{count}} {one} remaining"}
        | {"other": f"You have %{{count}} {unit} remaining"},
        "OverLimitText": {"one": f"You have %{{count}} {one} too many"}
        | {"other": f"You have %{{count}} {unit} too many"},
    }
    said: Params = {
        f"{unit}{name}": {form: field.words(text) for form, text in forms.items()}
        for name, forms in sentences.items()
    }
    said["textareaDescriptionText"] = field.words(f"You can enter up to %{{count}} {unit}")
    said[f"{unit}AtLimitText"] = field.words(f"You have 0 {unit} remaining")
    return said


def _width(part: str) -> str:
    return "govuk-input--width-4" if part == "year" else "govuk-input--width-2"


_ADDRESS = {
    "line1": ("Address line 1", ""),
    "line2": ("Address line 2 (optional)", ""),
    "town": ("Town or city", "govuk-!-width-two-thirds"),
    "county": ("County (optional)", "govuk-!-width-two-thirds"),
    "postcode": ("Postcode", "govuk-input--width-10"),
}

_one_name = boxed(spellcheck=False)
_name_parts = boxes({"first": ("First name", ""), "last": ("Last name", "")})

WIDGETS: dict[str, Widget] = {
    "text": boxed(),
    "long-text": long_text,
    "number": boxed(inputmode="numeric", classes="govuk-input--width-5"),
    "money": boxed(inputmode="decimal", classes="govuk-input--width-10", prefix={"text": "£"}),
    "percent": boxed(inputmode="decimal", classes="govuk-input--width-4", suffix={"text": "%"}),
    "date": parts_of_date,
    "month-year": parts_of_date,
    "time": boxed(classes="govuk-input--width-5"),
    "email": boxed(type="email", spellcheck=False),
    "phone": boxed(type="tel", classes="govuk-input--width-20"),
    "url": boxed(type="url", spellcheck=False),
    "postcode": boxed(classes="govuk-input--width-10"),
    "radios": radios,
    "yes-no": radios,
    "checkboxes": checkboxes,
    "select": select,
    "name": name,
    "address": boxes(_ADDRESS),
    "declaration": declaration,
    "group": group,
    "computed": shown,
}
