"""What people call a kind of question elsewhere, so that a fault can name the kind they mean."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

_CALLED = {
    "text": "textbox, text box, text field, textfield, text input, short text, single line text, "
    "single line, string, str, input, free text",
    "long-text": "text area, multiline, multi line, multi line text, multiline text, paragraph, "
    "memo, comment, comments, essay",
    "number": "integer, int, numeric, decimal, float, whole number, count, quantity, num",
    "money": "currency, amount, price, cost, pounds, gbp",
    "percent": "percentage, per cent",
    "date": "day, calendar, date picker, datepicker",
    "month-year": "month, year and month",
    "time": "clock, hour, time picker",
    "email": "e mail, mail, email address",
    "phone": "telephone, tel, mobile, phone number, telephone number",
    "url": "link, website, web address, uri, web page",
    "radios": "radio button, radio buttons, single choice, single select, choose one, pick one",
    "checkboxes": "tickbox, tickboxes, tick box, tick boxes, check box, check boxes, multi select, "
    "multiselect, multiple select, choose many",
    "select": "dropdown, drop down, drop down list, dropdown list, dropdown menu, combobox, "
    "combo box, listbox, list box, select box, autocomplete, picklist",
    "yes-no": "boolean, bool, true/false, true or false, toggle, switch, y/n",
    "name": "full name, person, person name, your name",
    "address": "uk address, postal address, address lookup, street address",
    "postcode": "post code, zip, zip code, postal code",
    "declaration": "consent, agreement, statement, i agree",
    "group": "fieldset, composite, compound",
    "computed": "calculated, calculation, formula, calc",
}
_NEAR = 0.75
"""Nearer than this a word is taken for a slip of another; `file` is no slip of `time`."""


def nearest(typed: str, kinds: Iterable[str], aliases: Mapping[str, str]) -> str | None:
    """Give the kind that somebody means who typed what is no kind; None where nothing is near."""
    words = {kind: kind for kind in kinds} | dict(aliases)
    words |= {word: kind for kind, called in _CALLED.items() for word in called.split(", ")}
    plain = " ".join(typed.lower().replace("-", " ").replace("_", " ").split())
    close = difflib.get_close_matches(plain, words, 1, _NEAR)
    return words[close[0]] if close else None
