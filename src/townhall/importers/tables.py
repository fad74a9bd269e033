"""What each component type of the source becomes."""

from __future__ import annotations

from townhall.importers.source_form import Component

KINDS = {
    "TextField": "text",
    "MultilineTextField": "long-text",
    "FreeTextField": "long-text",
    "NumberField": "number",
    "DateField": "date",
    "DatePartsField": "date",
    "DatePartsfield": "date",
    "MonthYearField": "month-year",
    "TimeField": "time",
    "EmailAddressField": "email",
    "TelephoneNumberField": "phone",
    "WebsiteField": "url",
    "RadiosField": "radios",
    "CheckboxesField": "checkboxes",
    "SelectField": "select",
    "YesNoField": "yes-no",
    "UkAddressField": "address",
    "DeclarationField": "declaration",
}
"""Component types that Townhall has a kind for."""

NEARLY = {
    "AutocompleteField": (
        "select",
        "suggestions as a person types",
        "A select with the same options.",
    ),
    "DateTimeField": ("text", "a date and time together", "A text question."),
    "DateTimePartsField": ("text", "a date and time together", "A text question."),
    "EastingNorthingField": ("text", "easting and northing boxes", "A text question."),
    "LatLongField": ("text", "latitude and longitude boxes", "A text question."),
    "OsGridRefField": ("text", "a checked grid reference", "A text question."),
    "NationalGridFieldNumberField": ("text", "a checked grid field number", "A text question."),
    "GeospatialField": ("text", "drawing on a map", "A text question."),
}
"""Component types that become a plainer kind: (kind, what is lost, what stands instead)."""

UPLOADS = frozenset({"FileUploadField", "ClientSideFileUploadField"})
"""Component types that take files, which Townhall cannot take yet."""

UNASKED = frozenset({"PaymentField", "HiddenField"})
"""Component types that ask a resident nothing that we can ask."""

CONTENT = frozenset(
    {
        "Para",
        "Html",
        "Details",
        "InsetText",
        "Markdown",
        "List",
        "FlashCard",
        "ContentWithState",
        "NotificationBanner",
        "WarningText",
    }
)
"""Component types that are words, not questions."""

REPEATED = "MultiInputField"
"""MHCLG's list of rows with typed columns."""

CHOICES = frozenset({"radios", "checkboxes", "select"})


def is_question(part: Component) -> bool:
    """Whether a component asks for something."""
    return part.type not in CONTENT


def kind_of(part: Component) -> str:
    """Give the kind that a component's answer has here; empty where it has none."""
    if part.type in UPLOADS or part.type in UNASKED or part.type in CONTENT:
        return ""
    if part.type in NEARLY:
        return NEARLY[part.type][0]
    return KINDS.get(part.type, "text")
